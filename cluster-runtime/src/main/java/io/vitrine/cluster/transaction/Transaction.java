package io.vitrine.cluster.transaction;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.RecordBatch;

/**
 * A transactional id as its log tells it. Immutable; every method returns what comes next.
 *
 * @param producerEpoch -1 until the first producer has it
 * @param lastProducerId the id before this one, -1 none; in memory only
 * @param lastProducerEpoch with which the producer asked for the epoch it has now, -1 when it named
 *     none; in memory only
 * @param timeoutMs how long a transaction may be open
 * @param partitions added to the open transaction; while it ends, those whose leader has not heard
 * @param startMs when the first partition was added, -1 before
 * @param lastUpdateMs when a state was last decided
 */
public record Transaction(
    String transactionalId,
    long producerId,
    short producerEpoch,
    long lastProducerId,
    short lastProducerEpoch,
    int timeoutMs,
    TransactionState state,
    Set<TopicPartition> partitions,
    long startMs,
    long lastUpdateMs) {
  private static final long NOT_BEGUN = -1;

  public Transaction {
    partitions = Set.copyOf(partitions);
  }

  /** An id nobody has used. */
  static Transaction unused(String transactionalId, long producerId, int timeoutMs, long nowMs) {
    return new Transaction(
        transactionalId,
        producerId,
        RecordBatch.NO_PRODUCER_EPOCH,
        RecordBatch.NO_PRODUCER_ID,
        RecordBatch.NO_PRODUCER_EPOCH,
        timeoutMs,
        TransactionState.EMPTY,
        Set.of(),
        NOT_BEGUN,
        nowMs);
  }

  /** Whether a producer id has no epoch left to give out: the last one is kept to fence with. */
  static boolean isExhausted(short epoch) {
    return epoch >= Short.MAX_VALUE - 1;
  }

  /** A producer begins, or goes on after an error, with this epoch. */
  Transaction initialized(short epoch, short lastEpoch, int newTimeoutMs, long nowMs) {
    return initialized(producerId, epoch, lastEpoch, newTimeoutMs, nowMs);
  }

  /** A producer begins with a new producer id. */
  Transaction rotated(long newProducerId, short lastEpoch, int newTimeoutMs, long nowMs) {
    return initialized(newProducerId, (short) 0, lastEpoch, newTimeoutMs, nowMs);
  }

  private Transaction initialized(
      long newProducerId, short epoch, short lastEpoch, int newTimeoutMs, long nowMs) {
    return new Transaction(
        transactionalId,
        newProducerId,
        epoch,
        producerId,
        lastEpoch,
        newTimeoutMs,
        TransactionState.EMPTY,
        Set.of(),
        NOT_BEGUN,
        nowMs);
  }

  /** Partitions are added; the first ones open the transaction. */
  Transaction withPartitions(Set<TopicPartition> added, long nowMs) {
    Set<TopicPartition> all = new HashSet<>(partitions);
    all.addAll(added);
    return with(
        TransactionState.ONGOING, all, state == TransactionState.ONGOING ? startMs : nowMs, nowMs);
  }

  /** Its producer has a new epoch nobody is told of, so that it is fenced. */
  Transaction fenced(short epoch) {
    return new Transaction(
        transactionalId,
        producerId,
        epoch,
        lastProducerId,
        RecordBatch.NO_PRODUCER_EPOCH,
        timeoutMs,
        state,
        partitions,
        startMs,
        lastUpdateMs);
  }

  /** It is decided how it ends. */
  Transaction prepared(TransactionState preparing, long nowMs) {
    return with(preparing, partitions, startMs, nowMs);
  }

  /** A leader has heard how it ends. */
  Transaction withoutPartitions(Set<TopicPartition> told) {
    Set<TopicPartition> left = new HashSet<>(partitions);
    left.removeAll(told);
    return with(state, left, startMs, lastUpdateMs);
  }

  /** All leaders have heard how it ends. */
  Transaction completed(long nowMs) {
    return with(
        state == TransactionState.PREPARE_COMMIT
            ? TransactionState.COMPLETE_COMMIT
            : TransactionState.COMPLETE_ABORT,
        Set.of(),
        startMs,
        nowMs);
  }

  /** The same, begun at another time. */
  Transaction begunAt(long ms) {
    return with(state, partitions, ms, lastUpdateMs);
  }

  private Transaction with(
      TransactionState nextState, Set<TopicPartition> nextPartitions, long begunMs, long nowMs) {
    return new Transaction(
        transactionalId,
        producerId,
        producerEpoch,
        lastProducerId,
        lastProducerEpoch,
        timeoutMs,
        nextState,
        nextPartitions,
        begunMs,
        nowMs);
  }
}
