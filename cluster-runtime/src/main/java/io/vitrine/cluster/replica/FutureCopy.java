package io.vitrine.cluster.replica;

import io.vitrine.storage.epoch.EpochEnd;
import io.vitrine.storage.log.LogRead;
import io.vitrine.storage.log.LogSlice;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.ReadBound;
import java.io.IOException;
import java.util.OptionalInt;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * Brings a replica's future log after its log, which grows, may be cut and may lose its beginning
 * meanwhile. Stateless: every step looks at both logs anew, so it goes on after a restart.
 *
 * <p>The log stands for the leader, the future log for a follower: where leader epochs part, the
 * future log is cut as a follower's is.
 */
final class FutureCopy {
  private FutureCopy() {}

  /**
   * One step: a cut where the logs part, else up to a number of bytes.
   *
   * @return how many bytes were copied
   * @throws org.apache.kafka.common.errors.ApiException when a log is closed, or the log was cut
   *     between a look and a read; the latter goes away with the next step
   */
  static int step(PartitionLog current, PartitionLog future, int maxBytes) {
    int copied = 0;
    if (!cut(current, future) && maxBytes > 0) {
      copied = copy(current, future, maxBytes);
    }
    future.updateHighWatermark(Math.min(current.highWatermark(), future.logEndOffset()));
    future.maybeIncrementLogStartOffset(Math.min(current.logStartOffset(), future.highWatermark()));
    return copied;
  }

  /** Whether the future log has all of the log. Sure only while neither changes. */
  static boolean isComplete(PartitionLog current, PartitionLog future) {
    return future.logEndOffset() == current.logEndOffset() && !parted(current, future);
  }

  private static boolean cut(PartitionLog current, PartitionLog future) {
    if (future.logEndOffset() < current.logStartOffset()) {
      future.truncateFullyAndStartAt(current.logStartOffset());
      return true;
    }
    if (parted(current, future)) {
      EpochEnd end = current.endOffsetForEpoch(future.latestEpoch().getAsInt());
      return future.truncateTo(
          Truncations.onDivergence(
                  end,
                  future.endOffsetForEpoch(end.epoch()),
                  future.logEndOffset(),
                  future.highWatermark())
              .offset());
    }
    return future.truncateTo(current.logEndOffset());
  }

  /** Whether the future log has records of an epoch beyond that epoch's end in the log. */
  private static boolean parted(PartitionLog current, PartitionLog future) {
    OptionalInt latest = future.latestEpoch();
    if (latest.isEmpty()) {
      return false;
    }
    EpochEnd end = current.endOffsetForEpoch(latest.getAsInt());
    return end.endOffset() >= 0
        && (end.epoch() < latest.getAsInt() || end.endOffset() < future.logEndOffset());
  }

  private static int copy(PartitionLog current, PartitionLog future, int maxBytes) {
    LogRead read = current.read(future.logEndOffset(), maxBytes, ReadBound.LOG_END, true);
    MemoryRecords records;
    try (LogSlice slice = read.records()) {
      records = slice.toMemory();
    } catch (IOException e) {
      throw new KafkaStorageException(
          "reading " + current.topicPartition() + " for its move failed", e);
    }
    if (records.sizeInBytes() > 0) {
      FollowerWrites.startBelowIfEmpty(future, records);
      // The log's records are the replica's own: of whatever epoch, they are to be copied.
      future.appendAsFollower(records, Integer.MAX_VALUE);
    }
    return records.sizeInBytes();
  }
}
