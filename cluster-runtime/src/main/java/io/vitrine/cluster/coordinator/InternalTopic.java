package io.vitrine.cluster.coordinator;

import io.vitrine.cluster.config.BrokerConfig;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;

/**
 * A topic in which coordinators keep their state: how it is made when it is first asked for, and
 * which of its partitions an id belongs to.
 *
 * @param partitionCount as it is counted with; for a topic that exists, what it has
 * @param settings the topic settings it is created with
 */
public record InternalTopic(
    String name, int partitionCount, short replicationFactor, Map<String, String> settings) {
  public InternalTopic {
    settings = Map.copyOf(settings);
  }

  /** {@code __consumer_offsets}. */
  public static InternalTopic consumerOffsets(BrokerConfig config) {
    return new InternalTopic(
        Topic.GROUP_METADATA_TOPIC_NAME,
        config.offsetsTopicNumPartitions(),
        config.offsetsTopicReplicationFactor(),
        Map.of(
            "cleanup.policy", "compact",
            "compression.type", "producer",
            "segment.bytes", Integer.toString(config.offsetsTopicSegmentBytes())));
  }

  /** {@code __transaction_state}. */
  public static InternalTopic transactionState(BrokerConfig config) {
    return new InternalTopic(
        Topic.TRANSACTION_STATE_TOPIC_NAME,
        config.transactionStateLogNumPartitions(),
        config.transactionStateLogReplicationFactor(),
        Map.of(
            "cleanup.policy", "compact",
            "compression.type", "uncompressed",
            "min.insync.replicas", Integer.toString(config.transactionStateLogMinIsr()),
            "segment.bytes", Integer.toString(config.transactionStateLogSegmentBytes()),
            "unclean.leader.election.enable", "false"));
  }

  /** The same topic, found with another number of partitions. */
  public InternalTopic withPartitionCount(int count) {
    return new InternalTopic(name, count, replicationFactor, settings);
  }

  /** The partition a group id or transactional id belongs to. */
  public int partitionFor(String id) {
    return Utils.abs(id.hashCode()) % partitionCount;
  }

  public TopicPartition partition(int number) {
    return new TopicPartition(name, number);
  }
}
