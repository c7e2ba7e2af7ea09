package io.vitrine.protocol.server;

import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** One event loop and what is counted about it: Kafka's processor. Any thread. */
final class NetworkThread {
  private final int index;
  private final EventLoop loop;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger queuedResponses = new AtomicInteger();
  private final AtomicInteger nextConnectionIndex = new AtomicInteger();
  private volatile Thread thread;

  NetworkThread(int index, EventLoop loop) {
    this.index = index;
    this.loop = loop;
  }

  EventLoop loop() {
    return loop;
  }

  /** Counts a connection in, on this thread; its number goes into the connection's id. */
  int opened() {
    thread = Thread.currentThread();
    connections.incrementAndGet();
    return nextConnectionIndex.getAndIncrement();
  }

  void closed() {
    connections.decrementAndGet();
  }

  /**
   * Puts an answer into this thread's response queue, or runs it at once when called on the thread
   * itself. False when the thread has ended.
   */
  boolean answer(Runnable answer) {
    if (loop.inEventLoop()) {
      answer.run();
      return true;
    }
    queuedResponses.incrementAndGet();
    try {
      loop.execute(
          () -> {
            queuedResponses.decrementAndGet();
            answer.run();
          });
      return true;
    } catch (RejectedExecutionException e) {
      queuedResponses.decrementAndGet();
      return false;
    }
  }

  NetworkThreadSample sample() {
    return new NetworkThreadSample(index, connections.get(), queuedResponses.get(), cpuNanos());
  }

  private long cpuNanos() {
    Thread known = thread;
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return known == null || !threads.isThreadCpuTimeSupported()
        ? 0
        : Math.max(0, threads.getThreadCpuTime(known.getId()));
  }
}
