package io.vitrine.cluster.replica;

import io.vitrine.storage.log.ReadBound;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.requests.FetchRequest;

/**
 * What a fetch asks for all of its partitions.
 *
 * @param replicaId the follower's broker id, negative for a consumer
 * @param replicaEpoch the follower's broker epoch, -1 not told
 * @param maxWaitMs how long it may wait for {@code minBytes}
 * @param maxBytes of all record bytes; the first batch found comes whole
 * @param bound how far it may see
 * @param rack the consumer's {@code client.rack}, empty when it told none
 */
public record FetchParameters(
    short version,
    int replicaId,
    long replicaEpoch,
    long maxWaitMs,
    int minBytes,
    int maxBytes,
    ReadBound bound,
    String rack) {
  private static final short READS_FROM_FOLLOWERS = 11;

  /**
   * @param fetchMaxBytes the broker's {@code fetch.max.bytes}
   */
  public static FetchParameters of(FetchRequest request, int fetchMaxBytes) {
    int maxBytes = Math.min(request.maxBytes(), fetchMaxBytes);
    return new FetchParameters(
        request.version(),
        request.replicaId(),
        request.replicaEpoch(),
        request.maxWait(),
        Math.min(request.minBytes(), maxBytes),
        maxBytes,
        bound(request),
        request.rackId() == null ? "" : request.rackId());
  }

  private static ReadBound bound(FetchRequest request) {
    if (!FetchRequest.isConsumer(request.replicaId())) {
      return ReadBound.LOG_END;
    }
    return request.isolationLevel() == IsolationLevel.READ_COMMITTED
        ? ReadBound.LAST_STABLE
        : ReadBound.HIGH_WATERMARK;
  }

  boolean fromFollower() {
    return replicaId >= 0;
  }

  /** A consumer that understands to be sent to another replica. */
  boolean mayReadFromFollowers() {
    return FetchRequest.isConsumer(replicaId) && version >= READS_FROM_FOLLOWERS;
  }

  /** Followers and old consumers are served by the leader only (KIP-392). */
  boolean leaderOnly() {
    return fromFollower() || FetchRequest.isConsumer(replicaId) && version < READS_FROM_FOLLOWERS;
  }
}
