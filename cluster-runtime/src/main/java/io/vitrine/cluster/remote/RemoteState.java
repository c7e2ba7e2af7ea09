package io.vitrine.cluster.remote;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * What was read of a cluster in one pass. Immutable.
 *
 * @param brokers those in its metadata, by id
 * @param controller broker id, -1 nobody or not known
 * @param controllerEpoch -1 not known
 * @param configs settings made on topics themselves
 * @param offsets of partitions that have a leader
 * @param directories log directories by broker, then path
 * @param transactions by transactional id
 * @param keeper what ZooKeeper told, nothing when it is not read
 */
record RemoteState(
    Map<Integer, Node> brokers,
    int controller,
    int controllerEpoch,
    Map<String, TopicDescription> topics,
    Map<String, Map<String, String>> configs,
    Map<TopicPartition, Offsets> offsets,
    Map<Integer, Map<String, LogDirDescription>> directories,
    Map<String, Group> groups,
    Map<String, TransactionDescription> transactions,
    Keeper keeper) {

  /**
   * What the leader answers.
   *
   * @param leaderEpoch -1 not known
   * @param start first offset, -1 not known, as the others
   */
  record Offsets(int leaderEpoch, long start, long highWatermark, long lastStableOffset) {
    static final Offsets UNKNOWN = new Offsets(-1, -1, -1, -1);
  }

  /** A group and how far it has come. */
  record Group(ConsumerGroupDescription description, Map<TopicPartition, Long> committed) {}

  /**
   * What ZooKeeper holds.
   *
   * @param connect where it was read, empty when it was not
   * @param brokerEpochs czxid of each registration, by broker
   */
  record Keeper(String connect, int controllerEpoch, Map<Integer, Long> brokerEpochs) {
    static final Keeper NONE = new Keeper("", -1, Map.of());

    boolean read() {
      return !connect.isEmpty();
    }
  }

  /** Nothing was read yet. */
  static RemoteState nothing() {
    return new RemoteState(
        Map.of(), -1, -1, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Keeper.NONE);
  }

  /** Whether this is the state before the first pass. */
  boolean none() {
    return brokers.isEmpty() && topics.isEmpty();
  }

  Offsets offsetsOf(TopicPartition id) {
    return offsets.getOrDefault(id, Offsets.UNKNOWN);
  }

  /** The epoch of a broker's registration, -1 not known. */
  long brokerEpoch(int id) {
    return keeper.brokerEpochs().getOrDefault(id, -1L);
  }

  /** The directory a broker keeps a partition in, empty when not known. */
  Map.Entry<String, Long> place(int broker, TopicPartition id) {
    for (Map.Entry<String, LogDirDescription> each :
        directories.getOrDefault(broker, Map.of()).entrySet()) {
      var replica = each.getValue().replicaInfos().get(id);
      if (replica != null && !replica.isFuture()) {
        return Map.entry(each.getKey(), replica.size());
      }
    }
    return Map.entry("", 0L);
  }

  /** Who leads a partition of a topic, -1 nobody, or no such partition. */
  static int leader(TopicDescription topic, int number) {
    return topic == null
        ? -1
        : topic.partitions().stream()
            .filter(p -> p.partition() == number)
            .mapToInt(RemoteState::leader)
            .findFirst()
            .orElse(-1);
  }

  /** Who leads, -1 nobody. */
  static int leader(TopicPartitionInfo partition) {
    return partition.leader() == null || partition.leader().isEmpty()
        ? -1
        : partition.leader().id();
  }

  static List<Integer> ids(List<Node> nodes) {
    return nodes.stream().map(Node::id).toList();
  }
}
