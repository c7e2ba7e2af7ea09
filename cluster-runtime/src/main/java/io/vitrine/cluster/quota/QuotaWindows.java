package io.vitrine.cluster.quota;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Quota;

/**
 * The time rates are measured over.
 *
 * @param samples {@code quota.window.num}, or {@code controller.quota.window.num}
 * @param sampleSeconds {@code quota.window.size.seconds}, or the controller's
 */
public record QuotaWindows(int samples, int sampleSeconds) {
  MetricConfig bounded(double bound) {
    return new MetricConfig()
        .timeWindow(sampleSeconds, TimeUnit.SECONDS)
        .samples(samples)
        .quota(new Quota(bound, true));
  }
}
