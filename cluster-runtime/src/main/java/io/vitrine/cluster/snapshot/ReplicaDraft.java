package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.EpochSample;
import io.vitrine.cluster.event.ClusterEvent.FollowerSample;
import io.vitrine.cluster.event.ClusterEvent.ReplicaSample;
import io.vitrine.cluster.event.ClusterEvent.SegmentSample;
import java.util.List;

/** A replica while events are folded in. Owned by its {@link PartitionDraft}. */
final class ReplicaDraft {
  private final int brokerId;
  private ReplicaView.Role role = ReplicaView.Role.OFFLINE;
  private int believedLeader = -1;
  private int leaderEpoch = -1;
  private long logStartOffset = -1;
  private long logEndOffset = -1;
  private long highWatermark = -1;
  private long lastStableOffset = -1;
  private long knownToLeaderOffset = -1;
  private long sinceFetchMs = -1;
  private long sinceCaughtUpMs = -1;
  private long lagLimitMs;
  private int waitingProduces;
  private int waitingFetches;
  private long sizeBytes;
  private String logDirectory = "";
  private List<SegmentSample> segments = List.of();
  private List<EpochSample> epochs = List.of();
  private long reportedNanos;

  ReplicaDraft(int brokerId) {
    this.brokerId = brokerId;
  }

  private ReplicaDraft(ReplicaDraft other) {
    brokerId = other.brokerId;
    role = other.role;
    believedLeader = other.believedLeader;
    leaderEpoch = other.leaderEpoch;
    logStartOffset = other.logStartOffset;
    logEndOffset = other.logEndOffset;
    highWatermark = other.highWatermark;
    lastStableOffset = other.lastStableOffset;
    knownToLeaderOffset = other.knownToLeaderOffset;
    sinceFetchMs = other.sinceFetchMs;
    sinceCaughtUpMs = other.sinceCaughtUpMs;
    lagLimitMs = other.lagLimitMs;
    waitingProduces = other.waitingProduces;
    waitingFetches = other.waitingFetches;
    sizeBytes = other.sizeBytes;
    logDirectory = other.logDirectory;
    segments = other.segments;
    epochs = other.epochs;
    reportedNanos = other.reportedNanos;
  }

  ReplicaDraft copy() {
    return new ReplicaDraft(this);
  }

  int brokerId() {
    return brokerId;
  }

  void lead(int epoch) {
    role = ReplicaView.Role.LEADER;
    believedLeader = brokerId;
    leaderEpoch = epoch;
    forgetLeadersView();
  }

  void follow(int leader, int epoch) {
    role = ReplicaView.Role.FOLLOWER;
    believedLeader = leader;
    leaderEpoch = epoch;
    waitingProduces = 0;
    forgetLeadersView();
  }

  /** The broker does not serve it any more; what it last reported stays. */
  void goOffline() {
    role = ReplicaView.Role.OFFLINE;
    believedLeader = -1;
    waitingProduces = 0;
    waitingFetches = 0;
    forgetLeadersView();
  }

  void truncated(long toOffset) {
    logEndOffset = toOffset;
  }

  void recovered(long endOffset) {
    logEndOffset = endOffset;
  }

  /** The broker's own report. */
  void sampled(ReplicaSample sample, long nanos) {
    role = sample.leads() ? ReplicaView.Role.LEADER : ReplicaView.Role.FOLLOWER;
    believedLeader = sample.leader();
    leaderEpoch = sample.leaderEpoch();
    logStartOffset = sample.logStartOffset();
    logEndOffset = sample.logEndOffset();
    highWatermark = sample.highWatermark();
    lastStableOffset = sample.lastStableOffset();
    waitingProduces = sample.waitingProduces();
    waitingFetches = sample.waitingFetches();
    sizeBytes = sample.sizeBytes();
    logDirectory = sample.logDirectory();
    segments = sample.segments();
    epochs = sample.epochs();
    reportedNanos = nanos;
    if (sample.leads()) {
      forgetLeadersView();
    }
  }

  /** What the leader knows of this follower. */
  void seenByLeader(FollowerSample sample) {
    knownToLeaderOffset = sample.logEndOffset();
    sinceFetchMs = sample.sinceFetchMs();
    sinceCaughtUpMs = sample.sinceCaughtUpMs();
    lagLimitMs = sample.lagLimitMs();
  }

  /** Nobody leads that could know how far this follower is. */
  void forgetLeadersView() {
    knownToLeaderOffset = -1;
    sinceFetchMs = -1;
    sinceCaughtUpMs = -1;
    lagLimitMs = 0;
  }

  ReplicaView view(boolean inIsr) {
    return new ReplicaView(
        brokerId,
        role,
        inIsr,
        believedLeader,
        leaderEpoch,
        logStartOffset,
        logEndOffset,
        highWatermark,
        lastStableOffset,
        knownToLeaderOffset,
        sinceFetchMs,
        sinceCaughtUpMs,
        lagLimitMs,
        waitingProduces,
        waitingFetches,
        sizeBytes,
        logDirectory,
        segments,
        epochs,
        reportedNanos);
  }
}
