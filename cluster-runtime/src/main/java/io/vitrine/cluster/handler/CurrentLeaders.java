package io.vitrine.cluster.handler;

import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.metadata.PartitionMetadata;
import io.vitrine.cluster.replica.Partition;
import io.vitrine.cluster.replica.ReplicaManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/**
 * The leaders named in one answer that turns a client away (KIP-951), and where they are. Used by
 * one thread for one answer.
 */
final class CurrentLeaders {
  private final ReplicaManager replicas;
  private final MetadataImage image;
  private final String listenerName;
  private final Map<Integer, Node> nodes = new LinkedHashMap<>();

  /** Whom to ask instead; -1 and -1 when nobody is known. */
  record Leader(int id, int epoch) {}

  CurrentLeaders(ReplicaManager replicas, MetadataCache metadata, String listenerName) {
    this.replicas = replicas;
    this.image = metadata.image();
    this.listenerName = listenerName;
  }

  /** The leader as the replica here knows it, else as the metadata says. */
  Leader of(TopicPartition partition) {
    Optional<Partition> own = replicas.partition(partition);
    Leader leader =
        own.map(replica -> new Leader(replica.leader(), replica.leaderEpoch()))
            .orElseGet(() -> fromMetadata(partition));
    image
        .broker(leader.id())
        .flatMap(broker -> broker.node(listenerName))
        .ifPresent(node -> nodes.put(node.id(), node));
    return leader;
  }

  private Leader fromMetadata(TopicPartition partition) {
    Optional<PartitionMetadata> known = image.partition(partition);
    return known
        .map(state -> new Leader(state.leader(), state.leaderEpoch()))
        .orElse(new Leader(-1, -1));
  }

  /** The addresses of all leaders asked for so far. */
  List<Node> nodes() {
    return List.copyOf(nodes.values());
  }
}
