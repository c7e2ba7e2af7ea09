package io.vitrine.cluster.snapshot;

/**
 * The demo traffic's counts since it was switched on.
 *
 * @param missing acknowledged records the consumer has not received although it is past them; the
 *     number that must stay 0
 * @param acknowledgedPerSecond rate over the last ticks
 * @param longestGapMs longest silence between two acknowledgements
 */
public record TrafficView(
    boolean on,
    String topic,
    long sent,
    long acknowledged,
    long failed,
    long received,
    long duplicates,
    long missing,
    double acknowledgedPerSecond,
    long longestGapMs) {
  /** Switched off and never run. */
  public static TrafficView off() {
    return new TrafficView(false, "", 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
