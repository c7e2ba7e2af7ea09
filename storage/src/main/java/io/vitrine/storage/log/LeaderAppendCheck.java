package io.vitrine.storage.log;

import io.vitrine.storage.log.RecordsRejectedException.RejectedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.AbstractLegacyRecordBatch;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * What a leader checks of a batch before it takes it, and what it stamps on it.
 *
 * <p>An uncompressed batch of magic 2, which is what most are, is read in place and stamped in
 * place. A compressed one is decompressed once to be checked and keeps its bytes, unless the topic
 * asks for another codec. What has an older magic, another codec or offsets with gaps is written
 * anew. Source: the protocol guide's record batch, KIP-32, KIP-98, KIP-467.
 */
final class LeaderAppendCheck {
  private static final int SHOWN = 3;
  private static final long NO_TIMESTAMP = RecordBatch.NO_TIMESTAMP;

  private final TopicPartition partition;
  private final LogSettings settings;
  private final Origin origin;
  private final DecompressionBuffers buffers;
  private final List<RejectedRecord> rejected = new ArrayList<>(0);
  private CompressionType codec = CompressionType.NONE;
  private BatchHeader whole;
  private boolean timestampsRejected;

  /**
   * A batch ready to be written.
   *
   * @param bytes of exactly one batch, from position to limit
   * @param logAppendTimeMs the broker's time stamped on it, -1 when the producer's was kept
   */
  record Stamped(ByteBuffer bytes, long logAppendTimeMs) {}

  LeaderAppendCheck(
      TopicPartition partition, LogSettings settings, Origin origin, DecompressionBuffers buffers) {
    this.partition = partition;
    this.settings = settings;
    this.origin = origin;
    this.buffers = buffers;
  }

  // ---- before the lock: what the bytes alone tell -----------------------------------------------

  /**
   * Checks offsets, sizes and checksums.
   *
   * @throws ApiException the error the producer gets
   */
  void analyze(MemoryRecords records) {
    ByteBuffer bytes = records.buffer();
    whole = oneBatch(bytes);
    if (whole != null) {
      BatchHeader header = whole;
      checkForm(header.baseOffset(), RecordBatch.MAGIC_VALUE_V2, header.sizeBytes());
      if (header.crc() != checksum(bytes, header.sizeBytes())) {
        throw corrupt();
      }
      codec = header.compression();
      return;
    }
    Iterator<MutableRecordBatch> batches = records.batches().iterator();
    if (!batches.hasNext()) {
      throw new InvalidRecordException("the append to " + partition + " holds no whole batch");
    }
    while (batches.hasNext()) {
      MutableRecordBatch batch = batches.next();
      boolean legacy = batch.magic() < RecordBatch.MAGIC_VALUE_V2;
      // To know the first offset of a compressed message of old it would have to be unpacked.
      checkForm(legacy ? 0 : batch.baseOffset(), batch.magic(), batch.sizeInBytes());
      if (!batch.isValid()) {
        throw corrupt();
      }
      if (batch.compressionType() != CompressionType.NONE) {
        codec = batch.compressionType();
      }
    }
  }

  /** The header, if there is exactly one whole batch of magic 2; else null. */
  private static BatchHeader oneBatch(ByteBuffer bytes) {
    if (bytes.remaining() < BatchHeader.BYTES
        || bytes.get(bytes.position() + BatchHeader.MAGIC) != RecordBatch.MAGIC_VALUE_V2) {
      return null;
    }
    BatchHeader header = BatchHeader.parse(bytes);
    return header.sizeBytes() == bytes.remaining() ? header : null;
  }

  private static int checksum(ByteBuffer bytes, int size) {
    CRC32C crc = new CRC32C();
    crc.update(
        bytes
            .duplicate()
            .limit(bytes.position() + size)
            .position(bytes.position() + BatchHeader.CRC_START));
    return (int) crc.getValue();
  }

  private void checkForm(long baseOffset, byte magic, int size) {
    if (magic >= RecordBatch.MAGIC_VALUE_V2 && origin == Origin.CLIENT && baseOffset != 0) {
      throw new InvalidRecordException(
          "the base offset of a produced batch must be 0, for "
              + partition
              + " it is "
              + baseOffset);
    }
    if (size > settings.maxMessageBytes()) {
      throw tooLarge(size);
    }
  }

