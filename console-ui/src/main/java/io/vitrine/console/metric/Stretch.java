package io.vitrine.console.metric;

import java.util.List;
import java.util.Map;

/**
 * A stretch of what was recorded, as it was then.
 *
 * @param nanos of the rows, ascending; right after the last before a hole one of nothing follows,
 *     so that lines end there
 * @param wallMs of the rows
 * @param columns what was asked for and recorded, one value a row, NaN where nothing is known
 * @param marks what happened meanwhile, oldest first
 * @param holes times without rows
 */
record Stretch(
    long[] nanos,
    long[] wallMs,
    Map<SeriesKey, double[]> columns,
    List<EventMark> marks,
    List<Hole> holes) {
  Stretch {
    columns = Map.copyOf(columns);
    marks = List.copyOf(marks);
    holes = List.copyOf(holes);
  }

  /** A time of which nothing was recorded. */
  record Hole(long fromNanos, long toNanos) {}

  int rows() {
    return nanos.length;
  }

  /** The wall clock at a time of the monotonic one, as the newest row knows both; rows exist. */
  long toMs(long atNanos) {
    return wallMs[rows() - 1] + Math.floorDiv(atNanos - nanos[rows() - 1], 1_000_000L);
  }

  /** The other way round. */
  long toNanos(long atMs) {
    return nanos[rows() - 1] + (atMs - wallMs[rows() - 1]) * 1_000_000L;
  }
}
