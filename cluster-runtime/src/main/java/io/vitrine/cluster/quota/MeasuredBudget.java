package io.vitrine.cluster.quota;

import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.metrics.QuotaViolationException;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.protocol.Errors;

/** A budget under a limit; the bucket is shared with the client's other requests. */
final class MeasuredBudget implements MutationBudget {
  private final Sensor bucket;
  private final boolean refuses;
  private final LongSupplier nowMs;
  private long throttleMs;
  private long overdrawnAtMs;

  MeasuredBudget(Sensor bucket, boolean refuses, LongSupplier nowMs) {
    this.bucket = bucket;
    this.refuses = refuses;
    this.nowMs = nowMs;
  }

  @Override
  public synchronized void spend(int partitions) {
    long now = nowMs.getAsLong();
    try {
      if (refuses) {
        synchronized (bucket) {
          bucket.checkQuotas(now);
          bucket.record(partitions, now, false);
        }
      } else {
        bucket.record(partitions, now, true);
      }
    } catch (QuotaViolationException e) {
      throttleMs = ThrottleTimes.ofTokens(e);
      overdrawnAtMs = now;
      if (refuses) {
        throw new ThrottlingQuotaExceededException(
            (int) throttleMs, Errors.THROTTLING_QUOTA_EXCEEDED.message());
      }
    }
  }

  @Override
  public synchronized int throttleMs() {
    return (int) Math.max(0, throttleMs - (nowMs.getAsLong() - overdrawnAtMs));
  }
}
