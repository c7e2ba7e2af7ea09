package io.vitrine.cluster.metadata;

import java.util.List;

/**
 * A partition's state as the controller last told it.
 *
 * @param leader broker id, -1 when nobody leads
 * @param partitionEpoch version of the partition's state node
 * @param offlineReplicas replicas whose broker or log directory is gone
 */
public record PartitionMetadata(
    int leader,
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> replicas,
    List<Integer> isr,
    List<Integer> offlineReplicas) {
  public PartitionMetadata {
    replicas = List.copyOf(replicas);
    isr = List.copyOf(isr);
    offlineReplicas = List.copyOf(offlineReplicas);
  }
}
