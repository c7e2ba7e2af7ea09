package io.vitrine.cluster.replica;

import io.vitrine.cluster.purgatory.Awaited;
import io.vitrine.cluster.purgatory.DelayedOperation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceResponse.PartitionResponse;

/**
 * An acks=all append that waits until every partition's high watermark has passed it.
 *
 * <p>A partition is settled once, whatever becomes of it later: acknowledged (20 when the ISR
 * shrank below the minimum meanwhile), or 6 when this broker does not lead any more, 3 when it was
 * deleted. When the time is up the others get 7; their records stay in the log.
 */
final class DelayedProduce extends DelayedOperation {
  private final HostedPartitions partitions;
  private final List<Waiting> appended;
  private final Map<TopicPartition, PartitionResponse> answers;
  private final Consumer<Map<TopicPartition, PartitionResponse>> callback;

  /** A partition that was appended to, and what became of it; any thread may settle it. */
  static final class Waiting {
    private final TopicPartition partition;
    private final long requiredOffset;
    private final boolean highWatermarkRose;
    private volatile Errors settled;

    /**
     * @param requiredOffset the log end its followers must reach
     * @param highWatermarkRose whether the append alone made it rise
     */
    Waiting(TopicPartition partition, long requiredOffset, boolean highWatermarkRose) {
      this.partition = partition;
      this.requiredOffset = requiredOffset;
      this.highWatermarkRose = highWatermarkRose;
    }

    TopicPartition partition() {
      return partition;
    }

    boolean highWatermarkRose() {
      return highWatermarkRose;
    }
  }

  /**
   * @param answers of all partitions; those of {@code appended} stand as if acknowledged
   */
  DelayedProduce(
      long timeoutMs,
      HostedPartitions partitions,
      List<Waiting> appended,
      Map<TopicPartition, PartitionResponse> answers,
      Consumer<Map<TopicPartition, PartitionResponse>> callback) {
    super(timeoutMs);
    this.partitions = partitions;
    this.appended = appended;
    this.answers = answers;
    this.callback = callback;
  }

  @Override
  protected boolean canComplete() {
    boolean all = true;
    for (Waiting waiting : appended) {
      all &= isSettled(waiting);
    }
    return all;
  }

  private boolean isSettled(Waiting waiting) {
    if (waiting.settled == null) {
      outcome(waiting).ifPresent(error -> waiting.settled = error);
    }
    return waiting.settled != null;
  }

  private Optional<Errors> outcome(Waiting waiting) {
    Optional<Partition> partition = partitions.get(waiting.partition);
    if (partition.isEmpty()) {
      return Optional.of(partitions.whyMissing(waiting.partition));
    }
    return partition.get().leaderWrites().acknowledgement(waiting.requiredOffset);
  }

  @Override
  protected void onComplete() {
    Map<TopicPartition, PartitionResponse> all = new HashMap<>(answers);
    for (Waiting waiting : appended) {
      Errors error = waiting.settled == null ? Errors.REQUEST_TIMED_OUT : waiting.settled;
      if (error != Errors.NONE) {
        all.get(waiting.partition).error = error;
      }
    }
    callback.accept(all);
  }

  @Override
  protected List<Awaited> awaited() {
    return appended.stream()
        .limit(MOST_AWAITED)
        .map(
            waiting ->
                new Awaited(
                    waiting.partition.toString(),
                    highWatermark(waiting.partition),
                    waiting.requiredOffset))
        .toList();
  }

  private long highWatermark(TopicPartition partition) {
    return partitions
        .get(partition)
        .flatMap(Partition::log)
        .map(log -> log.highWatermark())
        .orElse(-1L);
  }
}
