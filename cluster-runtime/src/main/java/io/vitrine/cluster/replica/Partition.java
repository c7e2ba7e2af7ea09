package io.vitrine.cluster.replica;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.storage.epoch.EpochEntry;
import io.vitrine.storage.log.AppendResult;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrPartitionState;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One broker's replica of a partition: its role, its log, and as leader the ISR and the high
 * watermark.
 *
 * <p>One lock guards every change; the log's own lock is taken inside it, never the other way.
 * Reading the role and the log takes no lock. Waiting operations, events and the controller are
 * turned to only after the lock is released.
 */
public final class Partition {
  private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final TopicPartition topicPartition;
  private final PartitionContext context;
  private final PartitionReads reads;
  private volatile ReplicaRole role = ReplicaRole.Unassigned.ROLE;
  private volatile PartitionLog log;
  private volatile PartitionLog futureLog;

  Partition(TopicPartition topicPartition, PartitionContext context) {
    this.topicPartition = topicPartition;
    this.context = context;
    this.reads = new PartitionReads(this);
  }

  // ---- what it is ----------------------------------------------------------------------------

  public TopicPartition topicPartition() {
    return topicPartition;
  }

  public Optional<Uuid> topicId() {
    PartitionLog current = log;
    return current == null ? Optional.empty() : current.topicId();
  }

  public Optional<PartitionLog> log() {
    return Optional.ofNullable(log);
  }

  /** The log this replica is being moved to, in another log directory. */
  public Optional<PartitionLog> futureLog() {
    return Optional.ofNullable(futureLog);
  }

  public boolean isLeader() {
    return role instanceof LeaderState;
  }

  /** Who leads as far as this broker was told, -1 nobody. */
  public int leader() {
    return role.leader();
  }

  public int leaderEpoch() {
    return role.leaderEpoch();
  }

  public int partitionEpoch() {
    return role.partitionEpoch();
  }

  /** The ISR a leader works with, the maximal one; empty when this broker does not lead. */
  public List<Integer> maximalIsr() {
    return role instanceof LeaderState leader ? leader.isr().maximal() : List.of();
  }

  ReplicaRole role() {
    return role;
  }

  /** Where consumers are sent. */
  ReadReplicas readReplicas() {
    return context.readReplicas();
  }

  /** Serves fetches and look-ups. */
  PartitionReads reads() {
    return reads;
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
    lock.lock();
    try {
      if (order.partitionEpoch() < role.partitionEpoch()) {
        return false;
      }
      newLeader = !isLeader();
      log = partitionLog;
      epochStart = partitionLog.logEndOffset();
      partitionLog.assignEpochStart(order.leaderEpoch(), epochStart);
      LeaderState leader =
          new LeaderState(
              context.brokerId(),
              order.leaderEpoch(),
              order.partitionEpoch(),
              epochStart,
              order.replicas(),
              order.isr(),
              followersFor(order, epochStart));
      role = leader;
      rose = advanceHighWatermark(leader, partitionLog);
    } finally {
      lock.unlock();
    }
    report(new ClusterEvent.BecameLeader(topicPartition, order.leaderEpoch(), epochStart));
    if (rose) {
      context.delayed().changed(topicPartition);
    }
    return newLeader;
  }

