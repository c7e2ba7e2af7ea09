package io.vitrine.cluster.replica;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.storage.epoch.EpochEntry;
import io.vitrine.storage.log.PartitionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrPartitionState;

/**
 * One broker's replica of a partition: takes on the roles the controller orders and holds the parts
 * that act in them.
 *
 * <p>One lock, of the {@link ReplicaState} all parts share, guards every change; the log's own lock
 * is taken inside it, never the other way. Reading the role and the log takes no lock. Waiting
 * operations, events and the controller are turned to only after the lock is released.
 */
public final class Partition {
  private final ReplicaState state;
  private final PartitionReads reads;
  private final LeaderIsr leaderIsr;
  private final LeaderWrites leaderWrites;
  private final FollowerWrites followerWrites;

  Partition(TopicPartition topicPartition, PartitionContext context) {
    this.state = new ReplicaState(topicPartition, context);
    this.leaderIsr = new LeaderIsr(state);
    this.leaderWrites = new LeaderWrites(state, leaderIsr);
    this.followerWrites = new FollowerWrites(state);
    this.reads = new PartitionReads(state, leaderIsr);
  }

  // ---- what it is ----------------------------------------------------------------------------

  public TopicPartition topicPartition() {
    return state.topicPartition();
  }

  public Optional<Uuid> topicId() {
    PartitionLog current = state.log();
    return current == null ? Optional.empty() : current.topicId();
  }

  public Optional<PartitionLog> log() {
    return Optional.ofNullable(state.log());
  }

  /** The log this replica is being moved to, in another log directory. */
  public Optional<PartitionLog> futureLog() {
    return Optional.ofNullable(state.futureLog());
  }

  public boolean isLeader() {
    return state.role() instanceof LeaderState;
  }

  /** Who leads as far as this broker was told, -1 nobody. */
  public int leader() {
    return state.role().leader();
  }

  public int leaderEpoch() {
    return state.role().leaderEpoch();
  }

  public int partitionEpoch() {
    return state.role().partitionEpoch();
  }

  /** The ISR a leader works with, the maximal one; empty when this broker does not lead. */
  public List<Integer> maximalIsr() {
    return state.role() instanceof LeaderState leader ? leader.isr().maximal() : List.of();
  }

  /** The ISR the controller last confirmed; empty when this broker does not lead. */
  List<Integer> isr() {
    return state.role() instanceof LeaderState leader ? leader.isr().isr() : List.of();
  }

  /** How its replicas are, as seen from here. */
  public PartitionHealth health() {
    if (!(state.role() instanceof LeaderState leader)) {
      return PartitionHealth.ELSEWHERE;
    }
    int replicas = leader.replicas().size();
    int minIsr = state.context().minInsyncReplicas().applyAsInt(state.topicPartition().topic());
    return new PartitionHealth(
        true, replicas, leader.isr().isr().size(), Math.min(minIsr, replicas));
  }

  /** Whether replicas of it come or go. */
  public boolean isReassigning() {
    return state.reassignment().isUnderWay();
  }

  /** Whether a broker is to get a replica it has not had. */
  public boolean isAdding(int brokerId) {
    return state.reassignment().adds(brokerId);
  }

  ReplicaRole role() {
    return state.role();
  }

  // ---- its parts -----------------------------------------------------------------------------

  /** Serves fetches and look-ups. */
  PartitionReads reads() {
    return reads;
  }

  /** For clients' appends and deletions, when this broker leads. */
  LeaderWrites leaderWrites() {
    return leaderWrites;
  }

  /** The followers, the ISR and the high watermark, when this broker leads. */
  LeaderIsr leaderIsr() {
    return leaderIsr;
  }

  /** For the fetcher, when this broker follows. */
  FollowerWrites followerWrites() {
    return followerWrites;
  }

  // ---- orders of the controller --------------------------------------------------------------

