package io.vitrine.cluster.bench;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** How long each of a bounded number of operations took; any thread adds. */
final class Latencies {
  private final long[] nanos;
  private final AtomicInteger count = new AtomicInteger();

  Latencies(int most) {
    this.nanos = new long[most];
  }

  void add(long elapsedNanos) {
    nanos[count.getAndIncrement()] = elapsedNanos;
  }

  int count() {
    return count.get();
  }

  /** The one that share of all is not above, in milliseconds; once all are added. */
  double percentileMs(double share) {
    long[] sorted = Arrays.copyOf(nanos, count.get());
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * sorted.length))] / 1e6;
  }
}
