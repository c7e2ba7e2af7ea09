package io.vitrine.storage.log;

import java.util.List;

/** Says which of a log's oldest segments may go. Pure. */
@FunctionalInterface
public interface SegmentChoice {
  /**
   * @param segments oldest first, the last one active
   * @param nowMs wall clock
   */
  Chosen choose(
      List<SegmentInfo> segments,
      long logStartOffset,
      long highWatermark,
      LogSettings settings,
      long nowMs);

  /** How many of the oldest go, and why. */
  record Chosen(int count, String reason) {}
}
