package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.DemoSampled;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Everything the console shows, as of one event.
 *
 * @param sequence the last event folded in
 * @param nanos monotonic time of that event, comparable with event times
 * @param wallMs wall-clock time of that event
 * @param zooKeeper the ensemble
 * @param brokers by id, ascending; brokers that stopped stay, as ghosts
 * @param controller who decides
 * @param topics by name
 * @param partitions by topic, then number
 * @param groups by id
 * @param transactions of all coordinators
 * @param traffic the demo traffic
 * @param demo what its consumer group and its transactions have come to
 * @param process the Java process of the bundled cluster
 */
public record ClusterSnapshot(
    long sequence,
    long nanos,
    long wallMs,
    ZooKeeperView zooKeeper,
    List<BrokerView> brokers,
    ControllerView controller,
    Map<String, TopicView> topics,
    Map<TopicPartition, PartitionView> partitions,
    Map<String, GroupView> groups,
    TransactionsView transactions,
    TrafficView traffic,
    DemoSampled demo,
    ProcessView process) {

  /** Nothing happened yet. */
  public static ClusterSnapshot empty() {
    return new ClusterSnapshot(
        0,
        0,
        0,
        ZooKeeperView.unknown(),
        List.of(),
        ControllerView.none(),
        Map.of(),
        Map.of(),
        Map.of(),
        TransactionsView.none(),
        TrafficView.off(),
        DemoSampled.nothing(),
        ProcessView.unknown());
  }

  /** The broker with this id, if it was ever seen. */
  public Optional<BrokerView> broker(int id) {
    return brokers.stream().filter(b -> b.id() == id).findFirst();
  }

  /** Addresses of the serving brokers, as a client's {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return brokers.stream()
        .filter(b -> b.state() == BrokerState.SERVING || b.state() == BrokerState.STOPPING)
        .map(b -> b.host() + ":" + b.port())
        .reduce((a, b) -> a + "," + b)
        .orElse("");
  }
}
