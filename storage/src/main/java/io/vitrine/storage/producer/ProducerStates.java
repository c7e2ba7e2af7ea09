package io.vitrine.storage.producer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;

/**
 * The producers of one log: sequence checks on append, open transactions, expiry.
 *
 * <p>A transaction is open until its marker is appended, and unstable until the high watermark has
 * passed the marker. Guarded by the log's lock. Source: KIP-98, KIP-360.
 */
public final class ProducerStates {
  private static final int NO_SEQUENCE = -1;

  private final TopicPartition partition;
  private final Map<Long, ProducerEntry> producers = new HashMap<>();
  private final TreeMap<Long, Long> openByFirstOffset = new TreeMap<>();
  private final TreeMap<Long, CompletedTransaction> unreplicated = new TreeMap<>();
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

  /** Whether there is nothing a truncation could take away. */
  public boolean isEmpty() {
    return producers.isEmpty() && unreplicated.isEmpty();
  }

  // ---- checks --------------------------------------------------------------------------------

  /** The earlier batch a client's batch repeats, among the last five of its producer. */
  public Optional<BatchMetadata> duplicateOf(ProducerBatch batch) {
    ProducerEntry entry = producers.get(batch.producerId());
    return entry == null
        ? Optional.empty()
        : entry.duplicateOf(batch.epoch(), batch.firstSequence(), batch.lastSequence());
  }

  /**
   * Checks a batch before it is appended.
   *
   * @param sequences whether the producer numbers its records, as clients do and coordinators not
   * @throws InvalidProducerEpochException when the producer was fenced
   * @throws OutOfOrderSequenceException when batches are missing in between
   * @throws InvalidTxnStateException when it does not belong to the producer's open transaction
   */
  public void check(ProducerBatch batch, boolean sequences) {
    ProducerEntry entry = producers.get(batch.producerId());
    if (entry == null) {
      return;
    }
    checkEpoch(entry, batch.producerId(), batch.epoch(), batch.firstOffset());
    if (sequences) {
      checkSequence(entry, batch);
    }
    if (entry.transactionFirstOffset() != ProducerEntry.NO_TRANSACTION && !batch.transactional()) {
      throw new InvalidTxnStateException(
          "producer "
              + batch.producerId()
              + " has a transaction open in "
              + partition
              + ", a batch outside of it cannot be taken");
    }
  }

  /**
   * Checks only the epoch of a batch.
   *
   * @throws InvalidProducerEpochException when the producer was fenced
   */
  public void checkEpoch(ProducerBatch batch) {
    ProducerEntry entry = producers.get(batch.producerId());
    if (entry != null) {
      checkEpoch(entry, batch.producerId(), batch.epoch(), batch.firstOffset());
    }
  }

  /**
   * Checks a marker before it is appended.
   *
   * @throws InvalidProducerEpochException when the producer was fenced
   * @throws TransactionCoordinatorFencedException when another coordinator took over
   */
  public void check(EndMarker marker) {
    ProducerEntry entry = producers.get(marker.producerId());
    if (entry == null) {
      return;
    }
    checkEpoch(entry, marker.producerId(), marker.epoch(), marker.offset());
    if (entry.coordinatorEpoch() > marker.coordinatorEpoch()) {
      throw new TransactionCoordinatorFencedException(
          "the marker for producer "
              + marker.producerId()
              + " in "
              + partition
              + " has coordinator epoch "
              + marker.coordinatorEpoch()
              + ", the last seen is "
              + entry.coordinatorEpoch());
    }
  }

  private void checkEpoch(ProducerEntry entry, long producerId, short epoch, long offset) {
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
  }

  private void checkSequence(ProducerEntry entry, ProducerBatch batch) {
    int expected = 0;
    if (batch.epoch() == entry.epoch()) {
      int last = entry.last().map(BatchMetadata::lastSequence).orElse(NO_SEQUENCE);
      expected = last == Integer.MAX_VALUE ? 0 : last + 1;
    }
    if (batch.firstSequence() != expected) {
      throw new OutOfOrderSequenceException(
          "producer "
              + batch.producerId()
              + " at offset "
              + batch.firstOffset()
              + " of "
              + partition
              + ": sequence "
              + batch.firstSequence()
              + " where "
              + expected
              + " must come");
    }
  }

  // ---- changes -------------------------------------------------------------------------------

  /** Counts in a batch of data that was appended. */
  public void appended(ProducerBatch batch) {
    ProducerEntry entry =
        producers.computeIfAbsent(batch.producerId(), id -> new ProducerEntry(batch.epoch()));
    entry.moveToEpoch(batch.epoch());
    entry.add(batch.metadata());
    if (batch.transactional() && entry.transactionFirstOffset() == ProducerEntry.NO_TRANSACTION) {
      entry.transaction(batch.firstOffset());
      openByFirstOffset.put(batch.firstOffset(), batch.producerId());
    }
    endOffset = batch.lastOffset() + 1;
  }