  private CorruptRecordException corrupt() {
    return new CorruptRecordException(
        "the batch for " + partition + " is damaged: its checksum does not match its bytes");
  }

  private RecordTooLargeException tooLarge(int size) {
    return new RecordTooLargeException(
        "the batch for "
            + partition
            + " has "
            + size
            + " bytes, max.message.bytes is "
            + settings.maxMessageBytes());
  }

  // ---- under the lock: records, offsets, time ---------------------------------------------------

  /**
   * Checks each record and gives the batch its offsets, leader epoch and, where the topic wants it,
   * the broker's time.
   *
   * @throws RecordsRejectedException when single records are at fault
   * @throws ApiException the error the producer gets
   * @throws KafkaException when the records cannot be decompressed
   */
  Stamped stamp(MemoryRecords records, long firstOffset, int leaderEpoch, long nowMs) {
    CompressionType target = settings.compression().target(codec);
    if (codec == CompressionType.NONE && target == CompressionType.NONE && whole != null) {
      Stamped stamped = stampInPlace(records.buffer(), firstOffset, leaderEpoch, nowMs);
      if (stamped != null) {
        return stamped;
      }
    }
    try {
      return stampThroughRecords(records, target, firstOffset, leaderEpoch, nowMs);
    } catch (Error e) {
      throw Decompression.failed(e);
    }
  }

  /** Null when the batch is to be written anew. */
  private Stamped stampInPlace(ByteBuffer bytes, long firstOffset, int leaderEpoch, long nowMs) {
    BatchHeader header = whole;
    checkBatch(header);
    boolean stampedByProducer = header.logAppendTime();
    long newest = NO_TIMESTAMP;
    boolean numbered = true;
    RecordScan scan = new RecordScan(bytes, header.recordCount());
    while (scan.next()) {
      long timestamp = stampedByProducer ? header.maxTimestampMs() : scan.timestampMs();
      checkRecord(scan.index(), scan.hasKey(), timestamp, stampedByProducer, nowMs);
      newest = Math.max(newest, timestamp);
      numbered &= scan.offsetDelta() == scan.index();
    }
    throwIfRejected();
    if (!numbered) {
      return null;
    }
    int start = bytes.position();
    bytes.putLong(start, firstOffset + header.recordCount() - 1 - header.lastOffsetDelta());
    bytes.putInt(start + BatchHeader.LEADER_EPOCH, leaderEpoch);
    boolean appendTime = settings.logAppendTime();
    long timestamp = appendTime ? nowMs : newest;
    if (header.logAppendTime() != appendTime || header.maxTimestampMs() != timestamp) {
      bytes.putShort(
          start + BatchHeader.ATTRIBUTES, header.attributesWithTimestampType(appendTime));
      bytes.putLong(start + BatchHeader.MAX_TIMESTAMP, timestamp);
      bytes.putInt(start + BatchHeader.CRC, checksum(bytes, header.sizeBytes()));
    }
    return new Stamped(bytes, appendTime ? nowMs : NO_TIMESTAMP);
  }

  private Stamped stampThroughRecords(
      MemoryRecords records,
      CompressionType target,
      long firstOffset,
      int leaderEpoch,
      long nowMs) {
    MutableRecordBatch first = firstBatch(records);
    boolean inPlace =
        first.magic() == RecordBatch.MAGIC_VALUE_V2
            && (codec == target || (codec == CompressionType.NONE && first.isControlBatch()));
    if (first instanceof DefaultRecordBatch batch && batch.isCompressed()) {
      Scanned scanned = scan(records.buffer(), batch, nowMs);
      if (inPlace && scanned.numberedFromZero()) {
        return stampBatch(records, first, scanned, firstOffset, leaderEpoch, nowMs);
      }
    }
    List<Record> taken = take(records, first, nowMs);
    if (inPlace && codec == CompressionType.NONE && numberedFromZero(first, taken)) {
      long newest = taken.stream().mapToLong(Record::timestamp).max().orElse(NO_TIMESTAMP);
      Scanned whole = new Scanned(taken.size(), newest, true);
      return stampBatch(records, first, whole, firstOffset, leaderEpoch, nowMs);
    }
    return writeAnew(first, taken, target, firstOffset, leaderEpoch, nowMs);
  }

