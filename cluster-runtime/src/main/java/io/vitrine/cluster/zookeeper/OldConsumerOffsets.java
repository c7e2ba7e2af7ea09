package io.vitrine.cluster.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Offsets as consumers before 0.8.2 kept them: {@code /consumers/<group>/offsets/<topic>/<n>}, the
 * number in digits. Never blocks; safe from any thread.
 */
public final class OldConsumerOffsets {
  private static final byte[] NOTHING = {};

  private final ZooKeeperSession session;

  public OldConsumerOffsets(ZooKeeperSession session) {
    this.session = session;
  }

  /** The offset, if there is one. */
  public CompletableFuture<Optional<Long>> read(String group, TopicPartition partition) {
    return session
        .get(path(group, partition))
        .thenApply(
            node -> node.map(n -> Long.parseLong(new String(n.data(), StandardCharsets.UTF_8))));
  }

  /** Sets the offset. */
  public CompletableFuture<Void> write(String group, TopicPartition partition, long offset) {
    String path = path(group, partition);
    byte[] data = Long.toString(offset).getBytes(StandardCharsets.UTF_8);
    return elseIf(
        ZkException.Code.NO_NODE,
        session.set(path, data, -1).thenApply(stat -> null),
        () -> createWithParents(path, data));
  }

  private CompletableFuture<Void> createWithParents(String path, byte[] data) {
    return elseIf(
        ZkException.Code.NO_NODE,
        session.create(path, data, CreateMode.PERSISTENT).thenApply(made -> null),
        () ->
            elseIf(
                    ZkException.Code.NODE_EXISTS,
                    createWithParents(path.substring(0, path.lastIndexOf('/')), NOTHING),
                    () -> CompletableFuture.completedFuture(null))
                .thenCompose(made -> createWithParents(path, data)));
  }

  /** What to do about one refusal; another one stays. */
  private static CompletableFuture<Void> elseIf(
      ZkException.Code code,
      CompletableFuture<Void> attempt,
      Supplier<CompletableFuture<Void>> remedy) {
    return attempt
        .handle((done, error) -> error)
        .thenCompose(
            error -> {
              if (error == null) {
                return CompletableFuture.completedFuture(null);
              }
              return ZkException.refusedWith(error, code)
                  ? remedy.get()
                  : CompletableFuture.failedFuture(error);
            });
  }

  private static String path(String group, TopicPartition partition) {
    return "/consumers/" + group + "/offsets/" + partition.topic() + "/" + partition.partition();
  }
}
