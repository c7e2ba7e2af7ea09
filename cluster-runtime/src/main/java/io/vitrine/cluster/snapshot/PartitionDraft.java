package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.FollowerSample;
import io.vitrine.cluster.event.ClusterEvent.PartitionStateWritten;
import io.vitrine.cluster.event.ClusterEvent.ReplicaSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** A partition while events are folded in. Owned by its {@link SnapshotProjector}. */
final class PartitionDraft {
  private final TopicPartition id;
  private List<Integer> assignment;
  private List<ReplicaDraft> replicas = new ArrayList<>();
  private int leader = -1;
  private int leaderEpoch = -1;
  private List<Integer> isr = List.of();
  private int partitionEpoch = -1;
  private int minInSyncReplicas;
  private long changedNanos;
  private PartitionView view;

  PartitionDraft(TopicPartition id, List<Integer> assignment, int minInSyncReplicas) {
    this.id = id;
    this.minInSyncReplicas = minInSyncReplicas;
    assign(assignment);
  }

  private PartitionDraft(PartitionDraft other) {
    id = other.id;
    assignment = other.assignment;
    other.replicas.forEach(replica -> replicas.add(replica.copy()));
    leader = other.leader;
    leaderEpoch = other.leaderEpoch;
    isr = other.isr;
    partitionEpoch = other.partitionEpoch;
    minInSyncReplicas = other.minInSyncReplicas;
    changedNanos = other.changedNanos;
    view = other.view;
  }

  PartitionDraft copy() {
    return new PartitionDraft(this);
  }

  /** How many replicas there are. */
  int size() {
    return replicas.size();
  }

  TopicPartition id() {
    return id;
  }

  /** Who leads by the state in ZooKeeper, -1 nobody. */
  int leader() {
    return leader;
  }

  /** Takes another assignment; replicas that stay keep what they reported. */
  void assign(List<Integer> brokers) {
    List<ReplicaDraft> next = new ArrayList<>();
    for (int broker : brokers) {
      next.add(replica(broker).orElseGet(() -> new ReplicaDraft(broker)));
    }
    assignment = List.copyOf(brokers);
    replicas = next;
    view = null;
  }

  void minInSyncReplicas(int value) {
    minInSyncReplicas = value;
    view = null;
  }

  /** Takes the state as ZooKeeper holds it; an older one that arrives late is passed over. */
  void written(PartitionStateWritten state, long nanos) {
    if (state.partitionEpoch() < partitionEpoch) {
      return;
    }
    if (state.leader() != leader) {
      replicas.forEach(ReplicaDraft::forgetLeadersView);
    }
    leader = state.leader();
    leaderEpoch = state.leaderEpoch();
    isr = state.isr();
    partitionEpoch = state.partitionEpoch();
    changedNanos = nanos;
    view = null;
  }

  void lead(int broker, int epoch) {
    with(broker).ifPresent(r -> r.lead(epoch));
  }

  void follow(int broker, int leaderId, int epoch) {
    with(broker).ifPresent(r -> r.follow(leaderId, epoch));
  }

  void offline(int broker) {
    with(broker).ifPresent(ReplicaDraft::goOffline);
  }

  void truncated(int broker, long toOffset) {
    with(broker).ifPresent(r -> r.truncated(toOffset));
  }

  void recovered(int broker, long endOffset) {
    with(broker).ifPresent(r -> r.recovered(endOffset));
  }

  /** Takes a broker's report; a leader's report also tells how far the others are. */
  void sampled(int broker, ReplicaSample sample, long nanos) {
    with(broker).ifPresent(r -> r.sampled(sample, nanos));
    if (sample.leads() && broker == leader) {
      for (FollowerSample follower : sample.followers()) {
        with(follower.brokerId()).ifPresent(r -> r.seenByLeader(follower));
      }
    }
  }

  /** The partition as it stands; the same object until something changes. */
  PartitionView view() {
    if (view == null) {
      List<ReplicaView> views = new ArrayList<>(replicas.size());
      for (ReplicaDraft replica : replicas) {
        views.add(replica.view(isr.contains(replica.brokerId())));
      }
      view =
          new PartitionView(
              id,
              assignment,
              leader,
              leaderEpoch,
              isr,
              partitionEpoch,
              minInSyncReplicas,
              changedNanos,
              views);
    }
    return view;
  }

  private Optional<ReplicaDraft> with(int broker) {
    view = null;
    return replica(broker);
  }

  private Optional<ReplicaDraft> replica(int broker) {
    return replicas.stream().filter(r -> r.brokerId() == broker).findFirst();
  }
}
