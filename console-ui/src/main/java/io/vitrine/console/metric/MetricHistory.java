package io.vitrine.console.metric;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Rows of values in a memory of fixed size: a ring of rows, and a column for each series that was
 * seen lately. A series for which there is no column is not recorded, until one has been without
 * values for a whole ring.
 *
 * <p>Safe from any thread; everything is under one lock, for as long as a copy of what is asked for
 * takes.
 */
final class MetricHistory {
  /** Without a row for so long, nothing is known. */
  static final long HOLE_NANOS = TimeUnit.MILLISECONDS.toNanos(3_500);

  private static final int MARKS = 512;
  private static final long NOTHING = -1;

  /** A series' values, in the places of their rows, and the last row that had one. */
  private static final class Column {
    final double[] values;
    long lastRow;

    Column(int rows) {
      values = new double[rows];
      Arrays.fill(values, Double.NaN);
    }
  }

  private final long[] nanos;
  private final long[] wallMs;
  private final int mostColumns;
  private final Map<SeriesKey, Column> columns = new HashMap<>();
  private final Deque<EventMark> marks = new ArrayDeque<>();
  private long rows;
  private boolean full;

  /**
   * @param rows how many are kept
   * @param mostColumns how many series are recorded at most
   */
  MetricHistory(int rows, int mostColumns) {
    this.nanos = new long[rows];
    this.wallMs = new long[rows];
    this.mostColumns = mostColumns;
  }

  /** Adds a row; not before the one added last. */
  synchronized void add(
      long atNanos, long atWallMs, Map<SeriesKey, Double> row, List<EventMark> happened) {
    int place = place(rows);
    nanos[place] = atNanos;
    wallMs[place] = atWallMs;
    columns.values().forEach(column -> column.values[place] = Double.NaN);
    columns.values().removeIf(column -> column.lastRow <= rows - nanos.length);
    full = false;
    row.forEach(
        (key, value) -> {
          Column column = columns.get(key);
          if (column == null && columns.size() < mostColumns) {
            column = new Column(nanos.length);
            columns.put(key, column);
          }
          if (column == null) {
            full = true;
          } else {
            column.values[place] = value;
            column.lastRow = rows;
          }
        });
    marks.addAll(happened);
    while (marks.size() > MARKS) {
      marks.removeFirst();
    }
    rows++;
  }

  /** Grows with each row. */
  synchronized long version() {
    return rows;
  }

  /** When the newest row is that is not after this time, 0 when there is none. */
  synchronized long newestNanos(long upToNanos) {
    for (long row = rows - 1; row >= Math.max(0, rows - nanos.length); row--) {
      if (nanos[place(row)] <= upToNanos) {
        return nanos[place(row)];
      }
    }
    return 0;
  }

  /** Whether there was more in the last row than there are columns for. */
  synchronized boolean full() {
    return full;
  }

  /** What is recorded of this quantity, in order. */
  synchronized NavigableSet<String> of(Quantity quantity) {
    NavigableSet<String> found = new TreeSet<>();
    for (SeriesKey key : columns.keySet()) {
      if (key.quantity() == quantity) {
        found.add(key.of());
      }
    }
    return found;
  }

  /**
   * What was recorded between two times of the monotonic clock. When that is more than there is
   * room for, of rows next to each other the largest values stand for all of them, so that nothing
   * that stood out is lost; which rows are taken together does not depend on where the stretch
   * begins.
   *
   * @param mostRows how many rows there is room for, at least 1
   */
  synchronized Stretch stretch(
      Collection<SeriesKey> keys, long fromNanos, long toNanos, int mostRows) {
    long first = Math.max(0, rows - nanos.length);
    while (first < rows && nanos[place(first)] < fromNanos) {
      first++;
    }
    long end = rows;
    while (end > first && nanos[place(end - 1)] > toNanos) {
      end--;
    }
    long width = Math.max(1, (toNanos - fromNanos) / Math.max(1, mostRows));
    // The last row of each that are taken together; before one that follows on a hole, NOTHING.
    List<Long> ends = new ArrayList<>();
    for (long row = first; row < end; row++) {
      boolean beforeHole = row + 1 < end && nanos[place(row + 1)] - nanos[place(row)] > HOLE_NANOS;
      boolean last =
          row + 1 == end
              || beforeHole
              || Math.floorDiv(nanos[place(row)], width)
                  != Math.floorDiv(nanos[place(row + 1)], width);
      if (last) {
        ends.add(row);
      }
      if (beforeHole) {
        ends.add(NOTHING);
      }
    }
    Map<SeriesKey, double[]> found = new HashMap<>();
    for (SeriesKey key : keys) {
      Column column = columns.get(key);
      if (column != null) {
        found.put(key, largest(column, first, ends));
      }
    }
    return new Stretch(
        times(nanos, ends),
        times(wallMs, ends),
        found,
        marks.stream().filter(m -> m.nanos() >= fromNanos && m.nanos() <= toNanos).toList(),
        holes(first, end, fromNanos, toNanos));
  }

  private double[] largest(Column column, long first, List<Long> ends) {
    double[] values = new double[ends.size()];
    long row = first;
    for (int i = 0; i < values.length; i++) {
      double largest = Double.NaN;
      for (; row <= ends.get(i); row++) {
        double value = column.values[place(row)];
        if (Double.isNaN(largest) || value > largest) {
          largest = value;
        }
      }
      values[i] = largest;
    }
    return values;
  }

  /** The times of rows; of a hole that of the row before it, and a bit. */
  private long[] times(long[] of, List<Long> ends) {
    long[] times = new long[ends.size()];
    for (int i = 0; i < times.length; i++) {
      times[i] = ends.get(i) == NOTHING ? times[i - 1] + 1 : of[place(ends.get(i))];
    }
    return times;
  }

  private List<Stretch.Hole> holes(long first, long end, long fromNanos, long toNanos) {
    List<Stretch.Hole> holes = new ArrayList<>();
    long before = first > Math.max(0, rows - nanos.length) ? nanos[place(first - 1)] : fromNanos;
    for (long row = first; row < end; row++) {
      long now = nanos[place(row)];
      if (now - before > HOLE_NANOS) {
        holes.add(new Stretch.Hole(Math.max(before, fromNanos), now));
      }
      before = now;
    }
    if (toNanos - before > HOLE_NANOS) {
      holes.add(new Stretch.Hole(Math.max(before, fromNanos), toNanos));
    }
    return holes;
  }

  private int place(long row) {
    return (int) (row % nanos.length);
  }
}
