package io.vitrine.protocol.server;

import io.vitrine.protocol.codec.Transport;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * The threads handlers run on. They end when the queue is closed; they are never interrupted, since
 * an interrupt would close the log file a handler is just using.
 */
final class IoThreads {
  private static final long IDLE = Long.MIN_VALUE;

  private final RequestQueue queue;
  private final RequestHandler handler;
  private final LongSupplier nanoTime;
  private final AtomicInteger busy = new AtomicInteger();

  /** Of requests that are done. */
  private final LongAdder busyNanos = new LongAdder();

  /** When each thread began what it is at; {@link #IDLE} when it waits. */
  private final AtomicLongArray busySince;

  private final List<Thread> threads;

  IoThreads(
      ServerSettings settings, RequestQueue queue, RequestHandler handler, LongSupplier nanoTime) {
    this.queue = queue;
    this.handler = handler;
    this.nanoTime = nanoTime;
    ThreadFactory factory = Transport.threads(i -> settings.threadPrefix() + "io-" + i);
    this.threads =
        IntStream.range(0, settings.ioThreads())
            .mapToObj(i -> factory.newThread(() -> run(i)))
            .toList();
    this.busySince = new AtomicLongArray(settings.ioThreads());
    for (int i = 0; i < settings.ioThreads(); i++) {
      busySince.set(i, IDLE);
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  int count() {
    return threads.size();
  }

  int busy() {
    return busy.get();
  }

  /** The time all of them have worked so far, what they are at included. */
  long busyNanos() {
    long now = nanoTime.getAsLong();
    long sum = busyNanos.sum();
    for (int i = 0; i < busySince.length(); i++) {
      long since = busySince.get(i);
      if (since != IDLE) {
        sum += Math.max(0, now - since);
      }
    }
    return sum;
  }

  /** Waits for the threads to end, at most that long in all; false when some handler still runs. */
  boolean join(long timeoutMs) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    boolean ended = true;
    for (Thread thread : threads) {
      if (thread == Thread.currentThread()) {
        continue;
      }
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      try {
        thread.join(Math.max(1, leftMs));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      ended &= !thread.isAlive();
    }
    return ended;
  }

  private void run(int index) {
    for (Request request = queue.take(); request != null; request = queue.take()) {
      busy.incrementAndGet();
      long begin = nanoTime.getAsLong();
      busySince.set(index, begin);
      try {
        serve(request);
      } finally {
        busySince.set(index, IDLE);
        busyNanos.add(nanoTime.getAsLong() - begin);
        busy.decrementAndGet();
      }
    }
  }

  private void serve(Request request) {
    request.dequeued(nanoTime.getAsLong());
    try {
      handler.handle(request);
    } catch (Throwable e) {
      request.failed(e);
    } finally {
      request.handlerReturned(nanoTime.getAsLong());
    }
  }
}
