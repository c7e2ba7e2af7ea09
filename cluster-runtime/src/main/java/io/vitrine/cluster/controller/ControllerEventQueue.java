package io.vitrine.cluster.controller;

/** The controller's events, worked on one at a time. Safe from any thread. */
public interface ControllerEventQueue extends AutoCloseable {

  /** What is to be done. */
  @FunctionalInterface
  interface Work {
    void run();

    /** It will not be done: the session it belonged to is over. Called once instead of run. */
    default void preempted() {}
  }

  /** Begins to work on what is enqueued. */
  void start();

  /** Events that wait. */
  int length();

  /**
   * Puts an event behind all others.
   *
   * @param name what it is, for logs
   */
  void enqueue(String name, Work work);

  /** Preempts all that waits and puts this event in its place. */
  void clearAndEnqueue(String name, Work work);

  /** Preempts what waits, and returns when the event under way is done. */
  @Override
  void close();
}
