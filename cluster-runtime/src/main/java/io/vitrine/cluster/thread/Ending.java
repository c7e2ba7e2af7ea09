package io.vitrine.cluster.thread;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends executors in order. */
public final class Ending {
  private Ending() {}

  /**
   * Lets an executor finish what it was given, and waits for its threads. Whatever takes longer is
   * interrupted, as it is when the caller is: that mark is left on the caller's thread.
   */
  public static void of(ExecutorService executor, long timeoutMs) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
