package io.vitrine.cluster.controller;

/** The controller's events, worked on one at a time. Safe from any thread. */
public interface ControllerEventQueue extends AutoCloseable {

  /** Begins to work on what is enqueued. */
  void start();

  /** Events that wait. */
  int length();

  /**
   * Puts an event behind all others.
   *
   * @param name what it is, for logs
   */
  void enqueue(String name, Runnable work);

  /** Puts an event before all others. */
  void enqueueFirst(String name, Runnable work);

  /** Forgets what waits, and returns when the event under way is done. */
  @Override
  void close();
}
