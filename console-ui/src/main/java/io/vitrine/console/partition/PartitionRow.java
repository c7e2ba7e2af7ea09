package io.vitrine.console.partition;

import io.vitrine.cluster.event.ClusterEvent.SegmentSample;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.ReplicaView;
import io.vitrine.console.control.MiniRuler;
import io.vitrine.console.control.OffsetWindow;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition as the table shows it.
 *
 * @param logEndOffset of the leader, else the highest reported; -1 unknown
 * @param highWatermark of the leader, else the highest reported; -1 unknown
 * @param sizeBytes of the leader's log, else the largest
 * @param segments of the same log, -1 unknown
 * @param leaderLives whether the leader ZooKeeper names is still at work
 */
record PartitionRow(
    TopicPartition id,
    int leader,
    int preferred,
    int leaderEpoch,
    List<Integer> assignment,
    List<Integer> isr,
    int minInSyncReplicas,
    long logEndOffset,
    long highWatermark,
    long sizeBytes,
    int segments,
    boolean leaderLives,
    OffsetWindow window,
    List<MiniRuler.Bar> bars) {

  /** The row of this partition. */
  static PartitionRow of(PartitionView partition) {
    ReplicaView best =
        partition
            .replica(partition.leader())
            .orElseGet(
                () ->
                    partition.replicas().isEmpty()
                        ? ReplicaView.unreported(-1, false)
                        : partition.replicas().get(0));
    for (ReplicaView replica : partition.replicas()) {
      if (best.logEndOffset() < 0 && replica.logEndOffset() >= 0) {
        best = replica;
      }
    }
    List<SegmentSample> segments = best.segments();
    return new PartitionRow(
        partition.id(),
        partition.leader(),
        partition.preferredLeader(),
        partition.leaderEpoch(),
        partition.assignment(),
        partition.isr(),
        partition.minInSyncReplicas(),
        best.logEndOffset(),
        best.highWatermark(),
        best.sizeBytes(),
        segments.isEmpty() && best.logEndOffset() < 0 ? -1 : segments.size(),
        partition
            .replica(partition.leader())
            .filter(r -> r.role() == ReplicaView.Role.LEADER)
            .isPresent(),
        OffsetWindow.around(
            Math.max(0, best.logStartOffset()),
            partition.replicas().stream()
                .flatMapToLong(r -> LongStream.of(r.logEndOffset(), r.highWatermark()))),
        partition.replicas().stream()
            .map(
                r ->
                    new MiniRuler.Bar(
                        r.logEndOffset(),
                        r.highWatermark(),
                        r.brokerId() == partition.leader(),
                        r.inIsr()))
            .toList());
  }

  boolean offline() {
    return leader < 0;
  }

  boolean notPreferred() {
    return leader >= 0 && leader != preferred;
  }

  boolean underReplicated() {
    return isr.size() < assignment.size();
  }

  boolean underMinIsr() {
    return offline() || isr.size() < minInSyncReplicas;
  }
}
