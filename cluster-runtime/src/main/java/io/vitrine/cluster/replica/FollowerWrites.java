package io.vitrine.cluster.replica;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.storage.log.AppendResult;
import io.vitrine.storage.log.PartitionLog;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * What a fetcher changes in a partition this broker follows: records appended, the log cut where it
 * parts from the leader's. Bound to the leader epoch the fetcher works in: what it brings later is
 * refused.
 */
final class FollowerWrites {
  private final ReplicaState state;

  FollowerWrites(ReplicaState state) {
    this.state = state;
  }

  /**
   * Appends what the leader sent and takes over its high watermark and log start.
   *
   * @param leaderEpoch the epoch the records were asked for in
   * @return whether the own high watermark changed
   * @throws NotLeaderOrFollowerException when this broker does not follow in that epoch any more
   * @throws IllegalStateException when the log does not end where the records were asked from
   */
  Append append(
      MemoryRecords records,
      int leaderEpoch,
      long fetchOffset,
      long leaderHighWatermark,
      long leaderLogStart) {
    state.lock();
    try {
      PartitionLog current = followingLog(leaderEpoch);
      if (current.logEndOffset() != fetchOffset) {
        throw new IllegalStateException(
            state.topicPartition()
                + " ends at "
                + current.logEndOffset()
                + ", but its leader was asked for "
                + fetchOffset);
      }
      AppendResult result = null;
      if (records.sizeInBytes() > 0) {
        startBelowIfEmpty(current, records);
        result = current.appendAsFollower(records, leaderEpoch);
        count(records.sizeInBytes());
      }
      long before = current.highWatermark();
      current.updateHighWatermark(
          HighWatermarks.ofFollower(leaderHighWatermark, current.logEndOffset()));
      current.maybeIncrementLogStartOffset(Math.min(leaderLogStart, current.highWatermark()));
      return new Append(
          current.logEndOffset(),
          result == null ? -1 : result.leaderEpoch(),
          current.highWatermark() != before);
    } finally {
      state.unlock();
    }
  }

  private void count(int bytes) {
    Traffic traffic = state.context().traffic();
    traffic.replicated(state.topicPartition().topic(), bytes);
    if (state.reassignment().adds(state.context().brokerId())) {
      traffic.reassignedIn(bytes);
    }
  }

  /**
   * What a follower has after an append.
   *
   * @param lastEpoch leader epoch of the last batch, -1 when none came
   */
  record Append(long logEndOffset, int lastEpoch, boolean highWatermarkChanged) {}

  /** The leader's log may start within a batch: an empty log then begins with that batch. */
  static void startBelowIfEmpty(PartitionLog current, MemoryRecords records) {
    long end = current.logEndOffset();
    if (end == current.logStartOffset()) {
      var first = records.batches().iterator().next();
      if (first.baseOffset() >= 0 && first.baseOffset() < end && first.lastOffset() >= end) {
        current.truncateFullyAndStartAt(first.baseOffset());
      }
    }
  }

  /** Cuts the log of a follower; reports it when something was cut. */
  void truncateTo(long offset, int leaderEpoch, String reason) {
    long before;
    state.lock();
    try {
      PartitionLog current = followingLog(leaderEpoch);
      before = current.logEndOffset();
      current.truncateTo(offset);
    } finally {
      state.unlock();
    }
    if (offset < before) {
      state.report(new ClusterEvent.LogTruncated(state.topicPartition(), before, offset, reason));
    }
  }

  /** Throws a follower's log away; it begins again at the offset. */
  void truncateFullyAndStartAt(long offset, int leaderEpoch, String reason) {
    long before;
    state.lock();
    try {
      PartitionLog current = followingLog(leaderEpoch);
      before = current.logEndOffset();
      current.truncateFullyAndStartAt(offset);
    } finally {
      state.unlock();
    }
    state.report(new ClusterEvent.LogTruncated(state.topicPartition(), before, offset, reason));
  }

  private PartitionLog followingLog(int leaderEpoch) {
    PartitionLog current = state.log();
    if (current == null
        || !(state.role() instanceof FollowerState follower)
        || follower.leaderEpoch() != leaderEpoch) {
      throw new NotLeaderOrFollowerException(
          "broker "
              + state.context().brokerId()
              + " does not follow "
              + state.topicPartition()
              + " in leader epoch "
              + leaderEpoch);
    }
    return current;
  }
}
