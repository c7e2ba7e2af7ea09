package io.vitrine.cluster.controller;

import java.util.concurrent.LinkedBlockingDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on the controller's events on a thread of its own.
 *
 * <p>The queue has no bound: events come from watches, a few requests and timers, and none may be
 * lost.
 */
public final class ControllerThread implements ControllerEventQueue {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerThread.class);

  private final LinkedBlockingDeque<Event> events = new LinkedBlockingDeque<>();
  private final Thread thread;
  private volatile boolean ended;

  private record Event(String name, Work work) {}

  /**
   * @param threadName such as {@code broker-1-controller}
   */
  public ControllerThread(String threadName) {
    this.thread = new Thread(this::run, threadName);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public int length() {
    return events.size();
  }

  @Override
  public void enqueue(String name, Work work) {
    events.addLast(new Event(name, work));
  }

  @Override
  public void clearAndEnqueue(String name, Work work) {
    preemptAll();
    events.addFirst(new Event(name, work));
  }

  private void preemptAll() {
    for (Event event = events.pollFirst(); event != null; event = events.pollFirst()) {
      event.work().preempted();
    }
  }

  @Override
  public void close() {
    ended = true;
    preemptAll();
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
