package io.vitrine.cluster.replica;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.storage.log.PartitionLog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the followers of a partition this broker leads are, and what follows from it: the ISR,
 * which changes with the controller's consent only, and the high watermark. Moved by followers'
 * fetches, by time, by brokers that go and by the controller's answers; waiting operations, events
 * and the controller are turned to only after the lock is released.
 */
final class LeaderIsr {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderIsr.class);

  private final ReplicaState state;
  private final PartitionContext context;

  LeaderIsr(ReplicaState state) {
    this.state = state;
    this.context = state.context();
  }

  /**
   * Notes a follower's fetch: it has all below the offset. May bring it into the ISR and raise the
   * high watermark.
   *
   * @param leaderEpoch the epoch the fetch was answered in; a later one has forgotten it
   * @param leaderEnd the log end when the fetch was answered
   */
  void fetched(
      int followerId,
      int leaderEpoch,
      long fetchOffset,
      long followerLogStart,
      long leaderEnd,
      long brokerEpoch) {
    boolean rose = false;
    boolean startMoved;
    IsrState.Pending change = null;
    state.lock();
    try {
      RemoteReplica follower = followerIfLeading(followerId, leaderEpoch);
      if (follower == null) {
        return;
      }
      LeaderState leader = (LeaderState) state.role();
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
          state.log().highWatermark(),
          leader.epochStartOffset(),
          context.alive())) {
        change = expand(leader, followerId);
      }
      if (before != fetchOffset) {
        rose = advanceHighWatermark(leader, state.log());
      }
    } finally {
      state.unlock();
    }
    if (change != null) {
      ask(change, false);
    }
    if (rose) {
      context.delayed().changed(state.topicPartition());
    } else if (startMoved) {
      context.delayed().logStartMoved(state.topicPartition());
    }
  }

  /**
   * A broker is not alive any more: the high watermark, which waits for a replica that was caught
   * up a moment ago, waits for it no longer. (Kafka notices with the next follower's progress only,
   * which may be a request time-out away when all produces wait.)
   */
  void brokerGone() {
    boolean rose = false;
    state.lock();
    try {
      if (state.role() instanceof LeaderState leader && state.log() != null) {
        rose = advanceHighWatermark(leader, state.log());
      }
    } finally {
      state.unlock();
    }
    if (rose) {
      context.delayed().changed(state.topicPartition());
    } else {
      context.delayed().logStartMoved(state.topicPartition());
    }
  }

  private RemoteReplica followerIfLeading(int followerId, int leaderEpoch) {
    return state.role() instanceof LeaderState leader && leader.leaderEpoch() == leaderEpoch
        ? leader.follower(followerId).orElse(null)
        : null;
  }

  private static IsrState.Pending expand(LeaderState leader, int followerId) {
    IsrState.Pending pending = new IsrState.Committed(leader.isr().isr()).expand(followerId);
    leader.isr(pending);
    return pending;
  }

  /** Takes followers that lag out of the ISR; called every half of the lag time. */
  void maybeShrink() {
    if (!(state.role() instanceof LeaderState) || state.log() == null) {
      return;
    }
    IsrState.Pending change = null;
    state.lock();
    try {
      PartitionLog current = state.log();
      if (state.role() instanceof LeaderState leader && current != null) {
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
      state.unlock();
    }
    if (change != null) {
      LOG.info(
          "{} asks to shrink its ISR {} to {}",
          state.topicPartition(),
          change.isr(),
          change.proposed());
      ask(change, false);
    }
  }

  private void ask(IsrState.Pending pending, boolean later) {
    IsrChange change;
    state.lock();
    try {
      if (!(state.role() instanceof LeaderState leader) || leader.isr() != pending) {
        return;
      }
      change =
          new IsrChange(
              state.topicPartition(),
              state.log().topicId().orElse(Uuid.ZERO_UUID),
              leader.leaderEpoch(),
              leader.partitionEpoch(),
              leader.controllerEpoch(),
              pending.proposed());
    } finally {
      state.unlock();
    }
    CompletableFuture<IsrChange.Answer> answer =
        later ? context.isrChanges().submitLater(change) : context.isrChanges().submit(change);
    answer.thenAccept(given -> answered(pending, given));
  }

  private void answered(IsrState.Pending pending, IsrChange.Answer answer) {
    boolean rose = false;
    boolean retry = false;
    ClusterEvent event = null;
    state.lock();
    try {
      // Another state is in place when a new order overtook the answer.
      if (!(state.role() instanceof LeaderState leader)
          || leader.isr() != pending
          || state.log() == null) {
        return;
      }
      if (answer.error() == Errors.NONE) {
        if (answer.leaderEpoch() == leader.leaderEpoch()
            && answer.partitionEpoch() >= leader.partitionEpoch()) {
          event = changeEvent(leader, pending, answer.isr());
          leader.committed(answer.isr(), answer.partitionEpoch());
          rose = advanceHighWatermark(leader, state.log());
        }
      } else {
        context.traffic().isrChangeRefused();
        IsrDecisions.AfterError after = IsrDecisions.afterError(answer.error());
        LOG.info(
            "{} was refused {}: {}, {}", state.topicPartition(), pending, answer.error(), after);
        if (after == IsrDecisions.AfterError.BACK_TO_COMMITTED) {
          leader.isr(pending.lastCommitted());
          rose = advanceHighWatermark(leader, state.log());
        }
        retry = after == IsrDecisions.AfterError.RETRY;
      }
    } finally {
      state.unlock();
    }
    if (event != null) {
      state.report(event);
    }
    if (rose || event != null) {
      context.delayed().changed(state.topicPartition());
    }
    if (retry) {
      ask(pending, true);
    }
  }

  private ClusterEvent changeEvent(
      LeaderState leader, IsrState.Pending pending, List<Integer> confirmed) {
    if (pending instanceof IsrState.PendingExpand expand) {
      return new ClusterEvent.IsrExpanded(state.topicPartition(), expand.added(), confirmed);
    }
    List<Integer> removed = ((IsrState.PendingShrink) pending).removed();
    long nowMs = context.nowMs().getAsLong();
    long behindMs =
        leader.followers().stream()
            .filter(follower -> removed.contains(follower.brokerId()))
            .mapToLong(
                follower -> FollowerProgress.age(nowMs, follower.progress().lastCaughtUpMs()))
            .max()
            .orElse(-1);
    return new ClusterEvent.IsrShrunk(
        state.topicPartition(), removed, confirmed, behindMs, context.lagTimeMaxMs());
  }

  /** The members the ISR must have for acks=all, as the topic and its replicas allow. */
  int effectiveMinIsr(LeaderState leader) {
    return HighWatermarks.effectiveMinIsr(
        context.minInsyncReplicas().applyAsInt(state.topicPartition().topic()),
        leader.followers().size());
  }

  /**
   * Raises the high watermark to where the ISR is. Under the lock.
   *
   * @return whether it rose
   */
  boolean advanceHighWatermark(LeaderState leader, PartitionLog current) {
    long before = current.highWatermark();
    long next =
        HighWatermarks.ofLeader(
            before,
            current.logEndOffset(),
            leader.isr(),
            context.minInsyncReplicas().applyAsInt(state.topicPartition().topic()),
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
}
