package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.EpochSample;
import io.vitrine.cluster.event.ClusterEvent.SegmentSample;
import java.util.List;

/**
 * One replica as its own broker reports it; the last report stays when the broker is gone.
 *
 * @param role what the broker does with it now
 * @param inIsr whether ZooKeeper's ISR holds it
 * @param believedLeader whom this broker follows or itself; -1 unknown. May differ from ZooKeeper's
 * @param leaderEpoch the epoch this broker works in, -1 unknown
 * @param logStartOffset -1 when never reported, as are the other offsets
 * @param knownToLeaderOffset log end offset as the leader knows it from fetches, -1 unknown
 * @param sinceFetchMs time since the leader heard a fetch of it, -1 not a follower or never
 * @param sinceCaughtUpMs time since it was caught up in the leader's eyes, -1 not a follower
 * @param lagLimitMs {@code replica.lag.time.max.ms} of the leader, 0 unknown
 * @param waitingProduces acks=all produces waiting here, leader only
 * @param reportedNanos when the broker last reported, 0 never
 */
public record ReplicaView(
    int brokerId,
    Role role,
    boolean inIsr,
    int believedLeader,
    int leaderEpoch,
    long logStartOffset,
    long logEndOffset,
    long highWatermark,
    long lastStableOffset,
    long knownToLeaderOffset,
    long sinceFetchMs,
    long sinceCaughtUpMs,
    long lagLimitMs,
    int waitingProduces,
    int waitingFetches,
    long sizeBytes,
    String logDirectory,
    List<SegmentSample> segments,
    List<EpochSample> epochs,
    long reportedNanos) {
  public ReplicaView {
    segments = List.copyOf(segments);
    epochs = List.copyOf(epochs);
  }

  /** What a broker does with its replica. */
  public enum Role {
    LEADER,
    FOLLOWER,
    /** The broker is not serving, or never reported this replica. */
    OFFLINE
  }

  /** An assigned replica nobody reported yet. */
  public static ReplicaView unreported(int brokerId, boolean inIsr) {
    return new ReplicaView(
        brokerId,
        Role.OFFLINE,
        inIsr,
        -1,
        -1,
        -1,
        -1,
        -1,
        -1,
        -1,
        -1,
        -1,
        0,
        0,
        0,
        0,
        "",
        List.of(),
        List.of(),
        0);
  }
}
