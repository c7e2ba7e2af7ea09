package io.vitrine.cluster.metadata;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

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

  /** How many partitions are known. */
  public int partitionCount() {
    return partitions.values().stream().mapToInt(Map::size).sum();
  }

  Map<String, Map<Integer, PartitionMetadata>> partitions() {
    return partitions;
  }
}