  private static boolean numberedFromZero(MutableRecordBatch batch, List<Record> records) {
    long expected = batch.baseOffset();
    for (Record record : records) {
      if (record.offset() != expected++) {
        return false;
      }
    }
    return true;
  }

  /** Records that passed, and whether their offsets are 0, 1, 2 and so on, as they should be. */
  private record Scanned(int count, long newestMs, boolean numberedFromZero) {}

  private Scanned scan(ByteBuffer bytes, DefaultRecordBatch batch, long nowMs) {
    checkBatch(batch, batch);
    boolean stampedByProducer = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
    long newest = NO_TIMESTAMP;
    boolean numbered = true;
    bytes.limit(bytes.position() + batch.sizeInBytes());
    BufferSupplier supplier = buffers.take();
    try (CompressedScan scan = new CompressedScan(bytes, supplier)) {
      while (scan.next()) {
        long timestamp = stampedByProducer ? batch.maxTimestamp() : scan.timestampMs();
        checkRecord(scan.index(), scan.hasKey(), timestamp, stampedByProducer, nowMs);
        newest = Math.max(newest, timestamp);
        numbered &= scan.offsetDelta() == scan.index();
      }
    } finally {
      buffers.giveBack(supplier);
    }
    throwIfRejected();
    return new Scanned(batch.countOrNull(), newest, numbered);
  }

  private List<Record> take(MemoryRecords records, MutableRecordBatch first, long nowMs) {
    List<Record> taken = new ArrayList<>();
    BufferSupplier supplier = buffers.take();
    try {
      for (MutableRecordBatch batch : records.batches()) {
        checkBatch(first, batch);
        if (batch instanceof AbstractLegacyRecordBatch message && batch.isCompressed()) {
          LegacySizes.check(message, supplier);
        }
        try (CloseableIterator<Record> each = batch.streamingIterator(supplier)) {
          while (each.hasNext()) {
            Record record = each.next();
            checkRecord(batch, record, taken.size(), nowMs);
            taken.add(record);
          }
        }
        throwIfRejected();
      }
    } finally {
      buffers.giveBack(supplier);
    }
    return taken;
  }

  private MutableRecordBatch firstBatch(MemoryRecords records) {
    Iterator<MutableRecordBatch> batches = records.batches().iterator();
    MutableRecordBatch first = batches.next();
    if (batches.hasNext()
        && (first.magic() >= RecordBatch.MAGIC_VALUE_V2 || codec != CompressionType.NONE)) {
      throw new InvalidRecordException(
          "the append to " + partition + " must hold exactly one batch");
    }
    return first;
  }

  private Stamped stampBatch(
      MemoryRecords records,
      MutableRecordBatch batch,
      Scanned scanned,
      long firstOffset,
      int leaderEpoch,
      long nowMs) {
    boolean appendTime = settings.logAppendTime();
    batch.setLastOffset(firstOffset + scanned.count() - 1);
    batch.setMaxTimestamp(timestampType(), appendTime ? nowMs : scanned.newestMs());
    batch.setPartitionLeaderEpoch(leaderEpoch);
    ByteBuffer bytes = records.buffer().duplicate();
    bytes.limit(bytes.position() + batch.sizeInBytes());
    return new Stamped(bytes, appendTime ? nowMs : NO_TIMESTAMP);
  }

