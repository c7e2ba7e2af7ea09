package io.vitrine.cluster.snapshot;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition: the state ZooKeeper holds, and each replica as its own broker reports it.
 *
 * @param assignment replicas in assignment order; the first is the preferred leader
 * @param leader leader in ZooKeeper, -1 nobody
 * @param leaderEpoch leader epoch in ZooKeeper
 * @param isr ISR in ZooKeeper, in its order
 * @param partitionEpoch version of the state node
 * @param minInSyncReplicas the topic's {@code min.insync.replicas}
 * @param changedNanos when the state was last written
 * @param replicas in assignment order, one for each assigned broker
 */
public record PartitionView(
    TopicPartition id,
    List<Integer> assignment,
    int leader,
    int leaderEpoch,
    List<Integer> isr,
    int partitionEpoch,
    int minInSyncReplicas,
    long changedNanos,
    List<ReplicaView> replicas) {
  public PartitionView {
    assignment = List.copyOf(assignment);
    isr = List.copyOf(isr);
    replicas = List.copyOf(replicas);
  }

  /** The first of the assignment, -1 when nothing is assigned. */
  public int preferredLeader() {
    return assignment.isEmpty() ? -1 : assignment.get(0);
  }

  /** Nobody leads. */
  public boolean offline() {
    return leader < 0;
  }

  /** Fewer replicas in sync than assigned. */
  public boolean underReplicated() {
    return isr.size() < assignment.size();
  }

  /** An acks=all produce would be refused. */
  public boolean underMinIsr() {
    return offline() || isr.size() < minInSyncReplicas;
  }

  /** Led by another than the preferred leader. */
  public boolean notPreferred() {
    return leader >= 0 && leader != preferredLeader();
  }

  /** The replica on this broker. */
  public Optional<ReplicaView> replica(int brokerId) {
    return replicas.stream().filter(r -> r.brokerId() == brokerId).findFirst();
  }
}
