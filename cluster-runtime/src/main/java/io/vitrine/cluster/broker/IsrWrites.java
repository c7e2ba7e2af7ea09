package io.vitrine.cluster.broker;

import io.vitrine.cluster.replica.IsrStore;
import io.vitrine.cluster.zookeeper.CreateMode;
import io.vitrine.cluster.zookeeper.IsrChangeNode;
import io.vitrine.cluster.zookeeper.NodeData;
import io.vitrine.cluster.zookeeper.PartitionStateNode;
import io.vitrine.cluster.zookeeper.ZkException;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.TopicPartition;

/** Partition states written by their leader, and the notifications of it. Safe from any thread. */
public final class IsrWrites implements IsrStore {
  private final ZooKeeperSession session;

  public IsrWrites(ZooKeeperSession session) {
    this.session = session;
  }

  @Override
  public CompletableFuture<OptionalInt> write(
      TopicPartition partition,
      int leader,
      int leaderEpoch,
      List<Integer> isr,
      int controllerEpoch,
      int partitionEpoch) {
    String path = ZkPaths.partitionState(partition.topic(), partition.partition());
    PartitionStateNode state =
        new PartitionStateNode(leader, leaderEpoch, isr, controllerEpoch, false);
    return session
        .set(path, state.encode(), partitionEpoch)
        .thenApply(stat -> OptionalInt.of(stat.version()))
        .exceptionallyCompose(error -> afterRefusal(path, state, error));
  }

  /** The write may have been made although its answer was lost: then the node says so. */
  private CompletableFuture<OptionalInt> afterRefusal(
      String path, PartitionStateNode wanted, Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    if (!(cause instanceof ZkException refused)) {
      return CompletableFuture.failedFuture(cause);
    }
    return switch (refused.code()) {
      case NO_NODE -> CompletableFuture.completedFuture(OptionalInt.empty());
      case BAD_VERSION ->
          session
              .get(path)
              .thenApply(
                  node ->
                      node.filter(n -> PartitionStateNode.decode(path, n.data()).equals(wanted))
                          .map(NodeData::stat)
                          .map(stat -> OptionalInt.of(stat.version()))
                          .orElse(OptionalInt.empty()));
      default -> CompletableFuture.failedFuture(refused);
    };
  }

  @Override
  public CompletableFuture<Void> announce(Collection<TopicPartition> partitions) {
    return session
        .create(
            ZkPaths.ISR_CHANGE_PREFIX,
            new IsrChangeNode(partitions).encode(),
            CreateMode.PERSISTENT_SEQUENTIAL)
        .thenApply(made -> null);
  }
}
