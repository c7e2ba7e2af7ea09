package io.vitrine.storage.log;

import io.vitrine.storage.index.AbortedTransaction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;

/**
 * The reading side of a log. Takes no lock: it sees what is below the log's end, which is raised
 * after the bytes are in the file.
 */
final class LogReader {
  private final TopicPartition partition;
  private final LogSegments segments;
  private final LogOffsets offsets;
  private volatile LogOffsets.Position bound = new LogOffsets.Position(-1, -1, 0);

  LogReader(TopicPartition partition, LogSegments segments, LogOffsets offsets) {
    this.partition = partition;
    this.segments = segments;
    this.offsets = offsets;
  }

  /** See {@link PartitionLog#read}. */
  LogRead read(long offset, int maxBytes, ReadBound upTo, boolean atLeastOneBatch)
      throws IOException {
    long end = offsets.logEnd();
    long start = offsets.logStart();
    if (offset > end || offset < start) {
      throw new OffsetOutOfRangeException(
          "offset "
              + offset
              + " of "
              + partition
              + " is not within "
              + start
              + " and "
              + end
              + ", where its log is");
    }
    long limit = offsets.limit(upTo);
    if (offset >= limit) {
      return nothing(offset);
    }
    LogSegment segment = segments.floor(offset);
    while (segment != null) {
      LogSegment.BatchPosition found = segment.find(offset);
      if (found != null) {
        return found(segment, found, offset, maxBytes, limit, upTo, atLeastOneBatch);
      }
      segment = segments.after(segment);
    }
    return nothing(offset);
  }

  private LogRead found(
      LogSegment segment,
      LogSegment.BatchPosition found,
      long offset,
      int maxBytes,
      long limit,
      ReadBound upTo,
      boolean atLeastOneBatch)
      throws IOException {
    int available = Math.max(0, endPosition(segment, limit) - found.position());
    int wanted = atLeastOneBatch ? Math.max(maxBytes, found.sizeBytes()) : maxBytes;
    int size = Math.min(available, Math.max(0, wanted));
    LogSlice slice = size == 0 ? LogSlice.EMPTY : segment.slice(found.position(), size);
    if (slice == null) {
      return nothing(offset);
    }
    List<AbortedTransaction> aborted =
        upTo == ReadBound.LAST_STABLE ? aborted(segment, found, offset, size) : List.of();
    return new LogRead(
        slice,
        offset,
        segment.baseOffset(),
        found.position(),
        size < found.sizeBytes(),
        aborted,
        offsets.highWatermark(),
        offsets.logStart(),
        offsets.logEnd(),
        offsets.lastStable());
  }

  /** The aborted transactions that may have records among the bytes, and perhaps some more. */
  private List<AbortedTransaction> aborted(
      LogSegment segment, LogSegment.BatchPosition found, long offset, int size)
      throws IOException {
    long end = segment.offsetAfter(found.position(), size);
    if (end < 0) {
      LogSegment next = segments.after(segment);
      end = next == null ? offsets.logEnd() : next.baseOffset();
    }
    return aborted(segment, offset, end);
  }

  /**
   * The aborted transactions that ended in the segment of an offset or later, within the log, and
   * began before another offset.
   */
  List<AbortedTransaction> abortedSince(long from, long upTo) throws IOException {
    return aborted(segments.floor(from), offsets.logStart(), upTo);
  }

  private List<AbortedTransaction> aborted(LogSegment first, long from, long upTo)
      throws IOException {
    List<AbortedTransaction> aborted = new ArrayList<>();
    LogSegment each = first;
    while (each != null && !each.transactions().collect(from, upTo, aborted)) {
      each = segments.after(each);
    }
    return List.copyOf(aborted);
  }

  /** Where the bytes below an offset end in a segment. */
  private int endPosition(LogSegment segment, long limit) throws IOException {
    LogSegment next = segments.after(segment);
    if (next != null && next.baseOffset() <= limit) {
      return segment.sizeBytes();
    }
    // A file's size may include a batch that is being appended: offset and position of the end are
    // read as one.
    LogOffsets.Position logEnd = offsets.end();
    if (logEnd.offset() == limit && logEnd.segmentBase() == segment.baseOffset()) {
      return logEnd.position();
    }
    // The place of a bound is asked for on every fetch below it.
    LogOffsets.Position known = bound;
    if (known.offset() == limit && known.segmentBase() == segment.baseOffset()) {
      return known.position();
    }
    LogSegment.BatchPosition found = segment.find(limit);
    int position = found == null ? segment.sizeBytes() : found.position();
    bound = new LogOffsets.Position(limit, segment.baseOffset(), position);
    return position;
  }

  /** Forgets remembered places after the log was cut or its segments were replaced. */
  void forget() {
    bound = new LogOffsets.Position(-1, -1, 0);
  }

  private LogRead nothing(long offset) {
    return new LogRead(
        LogSlice.EMPTY,
        offset,
        segments.floor(offset).baseOffset(),
        0,
        false,
        List.of(),
        offsets.highWatermark(),
        offsets.logStart(),
        offsets.logEnd(),
        offsets.lastStable());
  }

  /**
   * The first record with at least this timestamp in the first segment that may have one. As in
   * Kafka there is no second try in later segments when the log starts beyond all of its records.
   */
  Optional<TimestampOffset> offsetForTimestamp(long timestampMs) throws IOException {
    for (LogSegment segment : segments.all()) {
      if (segment.largestTimestampMs() >= timestampMs) {
        return Optional.ofNullable(segment.findByTimestamp(timestampMs, offsets.logStart()));
      }
    }
    return Optional.empty();
  }

  /** The first record with the largest timestamp. */
  Optional<TimestampOffset> offsetOfMaxTimestamp() throws IOException {
    LogSegment newest = segments.first();
    for (LogSegment segment : segments.all()) {
      if (segment.maxTimestampMs() > newest.maxTimestampMs()) {
        newest = segment;
      }
    }
    return Optional.ofNullable(newest.findNewest());
  }
}