  /**
   * Begins to lead, or goes on in a newer epoch.
   *
   * @return whether this broker did not lead before; false also when the order is outdated
   */
  boolean becomeLeader(LeaderAndIsrPartitionState order, PartitionLog partitionLog) {
    boolean newLeader;
    boolean rose;
    long epochStart;
    state.lock();
    try {
      if (order.partitionEpoch() < state.role().partitionEpoch()) {
        return false;
      }
      newLeader = !isLeader();
      state.log(partitionLog);
      epochStart = partitionLog.logEndOffset();
      partitionLog.assignEpochStart(order.leaderEpoch(), epochStart);
      LeaderState leader =
          new LeaderState(
              state.context().brokerId(),
              order.leaderEpoch(),
              state.role() instanceof LeaderState before
                  ? before.firstLeaderEpoch()
                  : order.leaderEpoch(),
              order.partitionEpoch(),
              order.controllerEpoch(),
              epochStart,
              order.replicas(),
              order.isr(),
              followersFor(order, epochStart));
      state.role(leader);
      state.reassignment(Reassignment.of(order));
      rose = leaderIsr.advanceHighWatermark(leader, partitionLog);
    } finally {
      state.unlock();
    }
    state.report(
        new ClusterEvent.BecameLeader(state.topicPartition(), order.leaderEpoch(), epochStart));
    if (rose) {
      state.context().delayed().changed(state.topicPartition());
    }
    return newLeader;
  }

  private List<RemoteReplica> followersFor(LeaderAndIsrPartitionState order, long epochStart) {
    Optional<LeaderState> before =
        state.role() instanceof LeaderState leader ? Optional.of(leader) : Optional.empty();
    long nowMs = state.context().nowMs().getAsLong();
    List<RemoteReplica> followers = new ArrayList<>();
    for (int id : order.replicas()) {
      if (id != state.context().brokerId()) {
        boolean inSync = order.isr().contains(id);
        FollowerProgress progress =
            before
                .map(
                    leader ->
                        leader
                            .follower(id)
                            .map(RemoteReplica::progress)
                            .orElse(FollowerProgress.NONE)
                            .atNewEpoch(inSync, epochStart, nowMs))
                .orElseGet(() -> FollowerProgress.atNewLeader(inSync, nowMs));
        followers.add(new RemoteReplica(id, progress));
      }
    }
    return followers;
  }

  /**
   * Begins to follow.
   *
   * @return whether the leader epoch is new, so that fetching must begin afresh
   */
  boolean becomeFollower(LeaderAndIsrPartitionState order, PartitionLog partitionLog) {
    boolean newEpoch;
    state.lock();
    try {
      if (order.partitionEpoch() < state.role().partitionEpoch()) {
        return false;
      }
      newEpoch = order.leaderEpoch() > state.role().leaderEpoch();
      state.log(partitionLog);
      state.role(
          new FollowerState(
              order.leader(), order.leaderEpoch(), order.partitionEpoch(), order.replicas()));
      state.reassignment(Reassignment.of(order));
    } finally {
      state.unlock();
    }
    state.report(
        new ClusterEvent.BecameFollower(
            state.topicPartition(), order.leaderEpoch(), order.leader()));
    return newEpoch;
  }

  /** Lets go of role and log: the replica is to be deleted, or its directory failed. */
  void clear() {
    state.lock();
    try {
      state.role(ReplicaRole.Unassigned.ROLE);
      state.reassignment(Reassignment.NONE);
      state.log(null);
      state.futureLog(null);
    } finally {
      state.unlock();
    }
  }

  /** Gives the replica its log without a role, when its leader is not known to live. */
  void hold(PartitionLog partitionLog) {
    state.lock();
    try {
      state.log(partitionLog);
    } finally {
      state.unlock();
    }
  }

  // ---- moving to another directory -----------------------------------------------------------

  /** The replica is to move to this log; null gives the move up. */
  void future(PartitionLog partitionLog) {
    state.lock();
    try {
      state.futureLog(partitionLog);
    } finally {
      state.unlock();
    }
  }

  /**
   * The future log takes the log's place once it has all of it. Nobody appends or cuts meanwhile.
   *
   * @param exchange carries it out and returns the log from then on
   * @return false while something is missing, and when the move was given up
   */
  boolean promoteFuture(Supplier<PartitionLog> exchange) {
    state.lock();
    try {
      PartitionLog current = state.log();
      PartitionLog future = state.futureLog();
      if (current == null || future == null || !FutureCopy.isComplete(current, future)) {
        return false;
      }
      // The leader's epoch begins in the log before its first record comes.
      for (EpochEntry epoch : current.epochEntries()) {
        future.assignEpochStart(epoch.epoch(), epoch.startOffset());
      }
      state.log(exchange.get());
      state.futureLog(null);
      return true;
    } finally {
      state.unlock();
    }
  }

  @Override
  public String toString() {
    return state.toString();
  }
}
