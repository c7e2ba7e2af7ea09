package io.vitrine.cluster.testing;

import io.vitrine.cluster.replica.IsrStore;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** At the newest level the controller keeps the ISR. */
public final class NoIsrStore implements IsrStore {
  @Override
  public CompletableFuture<OptionalInt> write(
      TopicPartition partition,
      int leader,
      int leaderEpoch,
      List<Integer> isr,
      int controllerEpoch,
      int partitionEpoch) {
    throw new AssertionError("a leader wrote its ISR itself");
  }

  @Override
  public CompletableFuture<Void> announce(Collection<TopicPartition> partitions) {
    throw new AssertionError("a leader wrote its ISR itself");
  }
}
