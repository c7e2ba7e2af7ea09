package io.vitrine.cluster.metric;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/**
 * A monotonic clock as the classes of kafka-clients want it. They measure with it and never wait.
 */
public final class ClockTime implements Time {
  private final LongSupplier nanoTime;

  public ClockTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public long milliseconds() {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
  }

  @Override
  public long nanoseconds() {
    return nanoTime.getAsLong();
  }

  @Override
  public void sleep(long ms) {
    throw new UnsupportedOperationException("a clock only");
  }

  @Override
  public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
    throw new UnsupportedOperationException("a clock only");
  }
}
