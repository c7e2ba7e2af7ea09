package io.vitrine.console.lane;

import io.vitrine.cluster.event.ClusterEvent.EpochSample;
import io.vitrine.cluster.event.ClusterEvent.SegmentSample;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.ReplicaView;
import io.vitrine.console.control.OffsetWindow;
import io.vitrine.console.live.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition's replicas at one moment.
 *
 * @param leader broker id, -1 nobody
 * @param leaderLives whether that broker is at work
 * @param lanes the leader first, then the other members of the ISR, then the rest
 * @param ends the log ends that make the high watermark, by member of the ISR: the leader's own and
 *     what it knows of the others
 * @param highWatermark the leader's, -1 unknown
 * @param epochs of the leader's log, oldest first
 * @param segments of the leader's log, oldest first
 */
record LanePage(
    TopicPartition id,
    int leader,
    int leaderEpoch,
    boolean leaderLives,
    List<Integer> isr,
    int minInSyncReplicas,
    OffsetWindow window,
    List<Lane> lanes,
    Map<Integer, Long> ends,
    long highWatermark,
    int waitingProduces,
    List<EpochSample> epochs,
    List<SegmentSample> segments,
    long logEndOffset) {

  /**
   * One replica.
   *
   * @param sinceFetchMs as the leader sees it, aged to now; -1 not a follower
   * @param sinceCaughtUpMs likewise
   * @param reportedAgoMs age of the numbers, -1 never reported
   */
  record Lane(
      ReplicaView replica,
      boolean leads,
      boolean reachable,
      long sinceFetchMs,
      long sinceCaughtUpMs,
      long reportedAgoMs) {

    /** Behind and not caught up, share of {@code replica.lag.time.max.ms} used; -1 no clock. */
    double limitUsed() {
      return leads || replica.lagLimitMs() <= 0 || sinceCaughtUpMs < 0
          ? -1
          : sinceCaughtUpMs / (double) replica.lagLimitMs();
    }
  }

  /** The page of this partition, empty when it is gone. */
  static Optional<LanePage> of(TopicPartition id, Frame frame) {
    return Optional.ofNullable(frame.snapshot().partitions().get(id)).map(p -> of(p, frame));
  }

  private static LanePage of(PartitionView partition, Frame frame) {
    ClusterSnapshot snapshot = frame.snapshot();
    List<Lane> lanes = new ArrayList<>();
    for (ReplicaView replica : partition.replicas()) {
      lanes.add(lane(replica, partition, frame));
    }
    // A stable sort: within each group the assignment's order stays.
    lanes.sort(
        Comparator.comparing((Lane lane) -> !(lane.leads() && lane.replica().inIsr()))
            .thenComparing(lane -> !lane.replica().inIsr()));
    Optional<ReplicaView> leader = partition.replica(partition.leader());
    ReplicaView best =
        leader.orElseGet(
            () -> lanes.isEmpty() ? ReplicaView.unreported(-1, false) : lanes.get(0).replica());
    return new LanePage(
        partition.id(),
        partition.leader(),
        partition.leaderEpoch(),
        running(snapshot, partition.leader()),
        partition.isr(),
        partition.minInSyncReplicas(),
        OffsetWindow.around(
            Math.max(0, best.logStartOffset()),
            partition.replicas().stream()
                .flatMapToLong(r -> LongStream.of(r.logEndOffset(), r.highWatermark()))),
        List.copyOf(lanes),
        ends(partition, leader),
        leader.map(ReplicaView::highWatermark).orElse(-1L),
        leader.map(ReplicaView::waitingProduces).orElse(0),
        best.epochs(),
        best.segments(),
        best.logEndOffset());
  }

  private static Lane lane(ReplicaView replica, PartitionView partition, Frame frame) {
    boolean leads = replica.brokerId() == partition.leader();
    long age =
        partition
            .replica(partition.leader())
            .filter(leader -> leader.reportedNanos() > 0)
            .map(leader -> frame.sinceMs(leader.reportedNanos()))
            .orElse(0L);
    return new Lane(
        replica,
        leads,
        running(frame.snapshot(), replica.brokerId()),
        replica.sinceFetchMs() < 0 ? -1 : replica.sinceFetchMs() + age,
        replica.sinceCaughtUpMs() < 0
            ? -1
            : replica.sinceCaughtUpMs() == 0 ? 0 : replica.sinceCaughtUpMs() + age,
        replica.reportedNanos() == 0 ? -1 : frame.sinceMs(replica.reportedNanos()));
  }

  private static boolean running(ClusterSnapshot snapshot, int broker) {
    return snapshot
        .broker(broker)
        .map(BrokerView::state)
        .filter(s -> s == BrokerState.SERVING || s == BrokerState.STOPPING)
        .isPresent();
  }

  private static Map<Integer, Long> ends(PartitionView partition, Optional<ReplicaView> leader) {
    Map<Integer, Long> ends = new TreeMap<>();
    for (int member : partition.isr()) {
      partition
          .replica(member)
          .ifPresent(
              r ->
                  ends.put(
                      member,
                      leader.filter(l -> l.brokerId() == member).isPresent()
                          ? r.logEndOffset()
                          : r.knownToLeaderOffset()));
    }
    return ends;
  }
}
