package io.vitrine.cluster.quota;

import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.QuotaViolationException;
import org.apache.kafka.common.metrics.stats.Rate;

/** How long until a rate above its bound is back at it. Pure. */
final class ThrottleTimes {
  private static final int MS_PER_SECOND = 1000;

  private ThrottleTimes() {}

  /** Of a rate: the excess, in units of the bound, times the window there is by now. */
  static long ofRate(QuotaViolationException violation, long nowMs) {
    double excess = violation.value() - violation.bound();
    return Math.round(excess / violation.bound() * windowMs(violation.metric(), nowMs));
  }

  /** Of a token bucket: until the tokens owed are back. */
  static long ofTokens(QuotaViolationException violation) {
    return Math.round(-violation.value() / violation.bound() * MS_PER_SECOND);
  }

  private static long windowMs(KafkaMetric metric, long nowMs) {
    if (metric.measurable() instanceof Rate rate) {
      return rate.windowSize(metric.config(), nowMs);
    }
    MetricName name = metric.metricName();
    throw new IllegalArgumentException(name + " is no rate");
  }
}
