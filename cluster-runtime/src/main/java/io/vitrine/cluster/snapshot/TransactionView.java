package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.TransactionSample;
import io.vitrine.cluster.event.ClusterEvent.TransactionStage;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * A transactional id, as its coordinator last told.
 *
 * @param coordinator the broker that told it
 * @param partition of {@code __transaction_state} it is kept in
 * @param partitions added to the open transaction; while it ends, those whose leader has not
 *     written the marker
 * @param openMs when last sampled: for how long the transaction is open, -1 when none is
 * @param sampledNanos when that was
 */
public record TransactionView(
    String id,
    int coordinator,
    int partition,
    long producerId,
    short epoch,
    TransactionStage stage,
    int timeoutMs,
    List<TopicPartition> partitions,
    long openMs,
    long sampledNanos) {
  public TransactionView {
    partitions = List.copyOf(partitions);
  }

  static TransactionView of(int coordinator, TransactionSample sample, long nanos) {
    return new TransactionView(
        sample.transactionalId(),
        coordinator,
        sample.partition(),
        sample.producerId(),
        sample.epoch(),
        sample.stage(),
        sample.timeoutMs(),
        sample.partitions(),
        sample.openMs(),
        nanos);
  }

  /** When last sampled: how long the transaction may stay open, -1 when none is. */
  public long leftMs() {
    return openMs < 0 ? -1 : Math.max(0, timeoutMs - openMs);
  }
}
