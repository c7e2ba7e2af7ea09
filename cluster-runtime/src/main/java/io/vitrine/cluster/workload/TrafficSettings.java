package io.vitrine.cluster.workload;

/**
 * How much demo traffic there is.
 *
 * @param topic created when it is missing
 * @param partitions of the topic when it is created
 * @param replicationFactor likewise; fewer when there are fewer brokers
 * @param minInSyncReplicas likewise
 * @param recordsPerSecond over all partitions
 * @param recordBytes size of a value
 * @param silenceMs unacknowledged for so long counts as an interruption
 */
public record TrafficSettings(
    String topic,
    int partitions,
    int replicationFactor,
    int minInSyncReplicas,
    int recordsPerSecond,
    int recordBytes,
    long silenceMs) {
  /** Enough to see everything move, little enough for any machine. */
  public static TrafficSettings modest() {
    return new TrafficSettings("orders", 6, 3, 2, 120, 400, 500);
  }
}
