package io.vitrine.storage.log;

import java.util.OptionalLong;

/** Where a log begins, ends and what readers may see. Written under the log's lock, read by all. */
final class LogOffsets {
  private static final long ALL_STABLE = Long.MAX_VALUE;

  private volatile long logStart;
  private volatile long highWatermark;
  private volatile long recoveryPoint;
  private volatile long firstUnstable = ALL_STABLE;
  private volatile Position end;

  /** An offset and the place of its batch, read as one. */
  record Position(long offset, long segmentBase, int position) {}

  LogOffsets(long logStart, long highWatermark, long recoveryPoint, Position end) {
    this.logStart = logStart;
    this.recoveryPoint = Math.max(recoveryPoint, logStart);
    this.end = end;
    moveHighWatermark(highWatermark);
  }

  long logStart() {
    return logStart;
  }

  void logStart(long offset) {
    logStart = offset;
  }

  /** What lies before the log's start needs no recovery and is seen by nobody. */
  void raiseLogStart(long offset) {
    highWatermark = Math.max(highWatermark, offset);
    recoveryPoint = Math.max(recoveryPoint, offset);
    logStart = offset;
  }

  /** The offset the next record gets. */
  long logEnd() {
    return end.offset();
  }

  Position end() {
    return end;
  }

  void end(Position now) {
    end = now;
  }

  long highWatermark() {
    return highWatermark;
  }

  /** Keeps the high watermark within the log. */
  void moveHighWatermark(long offset) {
    highWatermark = Math.max(logStart, Math.min(offset, logEnd()));
  }

  /** All below it is on the device. */
  long recoveryPoint() {
    return recoveryPoint;
  }

  void recoveryPoint(long offset) {
    recoveryPoint = offset;
  }

  /** The high watermark, or the first offset of a transaction that is not stable below it. */
  long lastStable() {
    return Math.min(highWatermark, Math.max(firstUnstable, logStart));
  }

  /** Notes the first offset of a transaction that is not stable, empty when all are. */
  void firstUnstable(OptionalLong offset) {
    firstUnstable = offset.orElse(ALL_STABLE);
  }

  long limit(ReadBound bound) {
    return switch (bound) {
      case LOG_END -> logEnd();
      case HIGH_WATERMARK -> highWatermark;
      case LAST_STABLE -> lastStable();
    };
  }
}
