package io.vitrine.storage.compaction;

import io.vitrine.storage.producer.ProducerStates.LastRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.kafka.common.record.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;

/**
 * What stays of a batch.
 *
 * <p>A record stays if no newer one of its key is known, and if it has a value or the horizon of
 * its tombstone is not reached. Batches of aborted transactions lose all records. An end marker
 * stays as long as records of its transaction do, and then until its own horizon. The last batch of
 * each active producer stays, if need be as a header alone, so that its sequence is not lost; so
 * does the last batch of what a pass may clean, so that a follower's log can end where this does.
 */
final class KeepRule extends RecordFilter {
  private final OffsetMap newest;
  private final TransactionTrace transactions;
  private final Map<Long, LastRecord> producers;
  private final long passEndOffset;
  private boolean dropRecords;
  private long withoutKey;

  /**
   * @param passEndOffset where that which may be cleaned ends
   */
  KeepRule(
      long nowMs,
      long deleteRetentionMs,
      OffsetMap newest,
      TransactionTrace transactions,
      Map<Long, LastRecord> producers,
      long passEndOffset) {
    super(nowMs, deleteRetentionMs);
    this.newest = newest;
    this.transactions = transactions;
    this.producers = producers;
    this.passEndOffset = passEndOffset;
  }

  /** Records that were dropped since they have no key. */
  long recordsWithoutKey() {
    return withoutKey;
  }

  @Override
  protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
    boolean done = endedOrAborted(batch);
    boolean pastHorizon =
        batch.deleteHorizonMs().isPresent() && batch.deleteHorizonMs().getAsLong() <= currentTime;
    dropRecords = done && (!batch.isControlBatch() || pastHorizon);
    BatchRetention retention;
    boolean lastOfPass = batch.nextOffset() == passEndOffset;
    if (lastOfPass || (batch.hasProducerId() && lastOfProducer(batch))) {
      retention = BatchRetention.RETAIN_EMPTY;
    } else if (dropRecords) {
      retention = BatchRetention.DELETE;
    } else {
      retention = BatchRetention.DELETE_EMPTY;
    }
    return new BatchRetentionResult(retention, done && batch.isControlBatch());
  }

  private boolean endedOrAborted(RecordBatch batch) {
    try {
      return batch.isControlBatch()
          ? transactions.markerOfNothing(batch)
          : transactions.abortedData(batch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean lastOfProducer(RecordBatch batch) {
    LastRecord last = producers.get(batch.producerId());
    if (last == null) {
      return false;
    }
    return last.lastDataOffset() >= 0
        ? batch.lastOffset() == last.lastDataOffset()
        : batch.isControlBatch() && batch.producerEpoch() == last.epoch();
  }

  @Override
  protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
    if (dropRecords) {
      return false;
    }
    if (batch.isControlBatch() || record.offset() > newest.latestOffset()) {
      return true;
    }
    if (!record.hasKey()) {
      withoutKey++;
      return false;
    }
    boolean superseded = record.offset() < newest.get(record.key());
    boolean expired =
        !record.hasValue()
            && batch.deleteHorizonMs().isPresent()
            && currentTime >= batch.deleteHorizonMs().getAsLong();
    return !superseded && !expired;
  }
}
