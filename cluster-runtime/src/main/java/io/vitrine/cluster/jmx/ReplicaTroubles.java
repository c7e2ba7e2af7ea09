package io.vitrine.cluster.jmx;

import io.vitrine.cluster.metric.BrokerMetrics;
import io.vitrine.cluster.metric.Meter;
import io.vitrine.cluster.metric.MetricId;

/** How often fetches wait in vain, and ISR changes are refused. Marked from any thread. */
final class ReplicaTroubles {
  private final Meter followersExpired;
  private final Meter consumersExpired;
  private final Meter isrChangesRefused;

  ReplicaTroubles(BrokerMetrics metrics) {
    followersExpired = expired(metrics, "follower");
    consumersExpired = expired(metrics, "consumer");
    isrChangesRefused =
        metrics.meter(
            MetricId.of("kafka.server", "ReplicaManager", "FailedIsrUpdatesPerSec"),
            "failedUpdates");
  }

  private static Meter expired(BrokerMetrics metrics, String fetcher) {
    return metrics.meter(
        MetricId.of("kafka.server", "DelayedFetchMetrics", "ExpiresPerSec")
            .tag("fetcherType", fetcher),
        "requests");
  }

  void fetchExpired(boolean ofFollower) {
    (ofFollower ? followersExpired : consumersExpired).mark();
  }

  void isrChangeRefused() {
    isrChangesRefused.mark();
  }
}
