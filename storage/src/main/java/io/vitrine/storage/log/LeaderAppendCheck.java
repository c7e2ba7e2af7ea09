package io.vitrine.storage.log;

import java.util.Iterator;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * What a leader checks of a batch before it takes it, and what it stamps on it.
 *
 * <p>Pure but for the buffer it stamps. Source: the protocol guide's record batch, KIP-32, KIP-98.
 */
final class LeaderAppendCheck {
  private final TopicPartition partition;
  private final LogSettings settings;
  private final Origin origin;

  LeaderAppendCheck(TopicPartition partition, LogSettings settings, Origin origin) {
    this.partition = partition;
    this.settings = settings;
    this.origin = origin;
  }

  /**
   * Checks the one batch of an append.
   *
   * @throws org.apache.kafka.common.errors.ApiException the error the producer gets
   */
  MutableRecordBatch onlyBatch(MemoryRecords records) {
    Iterator<MutableRecordBatch> batches = records.batches().iterator();
    if (!batches.hasNext()) {
      throw new InvalidRecordException("the append to " + partition + " holds no whole batch");
    }
    MutableRecordBatch batch = batches.next();
    if (batches.hasNext() || batch.sizeInBytes() != records.sizeInBytes()) {
      throw new InvalidRecordException(
          "the append to " + partition + " must hold exactly one whole batch");
    }
    checkForm(batch);
    return batch;
  }

  private void checkForm(MutableRecordBatch batch) {
    if (batch.magic() != RecordBatch.MAGIC_VALUE_V2) {
      throw new InvalidRecordException(
          "the batch for " + partition + " has magic " + batch.magic() + ", only 2 is taken");
    }
    if (origin == Origin.CLIENT && batch.baseOffset() != 0) {
      throw new InvalidRecordException(
          "the base offset of a produced batch must be 0, for "
              + partition
              + " it is "
              + batch.baseOffset());
    }
    if (batch.sizeInBytes() > settings.maxMessageBytes()) {
      throw new RecordTooLargeException(
          "the batch for "
              + partition
              + " has "
              + batch.sizeInBytes()
              + " bytes, max.message.bytes is "
              + settings.maxMessageBytes());
    }
    if (batch.sizeInBytes() > settings.segmentBytes()) {
      throw new RecordBatchTooLargeException(
          "the batch for "
              + partition
              + " has "
              + batch.sizeInBytes()
              + " bytes, segment.bytes is "
              + settings.segmentBytes());
    }
    if (!batch.isValid()) {
      throw new CorruptRecordException(
          "the batch for " + partition + " is damaged: its checksum does not match its bytes");
    }
    if (origin == Origin.CLIENT && batch.isControlBatch()) {
      throw new InvalidRecordException(
          "a client may not write a control batch, as for " + partition);
    }
    Integer count = batch.countOrNull();
    if (count == null || count <= 0 || batch.lastOffset() - batch.baseOffset() + 1 != count) {
      throw new InvalidRecordException(
          "the batch for "
              + partition
              + " announces "
              + count
              + " records over "
              + (batch.lastOffset() - batch.baseOffset() + 1)
              + " offsets");
    }
    if (origin == Origin.CLIENT && batch.hasProducerId() && batch.baseSequence() < 0) {
      throw new InvalidRecordException(
          "a batch with a producer id needs a sequence, for "
              + partition
              + " it is "
              + batch.baseSequence());
    }
  }

  /**
   * Checks each record and stamps offset, epoch and, where the topic wants it, the broker's time.
   *
   * @return the time stamped, -1 when the producer's was kept
   */
  long checkRecordsAndStamp(MutableRecordBatch batch, long offset, int leaderEpoch, long nowMs) {
    boolean appendTime = settings.logAppendTime() && !batch.isControlBatch();
    long maxTimestamp = RecordBatch.NO_TIMESTAMP;
    long expected = batch.baseOffset();
    try (CloseableIterator<Record> records = records(batch)) {
      while (records.hasNext()) {
        Record record = records.next();
        if (record.offset() != expected++) {
          throw new InvalidRecordException(
              "the offsets inside the batch for " + partition + " must rise by one");
        }
        checkRecord(batch, record, appendTime, nowMs);
        maxTimestamp = Math.max(maxTimestamp, record.timestamp());
      }
    }
    if (expected - 1 != batch.lastOffset()) {
      throw new InvalidRecordException(
          "the batch for " + partition + " holds fewer records than it announces");
    }
    int count = (int) (batch.lastOffset() - batch.baseOffset());
    batch.setLastOffset(offset + count);
    batch.setPartitionLeaderEpoch(leaderEpoch);
    if (appendTime) {
      batch.setMaxTimestamp(TimestampType.LOG_APPEND_TIME, nowMs);
      return nowMs;
    }
    batch.setMaxTimestamp(TimestampType.CREATE_TIME, maxTimestamp);
    return RecordBatch.NO_TIMESTAMP;
  }

  private CloseableIterator<Record> records(MutableRecordBatch batch) {
    // Keys are needed on compacted topics only; otherwise they are stepped over.
    return settings.compact() && !batch.isControlBatch()
        ? batch.streamingIterator(BufferSupplier.NO_CACHING)
        : batch.skipKeyValueIterator(BufferSupplier.NO_CACHING);
  }

  private void checkRecord(
      MutableRecordBatch batch, Record record, boolean appendTime, long nowMs) {
    if (settings.compact() && !batch.isControlBatch() && !record.hasKey()) {
      throw new InvalidRecordException(
          "records of the compacted topic " + partition.topic() + " need a key");
    }
    if (appendTime || record.timestamp() == RecordBatch.NO_TIMESTAMP) {
      return;
    }
    long difference = nowMs - record.timestamp();
    if (difference > settings.timestampBeforeMaxMs()
        || -difference > settings.timestampAfterMaxMs()) {
      throw new InvalidTimestampException(
          "timestamp "
              + record.timestamp()
              + " of a record for "
              + partition
              + " is too far from the broker's time "
              + nowMs);
    }
  }
}
