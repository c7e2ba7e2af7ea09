package io.vitrine.cluster.jmx;

import io.vitrine.cluster.metric.BrokerMetrics;
import io.vitrine.cluster.metric.Meter;
import io.vitrine.cluster.metric.MetricId;
import io.vitrine.cluster.purgatory.Purgatory;
import io.vitrine.cluster.replica.Partition;
import io.vitrine.cluster.replica.PartitionHealth;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.log.PartitionLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * Replicas, their logs and who waits for them. Partitions come and go: {@link #tick} publishes
 * those that are here; it is called by one thread, about once a second.
 */
final class ReplicaMetrics {
  private static final String SERVER = "kafka.server";
  private static final String MANAGER = "ReplicaManager";

  private final BrokerMetrics metrics;
  private final ReplicaManager replicas;
  private final Map<TopicPartition, List<MetricId>> published = new HashMap<>();
  private final Meter evictions;
  private long lastEvictions;

  ReplicaMetrics(
      BrokerMetrics metrics, ReplicaManager replicas, LogManager logs, LateTransactions late) {
    this.metrics = metrics;
    this.replicas = replicas;
    manager("LeaderCount", PartitionHealth::leader);
    manager("UnderReplicatedPartitions", PartitionHealth::isUnderReplicated);
    manager("UnderMinIsrPartitionCount", PartitionHealth::isUnderMinIsr);
    manager("AtMinIsrPartitionCount", PartitionHealth::isAtMinIsr);
    metrics.gauge(
        MetricId.of(SERVER, MANAGER, "PartitionCount"),
        () -> replicas.partitions().size() + replicas.offlineCount());
    metrics.gauge(MetricId.of(SERVER, MANAGER, "OfflineReplicaCount"), replicas::offlineCount);
    metrics.gauge(
        MetricId.of(SERVER, MANAGER, "ProducerIdCount"),
        () -> logs.logs().stream().mapToInt(log -> log.activeProducers().size()).sum());
    for (Purgatory<?> purgatory : replicas.purgatories()) {
      purgatory("PurgatorySize", purgatory, Purgatory::watchedEntries);
      purgatory("NumDelayedOperations", purgatory, Purgatory::waiting);
    }
    metrics.gauge(
        MetricId.of(SERVER, MANAGER, "ReassigningPartitions"),
        () ->
            (int)
                replicas.partitions().stream()
                    .filter(Partition::isLeader)
                    .filter(Partition::isReassigning)
                    .count());
    fetchers("Replica", "MaxLag", replicas::maxLag);
    fetchers("Replica", "FailedPartitionsCount", replicas::failedFetches);
    fetchers("Replica", "DeadThreadCount", replicas::deadFetchers);
    fetchers("ReplicaAlterLogDirs", "MaxLag", replicas::maxMoveLag);
    fetchers("ReplicaAlterLogDirs", "FailedPartitionsCount", replicas::failedMoves);
    // Threads that move replicas between directories go on, whatever becomes of one replica.
    fetchers("ReplicaAlterLogDirs", "DeadThreadCount", () -> 0);
    metrics.gauge(
        MetricId.of(SERVER, "FetchSessionCache", "NumIncrementalFetchSessions"),
        () -> replicas.fetchSessions().size());
    metrics.gauge(
        MetricId.of(SERVER, "FetchSessionCache", "NumIncrementalFetchPartitionsCached"),
        () -> replicas.fetchSessions().partitions());
    this.evictions =
        metrics.meter(
            MetricId.of(SERVER, "FetchSessionCache", "IncrementalFetchSessionEvictionsPerSec"),
            "evictions");
    metrics.gauge(
        MetricId.of(SERVER, MANAGER, "PartitionsWithLateTransactionsCount"),
        () ->
            (int)
                replicas.partitions().stream()
                    .filter(Partition::isLeader)
                    .filter(partition -> partition.log().filter(late::in).isPresent())
                    .count());
    metrics.gauge(
        MetricId.of("kafka.log", "LogManager", "OfflineLogDirectoryCount"),
        () -> logs.offlineDirectories().size());
    Stream.concat(logs.liveDirectories().stream(), logs.offlineDirectories().stream())
        .forEach(directory -> directory(directory, logs));
  }

  private void fetchers(String clientId, String name, Supplier<?> value) {
    String type = clientId.equals("Replica") ? "ReplicaFetcherManager" : clientId + "Manager";
    metrics.gauge(MetricId.of(SERVER, type, name).tag("clientId", clientId), value);
  }

  private void manager(String name, Predicate<PartitionHealth> counted) {
    metrics.gauge(
        MetricId.of(SERVER, MANAGER, name),
        () -> (int) replicas.partitions().stream().map(Partition::health).filter(counted).count());
  }

  private void purgatory(String name, Purgatory<?> purgatory, ToLongFunction<Purgatory<?>> value) {
    metrics.gauge(
        MetricId.of(SERVER, "DelayedOperationPurgatory", name)
            .tag("delayedOperation", purgatory.name()),
        () -> (int) value.applyAsLong(purgatory));
  }

  private void directory(Path directory, LogManager logs) {
    metrics.gauge(
        MetricId.of("kafka.log", "LogManager", "LogDirectoryOffline")
            .tag("logDirectory", directory.toString()),
        () -> logs.offlineDirectories().contains(directory) ? 1 : 0);
  }

  /** Publishes what is new and takes back what is gone; the result is all topics here. */
  Set<String> tick() {
    long evicted = replicas.fetchSessions().evictions();
    evictions.mark(evicted - lastEvictions);
    lastEvictions = evicted;
    Map<TopicPartition, Partition> here =
        replicas.partitions().stream()
            .collect(Collectors.toMap(Partition::topicPartition, each -> each));
    for (TopicPartition gone : new HashSet<>(published.keySet())) {
      if (!here.containsKey(gone)) {
        published.remove(gone).forEach(metrics::remove);
      }
    }
    here.forEach((id, partition) -> published.computeIfAbsent(id, key -> publish(partition)));
    return here.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
  }

  private List<MetricId> publish(Partition partition) {
    List<MetricId> ids = new ArrayList<>();
    TopicPartition id = partition.topicPartition();
    log(ids, partition, "Size", PartitionLog::sizeBytes);
    log(ids, partition, "NumLogSegments", log -> log.segments().size());
    log(ids, partition, "LogStartOffset", PartitionLog::logStartOffset);
    log(ids, partition, "LogEndOffset", PartitionLog::logEndOffset);
    health(ids, partition, "UnderReplicated", health -> health.isUnderReplicated() ? 1 : 0);
    health(ids, partition, "InSyncReplicasCount", PartitionHealth::isr);
    health(ids, partition, "UnderMinIsr", health -> health.isUnderMinIsr() ? 1 : 0);
    health(ids, partition, "AtMinIsr", health -> health.isAtMinIsr() ? 1 : 0);
    health(ids, partition, "ReplicasCount", PartitionHealth::replicas);
    MetricId lag = ofPartition("kafka.cluster", "Partition", "LastStableOffsetLag", id);
    metrics.gauge(
        lag,
        () -> partition.log().map(log -> log.highWatermark() - log.lastStableOffset()).orElse(0L));
    ids.add(lag);
    return ids;
  }

  private void log(
      List<MetricId> ids, Partition partition, String name, ToLongFunction<PartitionLog> value) {
    MetricId id = ofPartition("kafka.log", "Log", name, partition.topicPartition());
    metrics.gauge(id, () -> partition.log().map(value::applyAsLong).orElse(0L));
    ids.add(id);
  }

  private void health(
      List<MetricId> ids, Partition partition, String name, ToLongFunction<PartitionHealth> value) {
    MetricId id = ofPartition("kafka.cluster", "Partition", name, partition.topicPartition());
    metrics.gauge(id, () -> (int) value.applyAsLong(partition.health()));
    ids.add(id);
  }

  private static MetricId ofPartition(String group, String type, String name, TopicPartition of) {
    return MetricId.of(group, type, name)
        .tag("topic", of.topic())
        .tag("partition", Integer.toString(of.partition()));
  }
}
