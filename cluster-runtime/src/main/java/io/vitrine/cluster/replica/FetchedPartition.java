package io.vitrine.cluster.replica;

import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.storage.log.PartitionLog;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.common.Uuid;

/**
 * Where a follower is with one partition. Immutable.
 *
 * @param leaderEpoch the epoch this broker follows in
 * @param lastFetchedEpoch epoch of the last batch it has; the leader compares it with its own log
 * @param truncating the log must be cut before anything is fetched
 * @param notBeforeMs back-off after an error, in monotonic milliseconds
 * @param lag records behind the leader's high watermark after the last answer that brought any;
 *     empty before the first answer
 */
record FetchedPartition(
    Partition partition,
    Uuid topicId,
    int leaderEpoch,
    long fetchOffset,
    Optional<Integer> lastFetchedEpoch,
    boolean truncating,
    long notBeforeMs,
    OptionalLong lag) {

  /**
   * At the beginning of an epoch. Where the answer to a fetch tells where the logs part, it begins
   * with the log's end; else the log is cut first, and if nobody knows better to the high
   * watermark.
   */
  static FetchedPartition begin(
      Partition partition,
      PartitionLog log,
      int leaderEpoch,
      long nowMs,
      InterBrokerProtocol protocol) {
    OptionalInt latest = log.latestEpoch();
    boolean fetches = protocol.truncatesOnFetch() && latest.isPresent();
    return new FetchedPartition(
        partition,
        log.topicId().orElse(Uuid.ZERO_UUID),
        leaderEpoch,
        fetches ? log.logEndOffset() : log.highWatermark(),
        fetches ? boxed(latest) : Optional.empty(),
        !fetches,
        nowMs,
        OptionalLong.empty());
  }

  /** After records, or after a cut: ready to fetch. */
  FetchedPartition at(long offset, OptionalInt epoch) {
    return new FetchedPartition(
        partition, topicId, leaderEpoch, offset, boxed(epoch), false, notBeforeMs, lag);
  }

  /** After a cut that may not have been the last one. */
  FetchedPartition cutTo(long offset) {
    return new FetchedPartition(
        partition, topicId, leaderEpoch, offset, Optional.empty(), true, notBeforeMs, lag);
  }

  FetchedPartition delayedUntil(long ms) {
    return new FetchedPartition(
        partition, topicId, leaderEpoch, fetchOffset, lastFetchedEpoch, truncating, ms, lag);
  }

  FetchedPartition lagging(OptionalLong records) {
    return new FetchedPartition(
        partition,
        topicId,
        leaderEpoch,
        fetchOffset,
        lastFetchedEpoch,
        truncating,
        notBeforeMs,
        records);
  }

  /** Whether the last answer left nothing behind the leader's high watermark. */
  boolean caughtUp() {
    return lag.isPresent() && lag.getAsLong() <= 0;
  }

  FetchedPartition withTopicId(Uuid id) {
    return new FetchedPartition(
        partition, id, leaderEpoch, fetchOffset, lastFetchedEpoch, truncating, notBeforeMs, lag);
  }

  /** The latest epoch in the own log, empty when it has none. */
  OptionalInt latestEpoch() {
    return partition.log().map(PartitionLog::latestEpoch).orElse(OptionalInt.empty());
  }

  private static Optional<Integer> boxed(OptionalInt epoch) {
    return epoch.isPresent() ? Optional.of(epoch.getAsInt()) : Optional.empty();
  }
}
