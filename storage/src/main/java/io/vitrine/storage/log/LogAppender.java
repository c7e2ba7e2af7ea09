package io.vitrine.storage.log;

import io.vitrine.storage.epoch.LeaderEpochCache;
import io.vitrine.storage.producer.BatchMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;

/**
 * The appending side of a log: what may be written, in which segment, and what it changes: epochs,
 * producer states and the log's end.
 *
 * <p>What a batch says of itself is checked without a lock; everything else is guarded by the
 * log's.
 */
final class LogAppender {
  /** Begins a segment at the log's end. */
  interface Roller {
    LogSegment rollTo(long baseOffset) throws IOException;
  }

  private final TopicPartition partition;
  private final LogContext context;
  private final LogSegments segments;
  private final LeaderEpochCache epochs;
  private final ProducerTracker producers;
  private final LogOffsets offsets;
  private final Roller roller;

  LogAppender(
      TopicPartition partition,
      LogContext context,
      LogSegments segments,
      LeaderEpochCache epochs,
      ProducerTracker producers,
      LogOffsets offsets,
      Roller roller) {
    this.partition = partition;
    this.context = context;
    this.segments = segments;
    this.epochs = epochs;
    this.producers = producers;
    this.offsets = offsets;
    this.roller = roller;
  }

  // ---- as leader -----------------------------------------------------------------------------

  /** Looks over what a producer sent, without the log's lock; see the errors of the append. */
  LeaderAppendCheck analyzed(MemoryRecords records, LogSettings settings, Origin origin) {
    LeaderAppendCheck check =
        new LeaderAppendCheck(partition, settings, origin, context.decompression());
    check.analyze(records);
    return check;
  }

  /** See {@link PartitionLog#appendAsLeader}. */
  AppendResult appendAsLeader(
      MemoryRecords records,
      LeaderAppendCheck check,
      LogSettings settings,
      int leaderEpoch,
      Origin origin,
      VerificationGuard guard)
      throws IOException {
    long first = offsets.logEnd();
    LeaderAppendCheck.Stamped stamped =
        check.stamp(records, first, leaderEpoch, context.clock().millis());
    ByteBuffer bytes = stamped.bytes();
    BatchHeader header = BatchHeader.parse(bytes);
    epochs.assignIfNewer(leaderEpoch, first);
    if (header.sizeBytes() > settings.segmentBytes()) {
      throw new RecordBatchTooLargeException(
          "the batch for "
              + partition
              + " has "
              + header.sizeBytes()
              + " bytes, segment.bytes is "
              + settings.segmentBytes());
    }
    LogSegment active =
        segmentFor(header.sizeBytes(), header, header, header.maxTimestampMs(), settings);
    Optional<BatchMetadata> repeated = producers.check(header, bytes, origin, guard);
    if (repeated.isPresent()) {
      return new AppendResult(
          repeated.get().firstOffset(),
          repeated.get().lastOffset(),
          repeated.get().timestampMs(),
          offsets.logStart(),
          header.sizeBytes(),
          true,
          leaderEpoch);
    }
    write(active, bytes, List.of(header));
    return new AppendResult(
        first,
        header.lastOffset(),
        stamped.logAppendTimeMs(),
        offsets.logStart(),
        header.sizeBytes(),
        false,
        leaderEpoch);
  }

  // ---- as follower ---------------------------------------------------------------------------

