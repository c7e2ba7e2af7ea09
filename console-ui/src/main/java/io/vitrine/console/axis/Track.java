package io.vitrine.console.axis;

import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.console.axis.AxisModel.Condition;
import io.vitrine.console.axis.AxisModel.Kind;
import io.vitrine.console.axis.AxisModel.Mark;
import io.vitrine.console.axis.AxisModel.Stretch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One lane that grows: its stretches, and its marks in columns, seventeen bytes each, so that a
 * million of them can be kept and looked through while they are drawn. Both are in the order of
 * time. When there are more than are kept, the older half goes. Not safe for several threads.
 */
final class Track {
  private static final int MOST_MARKS = 1 << 20;
  private static final int MOST_STRETCHES = 1 << 14;
  private static final Kind[] KINDS = Kind.values();

  private final List<Stretch> stretches = new ArrayList<>();
  private long[] nanos = new long[64];
  private long[] sequences = new long[64];
  private byte[] kinds = new byte[64];
  private int size;

  void begin(Condition condition, long at, String label, int brokerId) {
    end(at);
    if (stretches.size() == MOST_STRETCHES) {
      stretches.subList(0, MOST_STRETCHES / 2).clear();
    }
    stretches.add(new Stretch(condition, at, Stretch.OPEN, label, brokerId));
  }

  void end(long at) {
    Stretch last = lasting();
    if (last != null) {
      stretches.set(
          stretches.size() - 1,
          new Stretch(last.condition(), last.fromNanos(), at, last.label(), last.brokerId()));
    }
  }

  boolean lasts(Condition condition) {
    Stretch last = lasting();
    return last != null && last.condition() == condition;
  }

  int brokerOfLast() {
    Stretch last = lasting();
    return last == null ? -1 : last.brokerId();
  }

  boolean isEmpty() {
    return size == 0 && stretches.isEmpty();
  }

  void mark(Kind kind, StampedEvent event) {
    if (size == MOST_MARKS) {
      forgetHalf();
    } else if (size == nanos.length) {
      nanos = Arrays.copyOf(nanos, size * 2);
      sequences = Arrays.copyOf(sequences, size * 2);
      kinds = Arrays.copyOf(kinds, size * 2);
    }
    nanos[size] = event.nanos();
    sequences[size] = event.sequence();
    kinds[size] = (byte) kind.ordinal();
    size++;
  }

  /** The stretches that are not over before the one moment nor begin after the other. */
  List<Stretch> stretches(long fromNanos, long toNanos) {
    int low = 0;
    int high = stretches.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (stretches.get(middle).toNanos() < fromNanos) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    List<Stretch> found = new ArrayList<>();
    for (int i = low; i < stretches.size() && stretches.get(i).fromNanos() <= toNanos; i++) {
      found.add(stretches.get(i));
    }
    return found;
  }

  /**
   * The marks between two moments, those closer together than told made one: it has the most
   * serious one's kind, the first one's moment and the last one's event.
   */
  List<Mark> marks(long fromNanos, long toNanos, long togetherNanos) {
    List<Mark> found = new ArrayList<>();
    int at = firstNotBefore(fromNanos, 0);
    while (at < size && nanos[at] <= toNanos) {
      int end = togetherNanos == 0 ? at + 1 : firstNotBefore(nanos[at] + togetherNanos, at + 1);
      byte most = kinds[at];
      for (int i = at + 1; i < end; i++) {
        most = (byte) Math.min(most, kinds[i]);
      }
      found.add(
          new Mark(
              KINDS[most], nanos[at], nanos[end - 1], sequences[at], sequences[end - 1], end - at));
      at = end;
    }
    return found;
  }

  private int firstNotBefore(long moment, int from) {
    int low = from;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (nanos[middle] < moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Stretch lasting() {
    Stretch last = stretches.isEmpty() ? null : stretches.get(stretches.size() - 1);
    return last != null && last.toNanos() == Stretch.OPEN ? last : null;
  }

  private void forgetHalf() {
    size /= 2;
    System.arraycopy(nanos, size, nanos, 0, size);
    System.arraycopy(sequences, size, sequences, 0, size);
    System.arraycopy(kinds, size, kinds, 0, size);
  }
}
