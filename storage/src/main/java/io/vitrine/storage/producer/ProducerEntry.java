package io.vitrine.storage.producer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One producer id: its epoch, its last batches, its open transaction. Guarded by the log's lock.
 */
final class ProducerEntry {
  private static final int BATCHES_KEPT = 5;
  static final long NO_TRANSACTION = -1;

  private final Deque<BatchMetadata> batches = new ArrayDeque<>(BATCHES_KEPT);
  private short epoch;
  private int coordinatorEpoch = -1;
  private long transactionFirstOffset = NO_TRANSACTION;
  private long lastTimestampMs = -1;

  ProducerEntry(short epoch) {
    this.epoch = epoch;
  }

  short epoch() {
    return epoch;
  }

  int coordinatorEpoch() {
    return coordinatorEpoch;
  }

  long transactionFirstOffset() {
    return transactionFirstOffset;
  }

  long lastTimestampMs() {
    return lastTimestampMs;
  }

  Optional<BatchMetadata> last() {
    return Optional.ofNullable(batches.peekLast());
  }

  /** The batch among the kept ones with these sequences, which makes a new one its duplicate. */
  Optional<BatchMetadata> duplicateOf(short producerEpoch, int firstSequence, int lastSequence) {
    if (producerEpoch != epoch) {
      return Optional.empty();
    }
    return batches.stream()
        .filter(b -> b.firstSequence() == firstSequence && b.lastSequence() == lastSequence)
        .findFirst();
  }

  /** The kept batches that end before an offset, in order. */
  List<BatchMetadata> batchesBefore(long offset) {
    return batches.stream().filter(batch -> batch.lastOffset() < offset).toList();
  }

  /**
   * Puts back batches of the same epoch that came before the kept ones, as many as are kept at all.
   *
   * @param earlier in order; those not before the first kept one are left out
   */
  void addEarlier(List<BatchMetadata> earlier) {
    for (int i = earlier.size() - 1; i >= 0 && batches.size() < BATCHES_KEPT; i--) {
      BatchMetadata batch = earlier.get(i);
      if (batches.isEmpty() || batch.lastOffset() < batches.peekFirst().firstOffset()) {
        batches.addFirst(batch);
      }
    }
  }

  void moveToEpoch(short newEpoch) {
    if (newEpoch != epoch) {
      batches.clear();
      epoch = newEpoch;
    }
  }

  void add(BatchMetadata batch) {
    if (batches.size() == BATCHES_KEPT) {
      batches.removeFirst();
    }
    batches.addLast(batch);
    lastTimestampMs = batch.timestampMs();
  }

  void transaction(long firstOffset) {
    transactionFirstOffset = firstOffset;
  }

  void endTransaction(int newCoordinatorEpoch, long timestampMs) {
    transactionFirstOffset = NO_TRANSACTION;
    coordinatorEpoch = newCoordinatorEpoch;
    lastTimestampMs = timestampMs;
  }

  boolean expired(long nowMs, long idleMs) {
    return transactionFirstOffset == NO_TRANSACTION && nowMs - lastTimestampMs >= idleMs;
  }

  void restore(int restoredCoordinatorEpoch, long firstOffset, long timestampMs) {
    coordinatorEpoch = restoredCoordinatorEpoch;
    transactionFirstOffset = firstOffset;
    lastTimestampMs = timestampMs;
  }
}
