package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import java.util.function.LongSupplier;

/**
 * The controller's queue, and what can be seen of it: each event's begin, with the time it waited,
 * and its end, with the time it took. Safe from any thread.
 */
final class ObservedQueue implements AutoCloseable {
  private final ControllerEventQueue queue;
  private final EventSink events;
  private final int brokerId;
  private final LongSupplier nanoTime;
  private final Runnable afterEach;

  /**
   * @param afterEach run on the event thread when an event has been worked on
   */
  ObservedQueue(
      ControllerEventQueue queue,
      EventSink events,
      int brokerId,
      LongSupplier nanoTime,
      Runnable afterEach) {
    this.queue = queue;
    this.events = events;
    this.brokerId = brokerId;
    this.nanoTime = nanoTime;
    this.afterEach = afterEach;
  }

  void start() {
    queue.start();
  }

  /** Events that wait. */
  int length() {
    return queue.length();
  }

  void enqueue(ControllerEvent event, ControllerEventQueue.Work work) {
    queue.enqueue(event.label(), new Observed(event, work));
  }

  /** Preempts all that waits and puts this event in its place. */
  void clearAndEnqueue(ControllerEvent event, ControllerEventQueue.Work work) {
    queue.clearAndEnqueue(event.label(), new Observed(event, work));
  }

  @Override
  public void close() {
    queue.close();
  }

  /** An event and when it came. */
  private final class Observed implements ControllerEventQueue.Work {
    private final ControllerEvent event;
    private final ControllerEventQueue.Work work;
    private final long enqueuedNanos = nanoTime.getAsLong();

    Observed(ControllerEvent event, ControllerEventQueue.Work work) {
      this.event = event;
      this.work = work;
    }

    @Override
    public void run() {
      long begun = nanoTime.getAsLong();
      events.report(
          brokerId,
          new ClusterEvent.ControllerEventBegun(
              event.label(), event.state(), begun - enqueuedNanos, queue.length()));
      try {
        work.run();
      } finally {
        afterEach.run();
        events.report(
            brokerId,
            new ClusterEvent.ControllerEventEnded(
                event.label(), event.state(), nanoTime.getAsLong() - begun, queue.length()));
      }
    }

    @Override
    public void preempted() {
      work.preempted();
    }
  }
}
