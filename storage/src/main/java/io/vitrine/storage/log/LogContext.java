package io.vitrine.storage.log;

import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;

/**
 * What a log needs of the world around it.
 *
 * @param random spreads the rolls of segments that were made at once
 * @param producerIdExpirationMs {@code producer.id.expiration.ms} now
 * @param compaction kept from a log's segments while they are cut or moved
 * @param listener told of what happened
 * @param failure told of a disk error; the log's directory goes offline
 */
public record LogContext(
    FileAccess files,
    InstantSource clock,
    ScheduledExecutorService scheduler,
    RandomGenerator random,
    DecompressionBuffers decompression,
    LookupBuffers lookups,
    LongSupplier producerIdExpirationMs,
    Compaction compaction,
    Listener listener,
    Failure failure) {

  /** Time to take off {@code segment.ms} of one segment. */
  long rollJitterMs(LogSettings settings) {
    return settings.segmentJitterMs() == 0
        ? 0
        : random.nextLong(Math.min(settings.segmentJitterMs(), settings.segmentMs()));
  }

  /** Whoever compacts logs: only one may change the segments below the active one at a time. */
  public interface Compaction {
    /** Nobody compacts. */
    Compaction NONE = new Compaction() {};

    /** Ends a pass over a log and keeps new ones off until {@link #resume}; waits for that. */
    default void pause(TopicPartition partition) {}

    default void resume(TopicPartition partition) {}

    /** A log was cut. */
    default void truncated(PartitionLog log, long offset) {}
  }

  /** Told of changes, possibly under the log's lock: an implementation only hands over. */
  public interface Listener {
    default void segmentRolled(TopicPartition partition, long baseOffset) {}

    default void segmentsDeleted(TopicPartition partition, List<Long> baseOffsets, String reason) {}

    default void truncated(TopicPartition partition, long fromOffset, long toOffset) {}

    /** A segment is to be forced to the device: an implementation does it, and may measure it. */
    default void flush(Flush flush) throws IOException {
      flush.run();
    }

    default void recovered(
        TopicPartition partition, long durationMs, long bytesCut, long logEndOffset) {}
  }

  /** Forces a segment to the device. */
  @FunctionalInterface
  public interface Flush {
    void run() throws IOException;
  }

  /** Told of the first error of a log directory. */
  public interface Failure {
    void failed(Path logDirectory, IOException cause);
  }
}
