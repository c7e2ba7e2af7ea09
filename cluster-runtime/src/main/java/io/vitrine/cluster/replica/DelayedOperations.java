package io.vitrine.cluster.replica;

import io.vitrine.cluster.purgatory.Purgatory;
import org.apache.kafka.common.TopicPartition;

/**
 * The waiting produces, fetches and deletions of records of one broker, woken by what happens to
 * partitions. Never called under a partition's lock.
 */
final class DelayedOperations {
  private final Purgatory<DelayedProduce> produces;
  private final Purgatory<DelayedFetch> fetches;
  private final Purgatory<DelayedDeleteRecords> deletions;

  DelayedOperations(
      Purgatory<DelayedProduce> produces,
      Purgatory<DelayedFetch> fetches,
      Purgatory<DelayedDeleteRecords> deletions) {
    this.produces = produces;
    this.fetches = fetches;
    this.deletions = deletions;
  }

  Purgatory<DelayedProduce> produces() {
    return produces;
  }

  Purgatory<DelayedFetch> fetches() {
    return fetches;
  }

  Purgatory<DelayedDeleteRecords> deletions() {
    return deletions;
  }

  /** Records came: followers and those who read the log's end can have them. */
  void appended(TopicPartition partition) {
    fetches.checkAndComplete(partition);
  }

  /** The high watermark rose, or who leads changed. */
  void changed(TopicPartition partition) {
    produces.checkAndComplete(partition);
    fetches.checkAndComplete(partition);
    deletions.checkAndComplete(partition);
  }

  /** A replica's log starts elsewhere now, or one that was waited for is gone. */
  void logStartMoved(TopicPartition partition) {
    deletions.checkAndComplete(partition);
  }
}
