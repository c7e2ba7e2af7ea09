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
 * @param usesEpochs whether the leader is told epochs, see {@code vitrine.leader.epochs}
 */
record FetchedPartition(
    Partition partition,
    Uuid topicId,
    int leaderEpoch,
    long fetchOffset,
    Optional<Integer> lastFetchedEpoch,
    boolean truncating,
    long notBeforeMs,
    boolean usesEpochs) {

  /**
   * At the beginning of an epoch: from the log's end, or from the high watermark without epochs.
   */
  static FetchedPartition begin(
      Partition partition, PartitionLog log, int leaderEpoch, long nowMs, boolean usesEpochs) {
    OptionalInt latest = usesEpochs ? log.latestEpoch() : OptionalInt.empty();
    return new FetchedPartition(
        partition,
        log.topicId().orElse(Uuid.ZERO_UUID),
        leaderEpoch,
        latest.isPresent() ? log.logEndOffset() : log.highWatermark(),
        boxed(latest),
        latest.isEmpty(),
        nowMs,
        usesEpochs);
  }

  /** After records, or after a cut: ready to fetch. */
  FetchedPartition at(long offset, OptionalInt epoch) {
    return new FetchedPartition(
        partition,
        topicId,
        leaderEpoch,
        offset,
        usesEpochs ? boxed(epoch) : Optional.empty(),
        false,
        notBeforeMs,
        usesEpochs);
  }

  FetchedPartition delayedUntil(long ms) {
    return new FetchedPartition(
        partition, topicId, leaderEpoch, fetchOffset, lastFetchedEpoch, truncating, ms, usesEpochs);
  }

  FetchedPartition withTopicId(Uuid id) {
    return new FetchedPartition(
        partition,
        id,
        leaderEpoch,
        fetchOffset,
        lastFetchedEpoch,
        truncating,
        notBeforeMs,
        usesEpochs);
  }

  private static Optional<Integer> boxed(OptionalInt epoch) {
    return epoch.isPresent() ? Optional.of(epoch.getAsInt()) : Optional.empty();
  }
}
