package io.vitrine.cluster.replica;

import io.vitrine.storage.log.AppendResult;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.VerificationGuard;
import java.util.Optional;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.DeleteRecordsRequest;

/**
 * What clients change in a partition this broker leads: records appended and records deleted, and
 * whether the followers have done the same. Who asks a broker that does not lead is turned away.
 */
final class LeaderWrites {
  private final ReplicaState state;
  private final LeaderIsr isr;

  LeaderWrites(ReplicaState state, LeaderIsr isr) {
    this.state = state;
    this.isr = isr;
  }

  /**
   * Appends what a producer or coordinator sent.
   *
   * @param parameters acks of -1 refuse when the ISR is smaller than {@code min.insync.replicas}
   * @param guard for records that may open a transaction
   * @return what became of it and whether the high watermark rose; the caller wakes who waits
   * @throws NotLeaderOrFollowerException when this broker does not lead, or not since that epoch
   * @throws NotEnoughReplicasException see acks
   */
  Append append(MemoryRecords records, AppendParameters parameters, VerificationGuard guard) {
    state.lock();
    try {
      LeaderState leader = leaderOrThrow();
      if (parameters.ledSince().orElse(leader.firstLeaderEpoch()) != leader.firstLeaderEpoch()) {
        throw new NotLeaderOrFollowerException(
            state + " was led by others after epoch " + parameters.ledSince().getAsInt());
      }
      PartitionLog current = state.log();
      if (parameters.acks() == -1 && leader.isr().isr().size() < isr.effectiveMinIsr(leader)) {
        throw new NotEnoughReplicasException(
            "the ISR "
                + leader.isr().isr()
                + " of "
                + state.topicPartition()
                + " is smaller than min.insync.replicas="
                + isr.effectiveMinIsr(leader));
      }
      AppendResult result =
          current.appendAsLeader(records, leader.leaderEpoch(), parameters.origin(), guard);
      return new Append(result, isr.advanceHighWatermark(leader, current));
    } finally {
      state.unlock();
    }
  }

  /**
   * The guard with which a producer's transaction may begin here, once it is verified.
   *
   * @throws NotLeaderOrFollowerException when this broker does not lead
   */
  VerificationGuard beginVerification(long producerId, short producerEpoch, int sequence) {
    state.lock();
    try {
      leaderOrThrow();
      return state.log().beginVerification(producerId, producerEpoch, sequence);
    } finally {
      state.unlock();
    }
  }

  /** An append and whether it alone made the high watermark rise. */
  record Append(AppendResult result, boolean highWatermarkRose) {}

  /**
   * Whether everything below an offset is acknowledged by the ISR.
   *
   * @return empty while it is not; NONE, or the error the producer gets
   */
  Optional<Errors> acknowledgement(long requiredOffset) {
    PartitionLog current = state.log();
    if (!(state.role() instanceof LeaderState leader) || current == null) {
      return Optional.of(Errors.NOT_LEADER_OR_FOLLOWER);
    }
    if (current.highWatermark() < requiredOffset) {
      return Optional.empty();
    }
    boolean enough = leader.isr().maximal().size() >= isr.effectiveMinIsr(leader);
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
  Deletion deleteRecords(long before) {
    state.lock();
    try {
      LeaderState leader = leaderOrThrow();
      long offset =
          before == DeleteRecordsRequest.HIGH_WATERMARK ? state.log().highWatermark() : before;
      state.log().deleteRecordsBefore(offset);
      return new Deletion(offset, lowWatermark(leader, state.log()));
    } finally {
      state.unlock();
    }
  }

  /** Where the log is to start, and the smallest log start of the live replicas. */
  record Deletion(long logStart, long lowWatermark) {}

  /**
   * The smallest log start among this leader, its live followers and the future log; -1 while one
   * of them is not known. Empty when this broker does not lead.
   */
  Optional<Long> lowWatermark() {
    PartitionLog current = state.log();
    return state.role() instanceof LeaderState leader && current != null
        ? Optional.of(lowWatermark(leader, current))
        : Optional.empty();
  }

  private long lowWatermark(LeaderState leader, PartitionLog current) {
    long low = current.logStartOffset();
    for (RemoteReplica follower : leader.followers()) {
      if (state.context().alive().test(follower.brokerId())) {
        low = Math.min(low, follower.progress().logStartOffset());
      }
    }
    PartitionLog future = state.futureLog();
    return future == null ? low : Math.min(low, future.logStartOffset());
  }

  private LeaderState leaderOrThrow() {
    if (state.role() instanceof LeaderState leader) {
      return leader;
    }
    throw new NotLeaderOrFollowerException(
        "broker " + state.context().brokerId() + " does not lead " + state.topicPartition());
  }
}