  private Stamped writeAnew(
      MutableRecordBatch first,
      List<Record> records,
      CompressionType target,
      long firstOffset,
      int leaderEpoch,
      long nowMs) {
    if (first.isControlBatch()) {
      throw new InvalidRecordException(
          "offsets of a control batch for " + partition + " have gaps");
    }
    Compression compression =
        target == CompressionType.NONE ? Compression.NONE : settings.compression().codec(codec);
    int estimate =
        AbstractRecords.estimateSizeInBytes(
            RecordBatch.MAGIC_VALUE_V2, firstOffset, target, records);
    try (MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(estimate),
            RecordBatch.MAGIC_VALUE_V2,
            compression,
            timestampType(),
            firstOffset,
            nowMs,
            first.producerId(),
            first.producerEpoch(),
            first.baseSequence(),
            first.isTransactional(),
            leaderEpoch)) {
      long offset = firstOffset;
      for (Record record : records) {
        builder.appendWithOffset(offset++, record);
      }
      ByteBuffer bytes = builder.build().buffer();
      if (bytes.remaining() > settings.maxMessageBytes()) {
        throw tooLarge(bytes.remaining());
      }
      return new Stamped(bytes, settings.logAppendTime() ? nowMs : NO_TIMESTAMP);
    }
  }

  private TimestampType timestampType() {
    return settings.logAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
  }

  // ---- single rules -----------------------------------------------------------------------------

  private void checkBatch(MutableRecordBatch first, MutableRecordBatch batch) {
    if (first.magic() != batch.magic()) {
      throw new InvalidRecordException(
          "the append to "
              + partition
              + " mixes batches of magic "
              + first.magic()
              + " and "
              + batch.magic());
    }
    if (batch.magic() == RecordBatch.MAGIC_VALUE_V2) {
      checkProducersBatch(
          batch.lastOffset() - batch.baseOffset() + 1,
          batch.countOrNull(),
          batch.isControlBatch(),
          batch.hasProducerId(),
          batch.baseSequence());
    }
  }

  private void checkBatch(BatchHeader batch) {
    checkProducersBatch(
        batch.lastOffsetDelta() + 1L,
        batch.recordCount(),
        batch.control(),
        batch.hasProducerId(),
        batch.baseSequence());
  }

  private void checkProducersBatch(
      long offsets, int count, boolean control, boolean hasProducerId, int baseSequence) {
    if (origin != Origin.CLIENT) {
      return;
    }
    if (offsets <= 0 || count <= 0 || offsets != count) {
      throw new InvalidRecordException(
          "the batch for "
              + partition
              + " announces "
              + count
              + " records over "
              + offsets
              + " offsets");
    }
    if (control) {
      throw new InvalidRecordException(
          "a client may not write a control batch, as for " + partition);
    }
    if (hasProducerId && baseSequence < 0) {
      throw new InvalidRecordException(
          "a batch with a producer id needs a sequence, for "
              + partition
              + " it is "
              + baseSequence);
    }
  }

  private void checkRecord(MutableRecordBatch batch, Record record, int index, long nowMs) {
    if (codec != CompressionType.NONE && record.isCompressed()) {
      reject(index, "a record within a compressed batch must not be compressed again");
      return;
    }
    if (batch.magic() < RecordBatch.MAGIC_VALUE_V2 && batch.isCompressed()) {
      try {
        record.ensureValid();
      } catch (InvalidRecordException e) {
        throw corrupt();
      }
    }
    checkRecord(
        index,
        record.hasKey(),
        record.timestamp(),
        batch.timestampType() == TimestampType.LOG_APPEND_TIME,
        nowMs);
  }

  private void checkRecord(
      int index, boolean hasKey, long timestampMs, boolean stampedByProducer, long nowMs) {
    if (settings.compact() && !hasKey) {
      reject(index, "records of the compacted topic " + partition.topic() + " need a key");
    } else if (!settings.logAppendTime() && timestampMs != NO_TIMESTAMP) {
      long age = nowMs - timestampMs;
      if (age > settings.timestampBeforeMaxMs() || -age > settings.timestampAfterMaxMs()) {
        timestampsRejected = true;
        reject(
            index,
            "timestamp "
                + timestampMs
                + " is out of range: within "
                + (nowMs - settings.timestampBeforeMaxMs())
                + " and "
                + (nowMs + settings.timestampAfterMaxMs())
                + " is allowed");
      }
    } else if (stampedByProducer) {
      timestampsRejected = true;
      reject(index, "a producer must not set the timestamp type LogAppendTime");
    }
  }

  private void reject(int index, String message) {
    rejected.add(new RejectedRecord(index, message));
  }

  private void throwIfRejected() {
    if (rejected.isEmpty()) {
      return;
    }
    ApiException reason =
        timestampsRejected
            ? new InvalidTimestampException(
                "records for " + partition + " were refused for their timestamps")
            : new InvalidRecordException(
                rejected.size()
                    + " records for "
                    + partition
                    + " were refused, the first ones: "
                    + rejected.subList(0, Math.min(SHOWN, rejected.size())));
    throw new RecordsRejectedException(reason, rejected);
  }
}
