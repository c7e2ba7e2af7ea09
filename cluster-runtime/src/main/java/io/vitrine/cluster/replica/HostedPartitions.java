package io.vitrine.cluster.replica;

import io.vitrine.cluster.metadata.MetadataCache;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;

/** The partitions a broker has a replica of. Read from any thread, changed by control requests. */
final class HostedPartitions {
  private final Map<TopicPartition, Partition> online = new ConcurrentHashMap<>();
  private final Set<TopicPartition> offline = ConcurrentHashMap.newKeySet();
  private final MetadataCache metadata;

  HostedPartitions(MetadataCache metadata) {
    this.metadata = metadata;
  }

  Optional<Partition> get(TopicPartition partition) {
    return Optional.ofNullable(online.get(partition));
  }

  /**
   * @throws KafkaStorageException when its log directory is offline
   * @throws NotLeaderOrFollowerException when others have the partition
   * @throws UnknownTopicOrPartitionException when nobody is known to have it
   */
  Partition getOrThrow(TopicPartition partition) {
    Partition found = online.get(partition);
    if (found != null) {
      return found;
    }
    throw switch (whyMissing(partition)) {
      case KAFKA_STORAGE_ERROR ->
          new KafkaStorageException("the log directory of " + partition + " is offline");
      case NOT_LEADER_OR_FOLLOWER ->
          new NotLeaderOrFollowerException("this broker has no replica of " + partition);
      default -> new UnknownTopicOrPartitionException(partition + " is not known");
    };
  }

  /** The error of a partition that is not here: 56, 6 or 3, as {@link #getOrThrow} throws. */
  Errors whyMissing(TopicPartition partition) {
    if (offline.contains(partition)) {
      return Errors.KAFKA_STORAGE_ERROR;
    }
    return metadata.image().contains(partition)
        ? Errors.NOT_LEADER_OR_FOLLOWER
        : Errors.UNKNOWN_TOPIC_OR_PARTITION;
  }

  Collection<Partition> all() {
    return online.values();
  }

  int offlineCount() {
    return offline.size();
  }

  boolean isOffline(TopicPartition partition) {
    return offline.contains(partition);
  }

  void add(Partition partition) {
    online.put(partition.topicPartition(), partition);
  }

  void remove(TopicPartition partition) {
    online.remove(partition);
  }

  void takeOffline(TopicPartition partition) {
    offline.add(partition);
    Partition removed = online.remove(partition);
    if (removed != null) {
      removed.clear();
    }
  }
}
