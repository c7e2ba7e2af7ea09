package io.vitrine.storage.compaction;

import java.util.function.LongSupplier;

/**
 * Keeps the rate of all cleaner threads together below a limit.
 *
 * <p>Looks every 300 ms at what went through since it looked last, and makes the caller wait as
 * long as it came too early. Safe from any thread.
 */
final class Throttle {
  private static final long PERIOD_NANOS = 300_000_000L;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Waits on the calling thread. */
  interface Sleeper {
    void sleepNanos(long nanos) throws InterruptedException;
  }

  private final double bytesPerSecond;
  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private long periodStart;
  private double seen;
  private long total;

  Throttle(double bytesPerSecond, LongSupplier nanoTime, Sleeper sleeper) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
    this.periodStart = nanoTime.getAsLong();
  }

  /** All bytes so far. */
  synchronized long total() {
    return total;
  }

  /** Counts bytes that were read or written, and waits when they were too many. */
  synchronized void passed(int bytes) {
    seen += bytes;
    total += bytes;
    long elapsed = nanoTime.getAsLong() - periodStart;
    if (elapsed <= PERIOD_NANOS || seen == 0) {
      return;
    }
    long due = (long) Math.min(seen / bytesPerSecond * NANOS_PER_SECOND, Long.MAX_VALUE);
    if (due > elapsed) {
      try {
        sleeper.sleepNanos(due - elapsed);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    periodStart = nanoTime.getAsLong();
    seen = 0;
  }
}
