package io.vitrine.cluster.jmx;

import io.vitrine.cluster.coordinator.LoadObserver;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.group.GroupTotals;
import io.vitrine.cluster.metric.BrokerMetrics;
import io.vitrine.cluster.metric.MetricId;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Meter;

/**
 * The groups and transactions coordinated here. {@link #tick} is called by one thread, about once a
 * second; loads are measured on the threads that load.
 */
final class CoordinatorMetrics {
  private static final String GROUPS = "group-coordinator-metrics";
  private static final String TRANSACTIONS = "transaction-coordinator-metrics";
  private static final String MANAGER = "GroupMetadataManager";

  private static final Map<GroupStage, String> STAGES =
      Map.of(
          GroupStage.PREPARING_REBALANCE, "NumGroupsPreparingRebalance",
          GroupStage.COMPLETING_REBALANCE, "NumGroupsCompletingRebalance",
          GroupStage.STABLE, "NumGroupsStable",
          GroupStage.DEAD, "NumGroupsDead",
          GroupStage.EMPTY, "NumGroupsEmpty");

  private final Metrics sensors;
  private final GroupCoordinator groups;
  private final Sensor commits;
  private final Sensor expirations;
  private final Sensor deletions;
  private final Sensor rebalances;
  private GroupTotals last = new GroupTotals(0, 0, 0, 0);

  CoordinatorMetrics(
      BrokerMetrics metrics,
      Metrics sensors,
      GroupCoordinator groups,
      TransactionCoordinator transactions,
      LongSupplier nanoTime) {
    this.sensors = sensors;
    this.groups = groups;
    this.commits = meter("OffsetCommits", "offset-commit", "committed offsets");
    this.expirations = meter("OffsetExpired", "offset-expiration", "expired offsets");
    this.deletions = meter("OffsetDeletions", "offset-deletion", "deleted offsets");
    this.rebalances =
        meter("CompletedRebalances", "group-completed-rebalance", "completed rebalances");
    metrics.gauge(ofGroups("NumOffsets"), groups::offsetCount);
    metrics.gauge(
        ofGroups("NumGroups"),
        () -> groups.stages().values().stream().mapToInt(Integer::intValue).sum());
    STAGES.forEach(
        (stage, name) ->
            metrics.gauge(ofGroups(name), () -> groups.stages().getOrDefault(stage, 0)));
    groups.observe(new Loads("GroupPartitionLoadTime", GROUPS, nanoTime));
    transactions.observe(new Loads("TransactionsPartitionLoadTime", TRANSACTIONS, nanoTime));
    metrics.gauge(ofMarkers("UnknownDestinationQueueSize"), transactions::markersWithoutLeader);
    metrics.gauge(ofMarkers("LogAppendRetryQueueSize"), transactions::completionsToWriteAgain);
  }

  private static MetricId ofGroups(String name) {
    return MetricId.of("kafka.coordinator.group", MANAGER, name);
  }

  private static MetricId ofMarkers(String name) {
    return MetricId.of("kafka.coordinator.transaction", "TransactionMarkerChannelManager", name);
  }

  private Sensor meter(String sensorName, String prefix, String what) {
    Sensor sensor = sensors.sensor(sensorName);
    sensor.add(
        new Meter(
            sensors.metricName(prefix + "-rate", GROUPS, "The rate of " + what),
            sensors.metricName(prefix + "-count", GROUPS, "The number of " + what)));
    return sensor;
  }

  void tick() {
    GroupTotals now = groups.totals();
    record(commits, now.committed() - last.committed());
    record(expirations, now.expired() - last.expired());
    record(deletions, now.deleted() - last.deleted());
    record(rebalances, now.rebalances() - last.rebalances());
    last = now;
  }

  private static void record(Sensor sensor, long count) {
    if (count > 0) {
      sensor.record(count);
    }
  }

  /** How long partitions take from the order to lead them until they are loaded. */
  private final class Loads implements LoadObserver {
    private final Sensor times;
    private final LongSupplier nanoTime;
    private final Map<Integer, Long> begun = new ConcurrentHashMap<>();

    Loads(String sensorName, String group, LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
      this.times = sensors.sensor(sensorName);
      times.add(
          sensors.metricName("partition-load-time-max", group, "The longest load, in ms"),
          new Max());
      times.add(
          sensors.metricName("partition-load-time-avg", group, "The average load, in ms"),
          new Avg());
    }

    @Override
    public void begun(int partition) {
      begun.put(partition, nanoTime.getAsLong());
    }

    @Override
    public void loaded(int partition) {
      Long since = begun.remove(partition);
      if (since != null) {
        times.record(TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - since));
      }
    }
  }
}
