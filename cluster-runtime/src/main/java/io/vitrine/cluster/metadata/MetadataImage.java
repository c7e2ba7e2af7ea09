package io.vitrine.cluster.metadata;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;

/**
 * The cluster at one moment, as one broker knows it. Immutable.
 *
 * <p>The next image shares the partitions of every topic that did not change.
 */
public final class MetadataImage {
  /** Before the first UpdateMetadata. */
  public static final MetadataImage EMPTY = new MetadataImage(-1, Map.of(), Map.of(), Map.of());

  private final int controllerId;
  private final Map<Integer, BrokerNode> aliveBrokers;
  private final Map<String, Map<Integer, PartitionMetadata>> partitions;
  private final Map<String, Uuid> topicIds;
  private final Map<Uuid, String> topicNames;

  /** The maps must not be changed after; they are not copied. */
  MetadataImage(
      int controllerId,
      Map<Integer, BrokerNode> aliveBrokers,
      Map<String, Map<Integer, PartitionMetadata>> partitions,
      Map<String, Uuid> topicIds) {
    this.controllerId = controllerId;
    this.aliveBrokers = Collections.unmodifiableMap(aliveBrokers);
    this.partitions = partitions;
    this.topicIds = Collections.unmodifiableMap(topicIds);
    this.topicNames = new HashMap<>();
    topicIds.forEach((name, id) -> topicNames.put(id, name));
  }

  /** The controller's broker id, -1 when it is not known. */
  public int controllerId() {
    return controllerId;
  }

  /** Live brokers by id, ascending. */
  public Map<Integer, BrokerNode> aliveBrokers() {
    return aliveBrokers;
  }

  public boolean isAlive(int brokerId) {
    return aliveBrokers.containsKey(brokerId);
  }

  public Optional<BrokerNode> broker(int brokerId) {
    return Optional.ofNullable(aliveBrokers.get(brokerId));
  }

  public boolean contains(TopicPartition partition) {
    return partitions.getOrDefault(partition.topic(), Map.of()).containsKey(partition.partition());
  }

  public boolean contains(String topic) {
    return partitions.containsKey(topic);
  }

  public Optional<PartitionMetadata> partition(TopicPartition partition) {
    return Optional.ofNullable(
        partitions.getOrDefault(partition.topic(), Map.of()).get(partition.partition()));
  }

  /** A topic's partitions by number, ascending; empty for a topic that is not known. */
  public Map<Integer, PartitionMetadata> partitions(String topic) {
    return Collections.unmodifiableMap(partitions.getOrDefault(topic, new TreeMap<>()));
  }

  public Set<String> topics() {
    return Collections.unmodifiableSet(partitions.keySet());
  }

  public Map<String, Uuid> topicIds() {
    return topicIds;
  }

  /** The topics' names by id. */
  public Map<Uuid, String> topicNames() {
    return Collections.unmodifiableMap(topicNames);
  }

  /** The topic's id, the zero id when it has none or is not known. */
  public Uuid topicId(String topic) {
    return topicIds.getOrDefault(topic, Uuid.ZERO_UUID);
  }

  public Optional<String> topicName(Uuid topicId) {
    return Optional.ofNullable(topicNames.get(topicId));
  }

  /** All partitions of all topics; a copy. */
  public Set<TopicPartition> allPartitions() {
    Set<TopicPartition> all = new HashSet<>();
    partitions.forEach(
        (topic, known) -> known.keySet().forEach(p -> all.add(new TopicPartition(topic, p))));
    return all;
  }

  /**
   * The same in the words of Kafka's clients, as those of a listener see it.
   *
   * @param listenerName where brokers are found; one without it is named without an address
   */
  public Cluster asCluster(String clusterId, String listenerName) {
    Map<Integer, Node> nodes = new TreeMap<>();
    aliveBrokers.forEach(
        (id, broker) -> broker.node(listenerName).ifPresent(node -> nodes.put(id, node)));
    List<PartitionInfo> all = new ArrayList<>();
    partitions.forEach(
        (topic, known) ->
            known.forEach(
                (number, partition) ->
                    all.add(
                        new PartitionInfo(
                            topic,
                            number,
                            node(nodes, partition.leader()),
                            nodes(nodes, partition.replicas()),
                            nodes(nodes, partition.isr()),
                            nodes(nodes, partition.offlineReplicas())))));
    Set<String> internal = new HashSet<>(topics());
    internal.removeIf(topic -> !Topic.isInternal(topic));
    return new Cluster(clusterId, nodes.values(), all, Set.of(), internal, nodes.get(controllerId));
  }

  private static Node node(Map<Integer, Node> nodes, int id) {
    return nodes.getOrDefault(id, new Node(id, "", -1));
  }

  private static Node[] nodes(Map<Integer, Node> nodes, List<Integer> ids) {
    return ids.stream().map(id -> node(nodes, id)).toArray(Node[]::new);
  }

  /** How many partitions are known. */
  public int partitionCount() {
    return partitions.values().stream().mapToInt(Map::size).sum();
  }

  Map<String, Map<Integer, PartitionMetadata>> partitions() {
    return partitions;
  }
}
