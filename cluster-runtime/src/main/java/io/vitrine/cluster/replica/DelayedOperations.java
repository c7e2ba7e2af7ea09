package io.vitrine.cluster.replica;

import io.vitrine.cluster.purgatory.Purgatory;
import org.apache.kafka.common.TopicPartition;

/**
 * The waiting produces and fetches of one broker, woken by what happens to partitions. Never called
 * under a partition's lock.
 */
final class DelayedOperations {
  private final Purgatory<DelayedProduce> produces;
  private final Purgatory<DelayedFetch> fetches;

  DelayedOperations(Purgatory<DelayedProduce> produces, Purgatory<DelayedFetch> fetches) {
    this.produces = produces;
    this.fetches = fetches;
  }

  Purgatory<DelayedProduce> produces() {
    return produces;
  }

  Purgatory<DelayedFetch> fetches() {
    return fetches;
  }

  /** Records came: followers and those who read the log's end can have them. */
  void appended(TopicPartition partition) {
    fetches.checkAndComplete(partition);
  }

  /** The high watermark rose, or who leads changed. */
  void changed(TopicPartition partition) {
    produces.checkAndComplete(partition);
    fetches.checkAndComplete(partition);
  }
}
