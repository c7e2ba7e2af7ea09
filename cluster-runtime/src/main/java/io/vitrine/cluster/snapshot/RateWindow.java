package io.vitrine.cluster.snapshot;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Rates per second from counters that only grow, over the newest second or so.
 *
 * <p>A counter that falls means that its owner started anew, and the window with it.
 */
final class RateWindow {
  private static final long SPAN_NANOS = 1_000_000_000L;

  private record Reading(long nanos, long[] counters) {}

  private final Deque<Reading> readings;

  RateWindow() {
    readings = new ArrayDeque<>();
  }

  private RateWindow(RateWindow other) {
    readings = new ArrayDeque<>(other.readings);
  }

  RateWindow copy() {
    return new RateWindow(this);
  }

  void clear() {
    readings.clear();
  }

  /** Adds a reading; always the same number of counters in the same order. */
  void add(long nanos, long... counters) {
    Reading last = readings.peekLast();
    if (last != null) {
      for (int i = 0; i < counters.length; i++) {
        if (counters[i] < last.counters()[i]) {
          readings.clear();
          break;
        }
      }
    }
    readings.addLast(new Reading(nanos, counters));
    while (readings.size() > 2 && nanos - readings.peekFirst().nanos() > SPAN_NANOS) {
      readings.removeFirst();
    }
  }

  /** The rate of the counter at this place, 0 while there are fewer than two readings. */
  double perSecond(int counter) {
    if (readings.size() < 2) {
      return 0;
    }
    Reading first = readings.peekFirst();
    Reading last = readings.peekLast();
    long nanos = last.nanos() - first.nanos();
    return nanos <= 0 ? 0 : (last.counters()[counter] - first.counters()[counter]) * 1e9 / nanos;
  }
}
