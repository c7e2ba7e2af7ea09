package io.vitrine.cluster.wire;

/**
 * Where the time of an exchange went, in Kafka's stages and in nanoseconds; throttling is no part
 * of the total.
 */
public record WireTimes(
    long queueNanos,
    long localNanos,
    long remoteNanos,
    long throttleNanos,
    long responseQueueNanos,
    long sendNanos,
    long totalNanos) {
  /** Not over yet. */
  public static WireTimes none() {
    return new WireTimes(0, 0, 0, 0, 0, 0, 0);
  }
}
