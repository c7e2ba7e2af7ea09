package io.vitrine.cluster.replica;

import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Where leaders write their ISR themselves, below {@code inter.broker.protocol.version} 2.7. Never
 * blocks.
 */
public interface IsrStore {
  /**
   * Writes a partition's state if its partition epoch is still the one given.
   *
   * @param controllerEpoch of the controller that made this broker leader
   * @return the new partition epoch; empty when the state is another by now; fails when nobody
   *     knows
   */
  CompletableFuture<OptionalInt> write(
      TopicPartition partition,
      int leader,
      int leaderEpoch,
      List<Integer> isr,
      int controllerEpoch,
      int partitionEpoch);

  /** Tells the controller which partitions were written. */
  CompletableFuture<Void> announce(Collection<TopicPartition> partitions);
}
