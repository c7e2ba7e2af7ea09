package io.vitrine.cluster.metric;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How often something happens: how many times there ever were, and averages over the last one, five
 * and fifteen minutes which forget as the load averages of Unix do. Times are seconds.
 *
 * <p>Marking takes no lock and reads no clock; any thread may. The averages follow every {@value
 * #INTERVAL_SECONDS} seconds, as Kafka's do, when somebody calls {@link #tick} often enough.
 */
public final class Meter {
  static final int INTERVAL_SECONDS = 5;
  private static final double ONE_MINUTE = weight(1);
  private static final double FIVE_MINUTES = weight(5);
  private static final double FIFTEEN_MINUTES = weight(15);
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(INTERVAL_SECONDS);
  private static final double NANOS_PER_SECOND = 1e9;

  private final LongAdder count = new LongAdder();
  private final LongSupplier nanoTime;
  private final long startNanos;

  // Written by who ticks.
  private long tickedNanos;
  private long counted;
  private boolean begun;
  private volatile double oneMinuteRate;
  private volatile double fiveMinuteRate;
  private volatile double fifteenMinuteRate;

  Meter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
    this.tickedNanos = startNanos;
  }

  private static double weight(int minutes) {
    return 1 - Math.exp(-INTERVAL_SECONDS / 60.0 / minutes);
  }

  /** It happened once. */
  public void mark() {
    count.increment();
  }

  /** It happened so many times. */
  public void mark(long times) {
    count.add(times);
  }

  /** Moves the averages on if it is time; one thread at a time. */
  void tick() {
    for (long now = nanoTime.getAsLong(); now - tickedNanos >= INTERVAL_NANOS; ) {
      tickedNanos += INTERVAL_NANOS;
      intervalPassed();
    }
  }

  private void intervalPassed() {
    long now = count.sum();
    double rate = (double) (now - counted) / INTERVAL_SECONDS;
    counted = now;
    if (begun) {
      oneMinuteRate += ONE_MINUTE * (rate - oneMinuteRate);
      fiveMinuteRate += FIVE_MINUTES * (rate - fiveMinuteRate);
      fifteenMinuteRate += FIFTEEN_MINUTES * (rate - fifteenMinuteRate);
    } else {
      oneMinuteRate = rate;
      fiveMinuteRate = rate;
      fifteenMinuteRate = rate;
      begun = true;
    }
  }

  long count() {
    return count.sum();
  }

  /** A second, since the beginning. */
  double meanRate() {
    long times = count();
    return times == 0 ? 0 : times * NANOS_PER_SECOND / (nanoTime.getAsLong() - startNanos);
  }

  /** A second. */
  double oneMinuteRate() {
    return oneMinuteRate;
  }

  /** A second. */
  double fiveMinuteRate() {
    return fiveMinuteRate;
  }

  /** A second. */
  double fifteenMinuteRate() {
    return fifteenMinuteRate;
  }
}
