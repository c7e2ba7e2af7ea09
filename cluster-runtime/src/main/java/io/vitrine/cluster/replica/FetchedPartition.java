package io.vitrine.cluster.replica;

import io.vitrine.storage.log.PartitionLog;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.Uuid;

/**
 * Where a follower is with one partition. Immutable.
 *
 * @param leaderEpoch the epoch this broker follows in
 * @param lastFetchedEpoch epoch of the last batch it has; the leader compares it with its own log
 * @param truncating the log has no epochs, so it must be cut to the high watermark first
 * @param notBeforeMs back-off after an error, in monotonic milliseconds
 */
record FetchedPartition(
    Partition partition,
    Uuid topicId,
    int leaderEpoch,
    long fetchOffset,
    Optional<Integer> lastFetchedEpoch,
    boolean truncating,
    long notBeforeMs) {

  /**
   * At the beginning of an epoch: from the log's end, or from the high watermark without epochs.
   */
  static FetchedPartition begin(
      Partition partition, PartitionLog log, int leaderEpoch, long nowMs) {
    OptionalInt latest = log.latestEpoch();
    return new FetchedPartition(
        partition,
        log.topicId().orElse(Uuid.ZERO_UUID),
        leaderEpoch,
        latest.isPresent() ? log.logEndOffset() : log.highWatermark(),
        boxed(latest),
        latest.isEmpty(),
        nowMs);
  }

  /** After records, or after a cut: ready to fetch. */
  FetchedPartition at(long offset, OptionalInt epoch) {
    return new FetchedPartition(
        partition, topicId, leaderEpoch, offset, boxed(epoch), false, notBeforeMs);
  }

  FetchedPartition delayedUntil(long ms) {
    return new FetchedPartition(
        partition, topicId, leaderEpoch, fetchOffset, lastFetchedEpoch, truncating, ms);
  }

  FetchedPartition withTopicId(Uuid id) {
    return new FetchedPartition(
        partition, id, leaderEpoch, fetchOffset, lastFetchedEpoch, truncating, notBeforeMs);
  }

  private static Optional<Integer> boxed(OptionalInt epoch) {
    return epoch.isPresent() ? Optional.of(epoch.getAsInt()) : Optional.empty();
  }
}