  /**
   * The headers of what a leader sent, as far as it is of its epoch or an older one, and fits into
   * one segment by its offsets; without the log's lock.
   *
   * @throws CorruptRecordException when a batch is damaged
   * @throws OffsetOutOfRangeException when the batches do not follow each other
   * @throws UnsupportedForMessageFormatException when a batch is of a magic before 2
   */
  List<BatchHeader> headersOf(MemoryRecords records, int leaderEpoch) {
    List<BatchHeader> headers = new ArrayList<>();
    ByteBuffer bytes = records.buffer().duplicate();
    long after = -1;
    for (MutableRecordBatch batch : records.batches()) {
      if (batch.magic() != BatchHeader.CURRENT_MAGIC) {
        throw new UnsupportedForMessageFormatException(
            "the leader of " + partition + " sent a batch of magic " + batch.magic() + ", not 2");
      }
      batch.ensureValid();
      BatchHeader header = BatchHeader.parse(bytes);
      if (header.leaderEpoch() > leaderEpoch) {
        break;
      }
      if (!header.offsetsSound()) {
        throw new CorruptRecordException(
            "the leader of "
                + partition
                + " sent a batch of offsets "
                + header.baseOffset()
                + " to "
                + header.lastOffset());
      }
      if (header.baseOffset() <= after) {
        throw new OffsetOutOfRangeException(
            "batches for "
                + partition
                + " are out of order: "
                + header.baseOffset()
                + " comes after "
                + after);
      }
      if (!headers.isEmpty()
          && SegmentSplit.tooFar(header.lastOffset(), headers.get(0).baseOffset())) {
        break;
      }
      after = header.lastOffset();
      if (header.control() && header.hasProducerId()) {
        checkMarker(header, bytes.slice(bytes.position(), header.sizeBytes()));
      }
      bytes.position(bytes.position() + header.sizeBytes());
      headers.add(header);
    }
    return headers;
  }

  /** What cannot be counted in is not to be written either. */
  private void checkMarker(BatchHeader header, ByteBuffer batch) {
    try {
      EndMarkers.parse(header, batch);
    } catch (RuntimeException e) {
      throw new CorruptRecordException(
          "the marker at offset " + header.baseOffset() + " for " + partition + " is damaged", e);
    }
  }

  /** See {@link PartitionLog#appendAsFollower}. */
  AppendResult appendAsFollower(
      MemoryRecords records, List<BatchHeader> headers, LogSettings settings) throws IOException {
    long end = offsets.logEnd();
    if (headers.isEmpty()) {
      return new AppendResult(end, end - 1, -1, offsets.logStart(), 0, false, -1);
    }
    BatchHeader first = headers.get(0);
    BatchHeader last = headers.get(headers.size() - 1);
    if (first.baseOffset() < end) {
      throw new OffsetOutOfRangeException(
          "batch at offset "
              + first.baseOffset()
              + " for "
              + partition
              + ", whose log ends at "
              + end);
    }
    int length = 0;
    long newest = -1;
    for (BatchHeader header : headers) {
      epochs.assignIfNewer(header.leaderEpoch(), header.baseOffset());
      length += header.sizeBytes();
      newest = Math.max(newest, header.maxTimestampMs());
    }
    ByteBuffer bytes = records.buffer().duplicate();
    bytes.limit(bytes.position() + length);
    write(segmentFor(length, first, last, newest, settings), bytes, headers);
    return new AppendResult(
        first.baseOffset(),
        last.lastOffset(),
        -1,
        offsets.logStart(),
        length,
        false,
        last.leaderEpoch());
  }

  // ---- both ----------------------------------------------------------------------------------

  /** The active segment, or a new one where the active one must not take these bytes. */
  private LogSegment segmentFor(
      int bytes, BatchHeader first, BatchHeader last, long newestMs, LogSettings settings)
      throws IOException {
    LogSegment active = segments.active();
    active.activate();
    return active.mustRollBefore(
            bytes, last.lastOffset(), newestMs, context.clock().millis(), settings)
        ? roller.rollTo(first.baseOffset())
        : active;
  }

  private void write(LogSegment active, ByteBuffer bytes, List<BatchHeader> headers)
      throws IOException {
    BatchHeader last = headers.get(headers.size() - 1);
    active.append(bytes.duplicate(), headers);
    // The end comes before the transaction index: should that fail, offsets go on rising.
    offsets.end(active.endAt(last.nextOffset()));
    producers.appended(headers, bytes, active);
    offsets.firstUnstable(producers.states().firstUnstableOffset());
  }
}
