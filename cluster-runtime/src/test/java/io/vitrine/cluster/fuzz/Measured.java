package io.vitrine.cluster.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Runs a target and holds it to what it may allocate. Counts the calling thread alone. */
final class Measured {
  private static final int MOST_RUNS = 5;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final FuzzTarget target;

  Measured(FuzzTarget target) {
    this.target = target;
  }

  /**
   * @throws AssertionError when more was allocated than the input justifies, every time: in the
   *     first runs classes are loaded as well, and instrumented
   */
  void run(byte[] input) throws Exception {
    long allowed = target.allowedBytes(input.length);
    long least = Long.MAX_VALUE;
    for (int run = 0; run < MOST_RUNS && least > allowed; run++) {
      least = Math.min(least, allocated(input));
    }
    if (least > allowed) {
      throw new AssertionError("reading " + input.length + " bytes allocated " + least);
    }
  }

  private long allocated(byte[] input) throws Exception {
    long before = threads.getCurrentThreadAllocatedBytes();
    target.run(input);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
