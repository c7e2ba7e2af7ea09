package io.vitrine.storage.retention;

import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.SegmentChoice.Chosen;
import io.vitrine.storage.log.SegmentInfo;
import java.util.List;

/**
 * What retention lets go, in Kafka's order: below the log start, over {@code retention.bytes},
 * older than {@code retention.ms}. Each takes from the oldest on and stops at the first that stays;
 * none takes a segment that reaches above the high watermark.
 */
public final class Retention {
  private Retention() {}

  /** A {@link io.vitrine.storage.log.SegmentChoice}. */
  public static Chosen choose(
      List<SegmentInfo> segments,
      long logStartOffset,
      long highWatermark,
      LogSettings settings,
      long nowMs) {
    int byStart = belowLogStart(segments, logStartOffset, highWatermark);
    if (!settings.delete()) {
      return new Chosen(byStart, byStart > 0 ? "below the log start offset" : "");
    }
    int bySize = overSize(segments, byStart, highWatermark, settings.retentionBytes());
    int byTime = tooOld(segments, bySize, highWatermark, settings.retentionMs(), nowMs);
    StringBuilder reason = new StringBuilder();
    append(reason, byStart, "below the log start offset");
    append(reason, bySize - byStart, "over retention.bytes=" + settings.retentionBytes());
    append(reason, byTime - bySize, "older than retention.ms=" + settings.retentionMs());
    return new Chosen(byTime, reason.toString());
  }

  private static void append(StringBuilder reason, int count, String why) {
    if (count > 0) {
      reason.append(reason.isEmpty() ? "" : ", ").append(count).append(' ').append(why);
    }
  }

  private static int belowLogStart(
      List<SegmentInfo> segments, long logStartOffset, long highWatermark) {
    int count = 0;
    while (count < segments.size() - 1
        && segments.get(count).nextOffset() <= logStartOffset
        && removable(segments.get(count), highWatermark)) {
      count++;
    }
    return count;
  }

  private static int overSize(
      List<SegmentInfo> segments, int from, long highWatermark, long retentionBytes) {
    if (retentionBytes < 0) {
      return from;
    }
    long excess = -retentionBytes;
    for (SegmentInfo segment : segments.subList(from, segments.size())) {
      excess += segment.sizeBytes();
    }
    int count = from;
    while (count < segments.size()
        && excess - segments.get(count).sizeBytes() >= 0
        && removable(segments.get(count), highWatermark)) {
      excess -= segments.get(count).sizeBytes();
      count++;
    }
    return count;
  }

  private static int tooOld(
      List<SegmentInfo> segments, int from, long highWatermark, long retentionMs, long nowMs) {
    if (retentionMs < 0) {
      return from;
    }
    int count = from;
    while (count < segments.size()
        && nowMs - segments.get(count).largestTimestampMs() > retentionMs
        && removable(segments.get(count), highWatermark)) {
      count++;
    }
    return count;
  }

  /** An empty active segment stays: there is nothing to gain. */
  private static boolean removable(SegmentInfo segment, long highWatermark) {
    return segment.nextOffset() <= highWatermark && !(segment.active() && segment.sizeBytes() == 0);
  }
}
