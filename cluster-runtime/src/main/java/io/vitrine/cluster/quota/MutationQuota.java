package io.vitrine.cluster.quota;

import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.QuotaViolationException;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.metrics.stats.TokenBucket;

/**
 * The limit on partitions created and deleted (KIP-599): a bucket of tokens that fills at the
 * limit's rate and may be overdrawn by one request.
 */
public final class MutationQuota extends ClientQuota {
  MutationQuota(QuotaPolicy limits, QuotaWindows windows, Metrics metrics, LongSupplier nowMs) {
    super(QuotaType.CONTROLLER_MUTATION, limits, windows, metrics, nowMs);
  }

  /**
   * What one request may change. Clients that know the error THROTTLING_QUOTA_EXCEEDED get it for
   * what goes beyond; for older ones everything is done, and they are held back afterwards.
   */
  public MutationBudget budget(Client client, boolean knowsError) {
    if (!isOn()) {
      return MutationBudget.UNBOUNDED;
    }
    return new MeasuredBudget(sensor(client), knowsError, this::now);
  }

  @Override
  void measure(Sensor sensor, QuotaTags tags) {
    sensor.add(metricName("mutation-rate", tags), new Rate());
    sensor.add(boundName(tags), new TokenBucket(), bounded(tags));
  }

  @Override
  long throttleMs(QuotaViolationException violation, long now) {
    return ThrottleTimes.ofTokens(violation);
  }
}
