package io.vitrine.cluster.transaction;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.requests.TransactionResult;

/** What a transactional id is in; numbers and names are Kafka's. */
public enum TransactionState {
  /** A producer has it and has begun nothing yet. */
  EMPTY(0, "Empty"),
  /** Partitions were added. */
  ONGOING(1, "Ongoing"),
  /** To be committed, whatever happens; leaders are being told. */
  PREPARE_COMMIT(2, "PrepareCommit"),
  /** To be aborted, whatever happens; leaders are being told. */
  PREPARE_ABORT(3, "PrepareAbort"),
  /** All leaders were told. */
  COMPLETE_COMMIT(4, "CompleteCommit"),
  /** All leaders were told. */
  COMPLETE_ABORT(5, "CompleteAbort"),
  /** Idle for too long and about to be forgotten; only in memory. */
  DEAD(6, "Dead"),
  /** Its producer is being fenced, an abort follows; only in memory. */
  PREPARE_EPOCH_FENCE(7, "PrepareEpochFence");

  private final byte id;
  private final String kafkaName;

  TransactionState(int id, String kafkaName) {
    this.id = (byte) id;
    this.kafkaName = kafkaName;
  }

  /** As in records. */
  byte id() {
    return id;
  }

  /** As in requests, such as {@code PrepareCommit}. */
  public String kafkaName() {
    return kafkaName;
  }

  /** The state of a number; empty when there is none. */
  static Optional<TransactionState> of(byte id) {
    return Arrays.stream(values()).filter(state -> state.id == id).findFirst();
  }

  /** The state of this name; empty when there is none. */
  public static Optional<TransactionState> of(String kafkaName) {
    return Arrays.stream(values()).filter(state -> state.kafkaName.equals(kafkaName)).findFirst();
  }

  /** The state in which leaders are told of this result. */
  static TransactionState preparing(TransactionResult result) {
    return result == TransactionResult.COMMIT ? PREPARE_COMMIT : PREPARE_ABORT;
  }

  /** Whether this state may come right after another. */
  boolean mayFollow(TransactionState before) {
    return previous().contains(before);
  }

  private Set<TransactionState> previous() {
    return switch (this) {
      case EMPTY, DEAD -> Set.of(EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT);
      case ONGOING -> Set.of(ONGOING, EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT);
      case PREPARE_COMMIT, PREPARE_EPOCH_FENCE -> Set.of(ONGOING);
      case PREPARE_ABORT -> Set.of(ONGOING, PREPARE_EPOCH_FENCE);
      case COMPLETE_COMMIT -> Set.of(PREPARE_COMMIT);
      case COMPLETE_ABORT -> Set.of(PREPARE_ABORT);
    };
  }

  /** Whether it was decided how the transaction ends, and not all leaders know. */
  public boolean isPreparing() {
    return this == PREPARE_COMMIT || this == PREPARE_ABORT;
  }

  /** Whether an id that stays in this state for long may be forgotten. */
  boolean mayExpire() {
    return this == EMPTY || this == COMPLETE_COMMIT || this == COMPLETE_ABORT;
  }
}
