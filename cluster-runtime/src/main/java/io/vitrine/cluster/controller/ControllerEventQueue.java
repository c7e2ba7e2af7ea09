package io.vitrine.cluster.controller;

import java.util.concurrent.LinkedBlockingDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller's events, worked on one at a time by one thread.
 *
 * <p>The queue has no bound: events come from watches, a few requests and timers, and none may be
 * lost.
 */
final class ControllerEventQueue {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerEventQueue.class);

  private final LinkedBlockingDeque<Event> events = new LinkedBlockingDeque<>();
  private final Thread thread;
  private volatile boolean ended;

  private record Event(String name, Runnable work) {}

  ControllerEventQueue(String threadName) {
    this.thread = new Thread(this::run, threadName);
  }

  void start() {
    thread.start();
  }

  /** Events that wait. */
  int length() {
    return events.size();
  }

  void enqueue(String name, Runnable work) {
    events.addLast(new Event(name, work));
  }

  /** Puts an event before all others. */
  void enqueueFirst(String name, Runnable work) {
    events.addFirst(new Event(name, work));
  }

  /** Forgets what waits and ends the thread; waits for the event under way. */
  void close() {
    ended = true;
    events.clear();
    thread.interrupt();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!ended) {
      try {
        Event event = events.takeFirst();
        work(event);
      } catch (InterruptedException e) {
        LOG.trace("asked to end");
      }
    }
  }

  private void work(Event event) {
    try {
      event.work().run();
    } catch (RuntimeException | Error e) {
      if (!ended) {
        LOG.error("controller event {} failed", event.name(), e);
      }
    }
  }
}
