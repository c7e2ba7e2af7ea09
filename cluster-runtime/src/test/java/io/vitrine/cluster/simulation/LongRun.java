package io.vitrine.cluster.simulation;

import java.util.concurrent.TimeUnit;

/**
 * Tells many stories, one after the other, and prints those that break a rule. Arguments: the first
 * seed, the number of seeds.
 */
public final class LongRun {
  private static final int REPORT_EVERY = 500;

  private LongRun() {}

  public static void main(String[] args) {
    long first = Long.parseLong(args[0]);
    long count = Long.parseLong(args[1]);
    long start = System.nanoTime();
    long failed = 0;
    for (long seed = first; seed < first + count; seed++) {
      try {
        Simulation.run(seed);
      } catch (AssertionError e) {
        failed++;
        System.out.println(e.getMessage());
        if (Boolean.getBoolean("trace")) {
          e.getCause().printStackTrace(System.out);
        }
      }
      long done = seed - first + 1;
      if (done % REPORT_EVERY == 0 || done == count) {
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        System.out.println(done + " stories in " + ms + " ms, " + failed + " broke a rule");
      }
    }
    System.exit(failed == 0 ? 0 : 1);
  }
}
