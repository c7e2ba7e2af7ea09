package io.vitrine.cluster.workload;

import java.util.HashSet;
import java.util.Set;

/**
 * The books of one partition: which numbered records were sent, acknowledged, refused and received.
 *
 * <p>Records are numbered 0, 1, 2 … in sending order, which the idempotent producer keeps. A number
 * the consumer has passed without receiving it is missing exactly when it was acknowledged; a
 * refused record may be in the log or not. A number received again at a later offset is a
 * duplicate; the same offset delivered twice is not, because groups may deliver twice.
 *
 * <p>Owns its sets, whose sizes are bounded by the records under way and by what went wrong. All
 * methods hold its lock; called by producer, consumer and ticking threads.
 */
final class TrafficLedger {
  private final Set<Long> underWay = new HashSet<>();
  private final Set<Long> passedUnderWay = new HashSet<>();
  private final Set<Long> missing = new HashSet<>();
  private final Set<Long> refused = new HashSet<>();
  private long nextToSend;
  private long nextToReceive;
  private long lastOffset = -1;
  private long acknowledged;
  private long received;
  private long duplicates;
  private long lastGoodNanos;
  private boolean interrupted;
  private long longestGapNanos;

  /**
   * Takes the next number for a record about to be sent.
   *
   * @param limit most records under way
   * @return the number, or -1 when as many as allowed are under way
   */
  synchronized long next(int limit, long nowNanos) {
    if (underWay.size() >= limit) {
      return -1;
    }
    if (underWay.isEmpty()) {
      // Silence counts from here: before, nothing was waited for.
      lastGoodNanos = nowNanos;
    }
    underWay.add(nextToSend);
    return nextToSend++;
  }

  /**
   * A record was acknowledged.
   *
   * @return the silence that ends here in nanoseconds if it had been noticed as an interruption,
   *     else -1
   */
  synchronized long acknowledged(long number, long nowNanos) {
    underWay.remove(number);
    acknowledged++;
    if (passedUnderWay.remove(number)) {
      missing.add(number);
    }
    long gap = nowNanos - lastGoodNanos;
    longestGapNanos = Math.max(longestGapNanos, gap);
    lastGoodNanos = nowNanos;
    boolean resumed = interrupted;
    interrupted = false;
    return resumed ? gap : -1;
  }

  /**
   * A record was refused or given up.
   *
   * @return whether this begins an interruption
   */
  synchronized boolean refused(long number) {
    underWay.remove(number);
    if (!passedUnderWay.remove(number) && number >= nextToReceive) {
      refused.add(number);
    }
    boolean begins = !interrupted;
    interrupted = true;
    return begins;
  }

  /**
   * Looks for silence: records are under way and none was acknowledged for so long.
   *
   * @return whether an interruption begins
   */
  synchronized boolean silent(long nowNanos, long limitNanos) {
    if (interrupted || underWay.isEmpty() || nowNanos - lastGoodNanos < limitNanos) {
      return false;
    }
    interrupted = true;
    return true;
  }

  /** A record came back. */
  synchronized void received(long number, long offset) {
    if (offset <= lastOffset) {
      return;
    }
    lastOffset = offset;
    if (number < nextToReceive) {
      if (missing.remove(number) || passedUnderWay.remove(number)) {
        received++;
      } else {
        duplicates++;
      }
      return;
    }
    for (long passed = nextToReceive; passed < number; passed++) {
      if (underWay.contains(passed)) {
        passedUnderWay.add(passed);
      } else if (!refused.remove(passed)) {
        missing.add(passed);
      }
    }
    refused.remove(number);
    nextToReceive = number + 1;
    received++;
  }

  /** Whether everything acknowledged has come back. */
  synchronized boolean settled() {
    return underWay.isEmpty() && received + missing.size() >= acknowledged;
  }

  synchronized Counts counts() {
    return new Counts(
        nextToSend, acknowledged, received, duplicates, missing.size(), longestGapNanos);
  }

  /** The partition's sums. */
  record Counts(
      long sent,
      long acknowledged,
      long received,
      long duplicates,
      long missing,
      long longestGapNanos) {}
}
