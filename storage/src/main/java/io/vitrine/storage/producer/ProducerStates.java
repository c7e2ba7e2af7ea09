package io.vitrine.storage.producer;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;

/**
 * The producers of one log: sequence checks on append, open transactions, expiry.
 *
 * <p>Guarded by the log's lock. Source: KIP-98, KIP-360.
 */
public final class ProducerStates {
  private final TopicPartition partition;
  private final Map<Long, ProducerEntry> producers = new HashMap<>();
  private long endOffset;

  public ProducerStates(TopicPartition partition) {
    this.partition = partition;
  }

  /** The offset up to which batches are counted in. */
  public long endOffset() {
    return endOffset;
  }

  /** Moves on over offsets that hold nothing of a producer. */
  public void advanceTo(long offset) {
    endOffset = offset;
  }

  /** How many producers are known. */
  public int size() {
    return producers.size();
  }

  /**
   * Checks a client's batch before it is appended.
   *
   * @return the earlier batch this one repeats, if it does
   * @throws InvalidProducerEpochException when the producer was fenced
   * @throws OutOfOrderSequenceException when batches are missing in between
   */
  public Optional<BatchMetadata> check(
      long producerId, short epoch, int firstSequence, int lastSequence, long offset) {
    ProducerEntry entry = producers.get(producerId);
    if (entry == null) {
      return Optional.empty();
    }
    Optional<BatchMetadata> duplicate = entry.duplicateOf(epoch, firstSequence, lastSequence);
    if (duplicate.isPresent()) {
      return duplicate;
    }
    if (epoch < entry.epoch()) {
      throw new InvalidProducerEpochException(
          "producer "
              + producerId
              + " at offset "
              + offset
              + " of "
              + partition
              + " has epoch "
              + epoch
              + ", the last seen is "
              + entry.epoch());
    }
    checkSequence(entry, producerId, epoch, firstSequence, offset);
    return Optional.empty();
  }

  private void checkSequence(
      ProducerEntry entry, long producerId, short epoch, int firstSequence, long offset) {
    int expected;
    if (epoch != entry.epoch()) {
      expected = 0;
    } else if (entry.last().isEmpty()) {
      return;
    } else {
      int last = entry.last().get().lastSequence();
      expected = last == Integer.MAX_VALUE ? 0 : last + 1;
    }
    if (firstSequence != expected) {
      throw new OutOfOrderSequenceException(
          "producer "
              + producerId
              + " at offset "
              + offset
              + " of "
              + partition
              + ": sequence "
              + firstSequence
              + " where "
              + expected
              + " must come");
    }
  }

  /** Counts in a batch of data that was appended. */
  public void appended(long producerId, short epoch, BatchMetadata batch, boolean transactional) {
    ProducerEntry entry = producers.computeIfAbsent(producerId, id -> new ProducerEntry(epoch));
    entry.moveToEpoch(epoch);
    entry.add(batch);
    if (transactional && entry.transactionFirstOffset() == ProducerEntry.NO_TRANSACTION) {
      entry.transaction(batch.firstOffset());
    }
    endOffset = batch.lastOffset() + 1;
  }

  /** Counts in a transaction's end marker. */
  public void transactionEnded(
      long producerId, short epoch, int coordinatorEpoch, long offset, long timestampMs) {
    ProducerEntry entry = producers.computeIfAbsent(producerId, id -> new ProducerEntry(epoch));
    entry.moveToEpoch(epoch);
    entry.endTransaction(coordinatorEpoch, timestampMs);
    endOffset = offset + 1;
  }

  /** First offset of the oldest open transaction. */
  public OptionalLong firstUnstableOffset() {
    return producers.values().stream()
        .mapToLong(ProducerEntry::transactionFirstOffset)
        .filter(offset -> offset != ProducerEntry.NO_TRANSACTION)
        .min();
  }

  /** Forgets producers idle for longer than the limit that have no open transaction. */
  public void expire(long nowMs, long idleMs) {
    producers
        .values()
        .removeIf(
            entry ->
                entry.transactionFirstOffset() == ProducerEntry.NO_TRANSACTION
                    && nowMs - entry.lastTimestampMs() >= idleMs);
  }

  /** Forgets everything; batches are counted in again from an offset. */
  public void reset(long offset) {
    producers.clear();
    endOffset = offset;
  }

  Map<Long, ProducerEntry> producers() {
    return producers;
  }
}
