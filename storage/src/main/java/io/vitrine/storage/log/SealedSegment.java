package io.vitrine.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A segment that gets no more bytes, as compaction sees it. Safe from any thread. */
public final class SealedSegment {
  private final LogSegment segment;

  SealedSegment(LogSegment segment) {
    this.segment = segment;
  }

  LogSegment segment() {
    return segment;
  }

  public long baseOffset() {
    return segment.baseOffset();
  }

  public int sizeBytes() {
    return segment.sizeBytes();
  }

  public long offsetIndexBytes() {
    return segment.offsetIndex().sizeBytes();
  }

  public long timeIndexBytes() {
    return segment.timeIndex().sizeBytes();
  }

  /** The first offset after its last batch. */
  public long nextOffset() throws IOException {
    return segment.nextOffset();
  }

  public long lastModifiedMs() throws IOException {
    return segment.lastModifiedMs();
  }

  /** The largest timestamp of its first batch, {@link Long#MAX_VALUE} when it is empty. */
  public long firstBatchTimestampMs() throws IOException {
    return segment.firstBatchTimestampMs();
  }

  /** The largest timestamp of a record, or the file's own time when there is none. */
  public long largestTimestampMs() {
    return segment.largestTimestampMs();
  }

  /** A position at or before the batch that holds an offset. */
  public int positionBefore(long offset) {
    return segment.offsetIndex().lookup(offset).position();
  }

  /** Reads from a position until the buffer is full or the segment ends. */
  public int read(ByteBuffer target, int position) throws IOException {
    return segment.read(target, position);
  }
}
