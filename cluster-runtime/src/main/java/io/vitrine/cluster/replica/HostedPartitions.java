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
    if (offline.contains(partition)) {
      throw new KafkaStorageException("the log directory of " + partition + " is offline");
    }
    if (metadata.image().contains(partition)) {
      throw new NotLeaderOrFollowerException("this broker has no replica of " + partition);
    }
    throw new UnknownTopicOrPartitionException(partition + " is not known");
  }

  Collection<Partition> all() {
    return online.values();
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
