package io.vitrine.cluster.metric;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * A sample of bounded size in which what came lately weighs most: a value of age t stays with a
 * probability that falls as e<sup>-decay·t</sup>. Kept are the values of the highest priority,
 * which is decided once and for all when a value comes, from its time and from chance (Cormode and
 * others, "Forward Decay", 2009). The logarithm of the priority is what is kept, so that it never
 * grows out of its bounds.
 *
 * <p>Safe from any thread. Only what enters the sample takes this object's monitor: some {@code
 * size·decay} values a second, however many come.
 */
final class DecayingSample {
  private static final int FIRST_CAPACITY = 16;
  private static final double NANOS_PER_SECOND = 1e9;

  private final int size;
  private final double decay;
  private final long startNanos;
  private final DoubleSupplier chance;

  /** The least priority that stays; of everything, before the sample is full. */
  private volatile double least = Double.NEGATIVE_INFINITY;

  // A heap: none has a priority above those of its two children.
  private double[] priorities = new double[0];
  private long[] values = new long[0];
  private int count;

  /**
   * @param size how many values there are at most
   * @param decay how fast values lose weight, a second
   * @param startNanos the monotonic time now
   * @param chance exponentially distributed with mean 1
   */
  DecayingSample(int size, double decay, long startNanos, DoubleSupplier chance) {
    this.size = size;
    this.decay = decay;
    this.startNanos = startNanos;
    this.chance = chance;
  }

  /** A value came at that monotonic time. */
  void update(long value, long nanoTime) {
    double priority = decay * ((nanoTime - startNanos) / NANOS_PER_SECOND) + chance.getAsDouble();
    if (priority > least) {
      enter(priority, value);
    }
  }

  /** The values that are in the sample now, in order of size. */
  synchronized long[] sorted() {
    long[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted;
  }

  private synchronized void enter(double priority, long value) {
    if (count < size) {
      if (count == values.length) {
        int capacity = Math.min(size, Math.max(FIRST_CAPACITY, 2 * count));
        priorities = Arrays.copyOf(priorities, capacity);
        values = Arrays.copyOf(values, capacity);
      }
      rise(count++, priority, value);
    } else if (priority > priorities[0]) {
      sink(priority, value);
    }
    if (count == size) {
      least = priorities[0];
    }
  }

  private void rise(int from, double priority, long value) {
    int place = from;
    while (place > 0 && priorities[(place - 1) / 2] > priority) {
      move((place - 1) / 2, place);
      place = (place - 1) / 2;
    }
    put(place, priority, value);
  }

  /** Takes the place of the least. */
  private void sink(double priority, long value) {
    int place = 0;
    for (int child = 1; child < count; child = 2 * place + 1) {
      if (child + 1 < count && priorities[child + 1] < priorities[child]) {
        child++;
      }
      if (priorities[child] >= priority) {
        break;
      }
      move(child, place);
      place = child;
    }
    put(place, priority, value);
  }

  private void move(int from, int to) {
    put(to, priorities[from], values[from]);
  }

  private void put(int place, double priority, long value) {
    priorities[place] = priority;
    values[place] = value;
  }
}
