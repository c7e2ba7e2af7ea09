package io.vitrine.cluster.metric;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Kafka's histogram: count, smallest, largest, mean and deviation of all values there ever were,
 * and percentiles of a sample in which the last five minutes weigh most. Updating takes no lock,
 * but for the few values that enter the sample; chance is the thread's own, since nothing is
 * decided by it.
 */
public final class Distribution {
  private static final int SAMPLE = 1028;
  private static final double DECAY = 0.015;

  private final LongAdder count = new LongAdder();
  private final LongAdder sum = new LongAdder();
  private final DoubleAdder squares = new DoubleAdder();
  private final LongAccumulator min = new LongAccumulator(Math::min, Long.MAX_VALUE);
  private final LongAccumulator max = new LongAccumulator(Math::max, Long.MIN_VALUE);
  private final LongSupplier nanoTime;
  private final DecayingSample sample;

  Distribution(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.sample =
        new DecayingSample(
            SAMPLE,
            DECAY,
            nanoTime.getAsLong(),
            () -> ThreadLocalRandom.current().nextExponential());
  }

  /** Takes in a value. */
  public void update(long value) {
    update(value, nanoTime.getAsLong());
  }

  /**
   * Takes in a value.
   *
   * @param nanoTime now; for who has many values at one time
   */
  public void update(long value, long nanoTime) {
    count.increment();
    sum.add(value);
    squares.add((double) value * value);
    min.accumulate(value);
    max.accumulate(value);
    sample.update(value, nanoTime);
  }

  long count() {
    return count.sum();
  }

  double min() {
    return count() == 0 ? 0 : min.get();
  }

  double max() {
    return count() == 0 ? 0 : max.get();
  }

  double mean() {
    long n = count();
    return n == 0 ? 0 : (double) sum.sum() / n;
  }

  double deviation() {
    long n = count();
    if (n < 2) {
      return 0;
    }
    double mean = mean();
    return Math.sqrt(Math.max(0, (squares.sum() - n * mean * mean) / (n - 1)));
  }

  /** Between neighbours it is interpolated. */
  double percentile(double quantile) {
    long[] values = sample.sorted();
    if (values.length == 0) {
      return 0;
    }
    double position = quantile * (values.length + 1);
    if (position < 1) {
      return values[0];
    }
    if (position >= values.length) {
      return values[values.length - 1];
    }
    double lower = values[(int) position - 1];
    double upper = values[(int) position];
    return lower + (position - Math.floor(position)) * (upper - lower);
  }
}
