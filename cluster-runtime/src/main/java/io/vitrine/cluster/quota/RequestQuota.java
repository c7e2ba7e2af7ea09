package io.vitrine.cluster.quota;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.QuotaViolationException;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Rate;

/**
 * The limit on the time of threads (KIP-124), in percent of one thread's time. Nobody is held back
 * for longer than one sample of the window. The time of brokers' own requests is counted apart and
 * without a limit.
 */
public final class RequestQuota extends ClientQuota {
  private static final double PERCENT_PER_NANO = 100.0 / TimeUnit.SECONDS.toNanos(1);

  private final long maxThrottleMs;
  private final Sensor exempt;

  RequestQuota(QuotaPolicy limits, QuotaWindows windows, Metrics metrics, LongSupplier nowMs) {
    super(QuotaType.REQUEST, limits, windows, metrics, nowMs);
    this.maxThrottleMs = TimeUnit.SECONDS.toMillis(windows.sampleSeconds());
    this.exempt = metrics.sensor("exempt-" + QuotaType.REQUEST.group());
    exempt.add(
        metrics.metricName(
            "exempt-request-time",
            QuotaType.REQUEST.group(),
            "Time of requests that no limit holds for"),
        new Rate());
  }

  /** Counts an I/O thread's time and tells for how long the client is to be held back. */
  int recordNanos(Client client, long threadNanos) {
    return record(client, threadNanos * PERCENT_PER_NANO);
  }

  /** Counts a network thread's time, which is known when the answer is out. */
  void recordNetworkNanos(Client client, long threadNanos) {
    recordOnly(client, threadNanos * PERCENT_PER_NANO);
  }

  /** Counts time of a request that no limit holds for. */
  void recordExemptNanos(long threadNanos) {
    if (isOn()) {
      exempt.record(threadNanos * PERCENT_PER_NANO, now());
    }
  }

  @Override
  long throttleMs(QuotaViolationException violation, long now) {
    return Math.min(super.throttleMs(violation, now), maxThrottleMs);
  }
}
