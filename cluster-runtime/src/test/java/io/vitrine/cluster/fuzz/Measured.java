package io.vitrine.cluster.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Runs a target and holds it to what it may allocate. Counts the calling thread alone. */
final class Measured {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final FuzzTarget target;

  Measured(FuzzTarget target) {
    this.target = target;
  }

  /**
   * @throws AssertionError when more was allocated than the input justifies
   */
  void run(byte[] input) throws Exception {
    long allowed = target.allowedBytes(input.length);
    if (allocated(input) > allowed) {
      // The first time classes are loaded as well.
      long again = allocated(input);
      if (again > allowed) {
        throw new AssertionError("reading " + input.length + " bytes allocated " + again);
      }
    }
  }

  private long allocated(byte[] input) throws Exception {
    long before = threads.getCurrentThreadAllocatedBytes();
    target.run(input);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