  private List<RemoteReplica> followersFor(LeaderAndIsrPartitionState order, long epochStart) {
    Optional<LeaderState> before =
        role instanceof LeaderState leader ? Optional.of(leader) : Optional.empty();
    long nowMs = context.nowMs().getAsLong();
    List<RemoteReplica> followers = new ArrayList<>();
    for (int id : order.replicas()) {
      if (id != context.brokerId()) {
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
    lock.lock();
    try {
      if (order.partitionEpoch() < role.partitionEpoch()) {
        return false;
      }
      newEpoch = order.leaderEpoch() > role.leaderEpoch();
      log = partitionLog;
      role =
          new FollowerState(
              order.leader(), order.leaderEpoch(), order.partitionEpoch(), order.replicas());
    } finally {
      lock.unlock();
    }
    report(new ClusterEvent.BecameFollower(topicPartition, order.leaderEpoch(), order.leader()));
    return newEpoch;
  }

  /** Lets go of role and log: the replica is to be deleted, or its directory failed. */
  void clear() {
    lock.lock();
    try {
      role = ReplicaRole.Unassigned.ROLE;
      log = null;
      futureLog = null;
    } finally {
      lock.unlock();
    }
  }

  /** Gives the replica its log without a role, when its leader is not known to live. */
  void hold(PartitionLog partitionLog) {
    lock.lock();
    try {
      log = partitionLog;
    } finally {
      lock.unlock();
    }
  }

  // ---- moving to another directory -----------------------------------------------------------

  /** The replica is to move to this log; null gives the move up. */
  void future(PartitionLog partitionLog) {
    lock.lock();
    try {
      futureLog = partitionLog;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The future log takes the log's place once it has all of it. Nobody appends or cuts meanwhile.
   *
   * @param exchange carries it out and returns the log from then on
   * @return false while something is missing, and when the move was given up
   */
  boolean promoteFuture(Supplier<PartitionLog> exchange) {
    lock.lock();
    try {
      PartitionLog current = log;
      PartitionLog future = futureLog;
      if (current == null || future == null || !FutureCopy.isComplete(current, future)) {
        return false;
      }
      // The leader's epoch begins in the log before its first record comes.
      for (EpochEntry epoch : current.epochEntries()) {
        future.assignEpochStart(epoch.epoch(), epoch.startOffset());
      }
      log = exchange.get();
      futureLog = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  // ---- leader: append and acknowledgement ----------------------------------------------------

  /**
   * Appends what a producer or coordinator sent.
   *
   * @param acks -1 refuses when the ISR is smaller than {@code min.insync.replicas}
   * @return what became of it and whether the high watermark rose; the caller wakes who waits
   * @throws NotLeaderOrFollowerException when this broker does not lead
   * @throws NotEnoughReplicasException see acks
   */
  LeaderAppend appendAsLeader(MemoryRecords records, Origin origin, short acks) {
    lock.lock();
    try {
      LeaderState leader = leaderOrThrow();
      PartitionLog current = log;
      if (acks == -1 && leader.isr().isr().size() < effectiveMinIsr(leader)) {
        throw new NotEnoughReplicasException(
            "the ISR "
                + leader.isr().isr()
                + " of "
                + topicPartition
                + " is smaller than min.insync.replicas="
                + effectiveMinIsr(leader));
      }
      AppendResult result = current.appendAsLeader(records, leader.leaderEpoch(), origin);
      return new LeaderAppend(result, advanceHighWatermark(leader, current));
    } finally {
      lock.unlock();
    }
  }

  /** An append and whether it alone made the high watermark rise. */
  record LeaderAppend(AppendResult result, boolean highWatermarkRose) {}

  /**
   * Whether everything below an offset is acknowledged by the ISR.
   *
   * @return empty while it is not; NONE, or the error the producer gets
   */
  Optional<Errors> acknowledgement(long requiredOffset) {
    PartitionLog current = log;
    if (!(role instanceof LeaderState leader) || current == null) {
      return Optional.of(Errors.NOT_LEADER_OR_FOLLOWER);
    }
    if (current.highWatermark() < requiredOffset) {
      return Optional.empty();
    }
    boolean enough = leader.isr().maximal().size() >= effectiveMinIsr(leader);
    return Optional.of(enough ? Errors.NONE : Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
  }

  /**
   * Deletes the records before an offset.
   *
   * @param before -1 for the high watermark
   * @throws NotLeaderOrFollowerException when this broker does not lead
   * @throws org.apache.kafka.common.errors.PolicyViolationException when {@code cleanup.policy}
   *     does not contain delete
   * @throws org.apache.kafka.common.errors.OffsetOutOfRangeException above the high watermark
   */
  LeaderDelete deleteRecords(long before) {
    lock.lock();
    try {
      LeaderState leader = leaderOrThrow();
      long offset = before == DeleteRecordsRequest.HIGH_WATERMARK ? log.highWatermark() : before;
      log.deleteRecordsBefore(offset);
      return new LeaderDelete(offset, lowWatermark(leader, log));
    } finally {
      lock.unlock();
    }
  }

  /** Where the log is to start, and the smallest log start of the live replicas. */
  record LeaderDelete(long logStart, long lowWatermark) {}

  /**
   * The smallest log start among this leader, its live followers and the future log; -1 while one
   * of them is not known. Empty when this broker does not lead.
   */
  Optional<Long> lowWatermark() {
    PartitionLog current = log;
    return role instanceof LeaderState leader && current != null
        ? Optional.of(lowWatermark(leader, current))
        : Optional.empty();
  }

  private long lowWatermark(LeaderState leader, PartitionLog current) {
    long low = current.logStartOffset();
    for (RemoteReplica follower : leader.followers()) {
      if (context.alive().test(follower.brokerId())) {
        low = Math.min(low, follower.progress().logStartOffset());
      }
    }
    PartitionLog future = futureLog;
    return future == null ? low : Math.min(low, future.logStartOffset());
  }

  private LeaderState leaderOrThrow() {
    if (role instanceof LeaderState leader) {
      return leader;
    }
    throw new NotLeaderOrFollowerException(
        "broker " + context.brokerId() + " does not lead " + topicPartition);
  }

  private int effectiveMinIsr(LeaderState leader) {
    return HighWatermarks.effectiveMinIsr(
        context.minInsyncReplicas().applyAsInt(topicPartition.topic()), leader.followers().size());
  }

  private boolean advanceHighWatermark(LeaderState leader, PartitionLog current) {
    long before = current.highWatermark();
    long next =
        HighWatermarks.ofLeader(
            before,
            current.logEndOffset(),
            leader.isr(),
            context.minInsyncReplicas().applyAsInt(topicPartition.topic()),
            leader.followers(),
            context.nowMs().getAsLong(),
            context.lagTimeMaxMs(),
            context.alive());
    if (next > before) {
      current.updateHighWatermark(next);
      return true;
    }
    return false;
  }

  // ---- leader: followers and ISR -------------------------------------------------------------

  /**
   * Notes a follower's fetch: it has all below the offset. May bring it into the ISR and raise the
   * high watermark.
   *
   * @param leaderEpoch the epoch the fetch was answered in; a later one has forgotten it
   * @param leaderEnd the log end when the fetch was answered
   */
  void followerFetched(
      int followerId,
      int leaderEpoch,
      long fetchOffset,
      long followerLogStart,
      long leaderEnd,
      long brokerEpoch) {
    boolean rose = false;
    boolean startMoved;
    IsrState.Pending change = null;
    lock.lock();
    try {
      RemoteReplica follower = followerIfLeading(followerId, leaderEpoch);
      if (follower == null) {
        return;
      }
      LeaderState leader = (LeaderState) role;
      long before = follower.progress().logEndOffset();
      startMoved = follower.progress().logStartOffset() != followerLogStart;
      follower.progress(
          follower
              .progress()
              .fetched(
                  fetchOffset,
                  followerLogStart,
                  context.nowMs().getAsLong(),
                  leaderEnd,
                  brokerEpoch));
      if (IsrDecisions.mayJoin(
          leader.isr(),
          follower,
          log.highWatermark(),
          leader.epochStartOffset(),
          context.alive())) {
        change = expand(leader, followerId);
      }
      if (before != fetchOffset) {
        rose = advanceHighWatermark(leader, log);
      }
    } finally {
      lock.unlock();
    }
    if (change != null) {
      ask(change, false);
    }
    if (rose) {
      context.delayed().changed(topicPartition);
    } else if (startMoved) {
      context.delayed().logStartMoved(topicPartition);
    }
  }

  /**
   * A broker is not alive any more: the high watermark, which waits for a replica that was caught
   * up a moment ago, waits for it no longer. (Kafka notices with the next follower's progress only,
   * which may be a request time-out away when all produces wait.)
   */
  void brokerGone() {
    boolean rose = false;
    lock.lock();
    try {
      if (role instanceof LeaderState leader && log != null) {
        rose = advanceHighWatermark(leader, log);
      }
    } finally {
      lock.unlock();
    }
    if (rose) {
      context.delayed().changed(topicPartition);
    } else {
      context.delayed().logStartMoved(topicPartition);
    }
  }

  private RemoteReplica followerIfLeading(int followerId, int leaderEpoch) {
    return role instanceof LeaderState leader && leader.leaderEpoch() == leaderEpoch
        ? leader.follower(followerId).orElse(null)
        : null;
  }

  private static IsrState.Pending expand(LeaderState leader, int followerId) {
    IsrState.Pending pending = new IsrState.Committed(leader.isr().isr()).expand(followerId);
    leader.isr(pending);
    return pending;
  }

  /** Takes followers that lag out of the ISR; called every half of the lag time. */
  void maybeShrinkIsr() {
    if (!(role instanceof LeaderState) || log == null) {
      return;
    }
    IsrState.Pending change = null;
    lock.lock();
    try {
      PartitionLog current = log;
      if (role instanceof LeaderState leader && current != null) {
        List<Integer> outOfSync =
            IsrDecisions.outOfSync(
                leader.isr(),
                leader.followers(),
                current.logEndOffset(),
                context.nowMs().getAsLong(),
                context.lagTimeMaxMs());
        if (!outOfSync.isEmpty()) {
          change = new IsrState.Committed(leader.isr().isr()).shrink(outOfSync);
          leader.isr(change);
        }
      }
    } finally {
      lock.unlock();
    }
    if (change != null) {
      LOG.info(
          "{} asks to shrink its ISR {} to {}", topicPartition, change.isr(), change.proposed());
      ask(change, false);
    }
  }

  private void ask(IsrState.Pending pending, boolean later) {
    IsrChange change;
    lock.lock();
    try {
      if (!(role instanceof LeaderState leader) || leader.isr() != pending) {
        return;
      }
      change =
          new IsrChange(
              topicPartition,
              topicId().orElse(Uuid.ZERO_UUID),
              leader.leaderEpoch(),
              leader.partitionEpoch(),
              pending.proposed());
    } finally {
      lock.unlock();
    }
    CompletableFuture<IsrChange.Answer> answer =
        later ? context.isrChanges().submitLater(change) : context.isrChanges().submit(change);
    answer.thenAccept(given -> answered(pending, given));
  }

  private void answered(IsrState.Pending pending, IsrChange.Answer answer) {
    boolean rose = false;
    boolean retry = false;
    ClusterEvent event = null;
    lock.lock();
    try {
      // Another state is in place when a new order overtook the answer.
      if (!(role instanceof LeaderState leader) || leader.isr() != pending || log == null) {
        return;
      }
      if (answer.error() == Errors.NONE) {
        if (answer.leaderEpoch() == leader.leaderEpoch()
            && answer.partitionEpoch() >= leader.partitionEpoch()) {
          event = changeEvent(leader, pending, answer.isr());
          leader.committed(answer.isr(), answer.partitionEpoch());
          rose = advanceHighWatermark(leader, log);
        }
      } else {
        IsrDecisions.AfterError after = IsrDecisions.afterError(answer.error());
        LOG.info("{} was refused {}: {}, {}", topicPartition, pending, answer.error(), after);
        if (after == IsrDecisions.AfterError.BACK_TO_COMMITTED) {
          leader.isr(pending.lastCommitted());
          rose = advanceHighWatermark(leader, log);
        }
        retry = after == IsrDecisions.AfterError.RETRY;
      }
    } finally {
      lock.unlock();
    }
    if (event != null) {
      report(event);
    }
    if (rose || event != null) {
      context.delayed().changed(topicPartition);
    }
    if (retry) {
      ask(pending, true);
    }
  }

  private ClusterEvent changeEvent(
      LeaderState leader, IsrState.Pending pending, List<Integer> confirmed) {
    if (pending instanceof IsrState.PendingExpand expand) {
      return new ClusterEvent.IsrExpanded(topicPartition, expand.added(), confirmed);
    }
    List<Integer> removed = ((IsrState.PendingShrink) pending).removed();
    long nowMs = context.nowMs().getAsLong();
    long behindMs =
        leader.followers().stream()
            .filter(follower -> removed.contains(follower.brokerId()))
            .mapToLong(follower -> age(nowMs, follower.progress().lastCaughtUpMs()))
            .max()
            .orElse(-1);
    return new ClusterEvent.IsrShrunk(
        topicPartition, removed, confirmed, behindMs, context.lagTimeMaxMs());
  }

  /** How long ago, -1 for never. */
  static long age(long nowMs, long thenMs) {
    return thenMs == FollowerProgress.NEVER ? -1 : Math.max(0, nowMs - thenMs);
  }

  // ---- follower ------------------------------------------------------------------------------

  /**
   * Appends what the leader sent and takes over its high watermark and log start.
   *
   * @param leaderEpoch the epoch the records were asked for in
   * @return whether the own high watermark changed
   * @throws NotLeaderOrFollowerException when this broker does not follow in that epoch any more
   * @throws IllegalStateException when the log does not end where the records were asked from
   */
  FollowerAppend appendAsFollower(
      MemoryRecords records,
      int leaderEpoch,
      long fetchOffset,
      long leaderHighWatermark,
      long leaderLogStart) {
    lock.lock();
    try {
      PartitionLog current = followingLog(leaderEpoch);
      if (current.logEndOffset() != fetchOffset) {
        throw new IllegalStateException(
            topicPartition
                + " ends at "
                + current.logEndOffset()
                + ", but its leader was asked for "
                + fetchOffset);
      }
      AppendResult result = null;
      if (records.sizeInBytes() > 0) {
        startBelowIfEmpty(current, records);
        result = current.appendAsFollower(records, leaderEpoch);
      }
      long before = current.highWatermark();
      current.updateHighWatermark(
          HighWatermarks.ofFollower(leaderHighWatermark, current.logEndOffset()));
      current.maybeIncrementLogStartOffset(Math.min(leaderLogStart, current.highWatermark()));
      return new FollowerAppend(
          current.logEndOffset(),
          result == null ? -1 : result.leaderEpoch(),
          current.highWatermark() != before);
    } finally {
      lock.unlock();
    }
  }

  /**
   * What a follower has after an append.
   *
   * @param lastEpoch leader epoch of the last batch, -1 when none came
   */
  record FollowerAppend(long logEndOffset, int lastEpoch, boolean highWatermarkChanged) {}

  /** The leader's log may start within a batch: an empty log then begins with that batch. */
  static void startBelowIfEmpty(PartitionLog current, MemoryRecords records) {
    long end = current.logEndOffset();
    if (end == current.logStartOffset()) {
      var first = records.batches().iterator().next();
      if (first.baseOffset() < end && first.lastOffset() >= end) {
        current.truncateFullyAndStartAt(first.baseOffset());
      }
    }
  }

  /** Cuts the log of a follower; reports it when something was cut. */
  void truncateTo(long offset, int leaderEpoch, String reason) {
    long before;
    lock.lock();
    try {
      PartitionLog current = followingLog(leaderEpoch);
      before = current.logEndOffset();
      current.truncateTo(offset);
    } finally {
      lock.unlock();
    }
    if (offset < before) {
      report(new ClusterEvent.LogTruncated(topicPartition, before, offset, reason));
    }
  }

  /** Throws a follower's log away; it begins again at the offset. */
  void truncateFullyAndStartAt(long offset, int leaderEpoch, String reason) {
    long before;
    lock.lock();
    try {
      PartitionLog current = followingLog(leaderEpoch);
      before = current.logEndOffset();
      current.truncateFullyAndStartAt(offset);
    } finally {
      lock.unlock();
    }
    report(new ClusterEvent.LogTruncated(topicPartition, before, offset, reason));
  }

  private PartitionLog followingLog(int leaderEpoch) {
    PartitionLog current = log;
    if (current == null
        || !(role instanceof FollowerState follower)
        || follower.leaderEpoch() != leaderEpoch) {
      throw new NotLeaderOrFollowerException(
          "broker "
              + context.brokerId()
              + " does not follow "
              + topicPartition
              + " in leader epoch "
              + leaderEpoch);
    }
    return current;
  }

  private void report(ClusterEvent event) {
    context.events().report(context.brokerId(), event);
  }

  @Override
  public String toString() {
    return topicPartition + " as " + role.getClass().getSimpleName() + " in " + leaderEpoch();
  }
}
