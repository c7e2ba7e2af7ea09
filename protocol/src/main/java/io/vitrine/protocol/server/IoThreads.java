package io.vitrine.protocol.server;

import io.vitrine.protocol.codec.Transport;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The threads handlers run on. They end when the queue is closed; they are never interrupted, since
 * an interrupt would close the log file a handler is just using.
 */
final class IoThreads {
  private static final long IDLE = Long.MIN_VALUE;

  private final RequestQueue queue;
  private final RequestHandler handler;
  private final LongSupplier nanoTime;
  private final String prefix;
  private final AtomicInteger busy = new AtomicInteger();

  /** Of requests that are done. */
  private final LongAdder busyNanos = new LongAdder();

  /** By their numbers; guarded by the monitor. */
  private final TreeMap<Integer, Worker> workers = new TreeMap<>();

  private volatile int count;
  private boolean started;

  IoThreads(
      ServerSettings settings, RequestQueue queue, RequestHandler handler, LongSupplier nanoTime) {
    this.queue = queue;
    this.handler = handler;
    this.nanoTime = nanoTime;
    this.prefix = settings.threadPrefix() + "io-";
    this.count = settings.ioThreads();
  }

  synchronized void start() {
    started = true;
    resize(count);
  }

  int count() {
    return count;
  }

  /** From now on there are this many; one too many ends after the next request it serves. */
  synchronized void resize(int threads) {
    count = threads;
    for (int number = 0; started && number < threads; number++) {
      workers.computeIfAbsent(number, Worker::new).startOnce();
    }
  }

  private synchronized boolean isOneTooMany(int number) {
    if (number < count) {
      return false;
    }
    workers.remove(number);
    return true;
  }

  private synchronized List<Worker> workers() {
    return List.copyOf(workers.values());
  }

  int busy() {
    return busy.get();
  }

  /** The time all of them have worked so far, what they are at included. */
  long busyNanos() {
    long now = nanoTime.getAsLong();
    long sum = busyNanos.sum();
    for (Worker worker : workers()) {
      long since = worker.busySince;
      if (since != IDLE) {
        sum += Math.max(0, now - since);
      }
    }
    return sum;
  }

  /** What each is at, by their numbers. */
  List<IoThreadSample> samples() {
    long now = nanoTime.getAsLong();
    return workers().stream().map(worker -> worker.sample(now)).toList();
  }

  /** Waits for the threads to end, at most that long in all; false when some handler still runs. */
  boolean join(long timeoutMs) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    boolean ended = true;
    for (Worker worker : workers()) {
      if (worker.thread == Thread.currentThread()) {
        continue;
      }
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      try {
        worker.thread.join(Math.max(1, leftMs));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      ended &= !worker.thread.isAlive();
    }
    return ended;
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

  /** One thread. */
  private final class Worker {
    private final int number;
    private final Thread thread;
    private boolean begun;

    /** When it began what it is at; {@link #IDLE} when it waits. */
    private volatile long busySince = IDLE;

    /** What it is at, null when it waits; written before {@link #busySince}. */
    private Request serving;

    Worker(int number) {
      this.number = number;
      this.thread = Transport.threads(n -> prefix + number).newThread(this::run);
    }

    /** Under the monitor of all. */
    void startOnce() {
      if (!begun) {
        begun = true;
        thread.start();
      }
    }

    /** May have gone on to another request while looked at. */
    IoThreadSample sample(long now) {
      long since = busySince;
      Request request = since == IDLE ? null : serving;
      if (request == null) {
        return new IoThreadSample(number, Optional.empty(), "", 0);
      }
      String clientId = request.header().clientId();
      return new IoThreadSample(
          number,
          Optional.of(request.apiKey()),
          clientId == null ? "" : clientId,
          Math.max(0, now - since));
    }

    private void run() {
      while (!isOneTooMany(number)) {
        Request request = queue.take();
        if (request == null) {
          return;
        }
        busy.incrementAndGet();
        long begin = nanoTime.getAsLong();
        serving = request;
        busySince = begin;
        try {
          serve(request);
        } finally {
          serving = null;
          busySince = IDLE;
          busyNanos.add(nanoTime.getAsLong() - begin);
          busy.decrementAndGet();
        }
      }
    }
  }
}