  /**
   * Counts in a transaction's end marker.
   *
   * @return the transaction it ends, still open until {@link #complete}; empty when the producer
   *     had written nothing here
   */
  public Optional<CompletedTransaction> appended(EndMarker marker) {
    ProducerEntry entry =
        producers.computeIfAbsent(marker.producerId(), id -> new ProducerEntry(marker.epoch()));
    long first = entry.transactionFirstOffset();
    entry.moveToEpoch(marker.epoch());
    entry.endTransaction(marker.coordinatorEpoch(), marker.timestampMs());
    endOffset = marker.offset() + 1;
    return first == ProducerEntry.NO_TRANSACTION
        ? Optional.empty()
        : Optional.of(
            new CompletedTransaction(marker.producerId(), first, marker.offset(), marker.aborts()));
  }

  /** Below which nothing is open once this transaction is complete. */
  public long lastStableOffset(CompletedTransaction completed) {
    return openByFirstOffset.entrySet().stream()
        .filter(open -> open.getValue() != completed.producerId())
        .mapToLong(Map.Entry::getKey)
        .findFirst()
        .orElse(completed.lastOffset() + 1);
  }

  /** The transaction is open no longer; it stays unstable until its marker is replicated. */
  public void complete(CompletedTransaction completed) {
    openByFirstOffset.remove(completed.firstOffset());
    unreplicated.put(completed.firstOffset(), completed);
  }

  /** Transactions whose marker lies below an offset are stable. */
  public void stableBelow(long offset) {
    if (!unreplicated.isEmpty()) {
      unreplicated.values().removeIf(each -> each.lastOffset() < offset);
    }
  }

  /** First offset of the oldest transaction that is open or not replicated. */
  public OptionalLong firstUnstableOffset() {
    long open = openByFirstOffset.isEmpty() ? Long.MAX_VALUE : openByFirstOffset.firstKey();
    long ended = unreplicated.isEmpty() ? Long.MAX_VALUE : unreplicated.firstKey();
    long first = Math.min(open, ended);
    return first == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first);
  }

  /** The last of each producer, by producer id. */
  public Map<Long, LastRecord> lastRecords() {
    Map<Long, LastRecord> records = new HashMap<>();
    producers.forEach(
        (id, entry) ->
            records.put(
                id,
                new LastRecord(
                    entry.last().map(BatchMetadata::lastOffset).orElse(-1L), entry.epoch())));
    return records;
  }

  /**
   * The last that is known of a producer.
   *
   * @param lastDataOffset of its last batch of data, -1 when there was only a marker
   */
  public record LastRecord(long lastDataOffset, short epoch) {}

  /** Everything known of every producer, in no order. */
  public List<ActiveProducer> active() {
    List<ActiveProducer> active = new ArrayList<>();
    producers.forEach(
        (id, entry) ->
            active.add(
                new ActiveProducer(
                    id,
                    entry.epoch(),
                    entry.last().map(BatchMetadata::lastSequence).orElse(NO_SEQUENCE),
                    entry.lastTimestampMs(),
                    entry.coordinatorEpoch(),
                    entry.transactionFirstOffset())));
    return active;
  }

  /** Whether a transaction of the producer is open here. */
  public boolean hasOpenTransaction(long producerId) {
    ProducerEntry entry = producers.get(producerId);
    return entry != null && entry.transactionFirstOffset() != ProducerEntry.NO_TRANSACTION;
  }

  /** Forgets producers idle for longer than the limit that have no open transaction. */
  public void expire(long nowMs, long idleMs) {
    producers.values().removeIf(entry -> entry.expired(nowMs, idleMs));
  }

  /** Forgets everything; batches are counted in again from an offset. */
  public void reset(long offset) {
    producers.clear();
    openByFirstOffset.clear();
    unreplicated.clear();
    endOffset = offset;
  }

  /**
   * The batches before an offset, to be given back by {@link #recall} after states were read anew.
   */
  public Recent recent(long before) {
    Map<Long, Recent.Producer> recent = new HashMap<>();
    producers.forEach(
        (id, entry) ->
            recent.put(id, new Recent.Producer(entry.epoch(), entry.batchesBefore(before))));
    return new Recent(recent);
  }

  /**
   * Gives producers back what a snapshot does not hold: of the last batches it has but one, and a
   * client that repeats an earlier one would be taken for one that left batches out.
   */
  public void recall(Recent recent) {
    recent.byProducer.forEach(
        (id, before) -> {
          ProducerEntry entry = producers.get(id);
          if (entry != null && entry.epoch() == before.epoch() && entry.last().isPresent()) {
            entry.addEarlier(before.batches());
          }
        });
  }

  /** The last batches of each producer. */
  public static final class Recent {
    private final Map<Long, Producer> byProducer;

    private Recent(Map<Long, Producer> byProducer) {
      this.byProducer = byProducer;
    }

    private record Producer(short epoch, List<BatchMetadata> batches) {}
  }

  /** Takes over an entry of a snapshot. */
  void restore(long producerId, ProducerEntry entry) {
    producers.put(producerId, entry);
    if (entry.transactionFirstOffset() != ProducerEntry.NO_TRANSACTION) {
      openByFirstOffset.put(entry.transactionFirstOffset(), producerId);
    }
  }

  Map<Long, ProducerEntry> producers() {
    return producers;
  }
}
