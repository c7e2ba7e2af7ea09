package io.vitrine.storage.compaction;

import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.SealedSegment;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * How dirty a log is: its clean part was compacted before, its dirty part can be now, and what lies
 * from the first uncleanable offset on is left alone.
 *
 * @param checkpointUnsound the checkpoint lay outside of the log and was set right
 * @param overdueMs for how long the dirty part has held records older than {@code
 *     max.compaction.lag.ms}
 */
record DirtyLog(
    PartitionLog log,
    long firstDirtyOffset,
    long firstUncleanableOffset,
    long cleanBytes,
    long dirtyBytes,
    boolean checkpointUnsound,
    long overdueMs) {

  /** Looks at a log, given where its last pass ended. */
  static DirtyLog of(PartitionLog log, OptionalLong checkpoint, long nowMs) throws IOException {
    long start = log.logStartOffset();
    long checkpointed = checkpoint.orElse(start);
    boolean unsound = checkpointed < start || checkpointed > log.logEndOffset();
    long firstDirty = unsound ? start : checkpointed;
    long uncleanable = Math.max(firstDirty, firstUncleanable(log, firstDirty, nowMs));
    long boundary = segmentFrom(log, uncleanable);
    return new DirtyLog(
        log,
        firstDirty,
        boundary,
        bytes(log.segmentsBetween(-1, firstDirty)),
        bytes(log.segmentsBetween(Math.min(firstDirty, boundary), boundary)),
        unsound,
        overdueMs(log, firstDirty, nowMs));
  }

  private static long firstUncleanable(PartitionLog log, long firstDirty, long nowMs) {
    long first = Math.min(log.lastStableOffset(), log.activeBaseOffset());
    long lagMs = log.settings().minCompactionLagMs();
    if (lagMs > 0) {
      for (SealedSegment segment : sealedFrom(log, firstDirty)) {
        if (segment.largestTimestampMs() > nowMs - lagMs) {
          return Math.min(first, segment.baseOffset());
        }
      }
    }
    return first;
  }

  /** Segments are cleaned as a whole: the base of the one the offset lies in. */
  private static long segmentFrom(PartitionLog log, long offset) {
    List<SealedSegment> sealed = sealedFrom(log, offset);
    return sealed.isEmpty() ? log.activeBaseOffset() : sealed.get(0).baseOffset();
  }

  private static long overdueMs(PartitionLog log, long firstDirty, long nowMs) throws IOException {
    LogSettings settings = log.settings();
    long oldest = Long.MAX_VALUE;
    for (SealedSegment segment : sealedFrom(log, firstDirty)) {
      long first = segment.firstBatchTimestampMs();
      if (first > 0) {
        oldest = Math.min(oldest, first);
      }
    }
    return Math.max(0, nowMs - settings.maxCompactionLagMs() - oldest);
  }

  private static List<SealedSegment> sealedFrom(PartitionLog log, long offset) {
    return log.segmentsBetween(offset, log.activeBaseOffset());
  }

  private static long bytes(List<SealedSegment> segments) {
    return segments.stream().mapToLong(SealedSegment::sizeBytes).sum();
  }

  /** The dirty share, between 0 and 1. */
  double ratio() {
    return (double) dirtyBytes / (cleanBytes + dirtyBytes);
  }

  /** Whether there is anything to look at. */
  boolean empty() {
    return cleanBytes + dirtyBytes == 0;
  }

  /** Dirty enough, or too old to wait. */
  boolean worthCleaning() {
    return (overdueMs > 0 && dirtyBytes > 0) || ratio() > log.settings().minCleanableDirtyRatio();
  }
}
