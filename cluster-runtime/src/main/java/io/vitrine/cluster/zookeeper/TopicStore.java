package io.vitrine.cluster.zookeeper;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.Uuid;

/**
 * Topics and their settings in ZooKeeper, as any broker may write them; the controller acts on what
 * it sees there. Safe from any thread; nothing blocks.
 */
public final class TopicStore {
  private final ZooKeeperSession session;
  private final ConfigStore configs;

  public TopicStore(ZooKeeperSession session) {
    this.session = session;
    this.configs = new ConfigStore(session);
  }

  /** Names of all topics there are. */
  public CompletableFuture<List<String>> topics() {
    return session.children(ZkPaths.TOPICS).thenApply(names -> names.orElse(List.of()));
  }

  /** Names of the topics that do not wait to be deleted. */
  public CompletableFuture<List<String>> topicsThatStay() {
    CompletableFuture<Optional<List<String>>> marked = session.children(ZkPaths.DELETE_TOPICS);
    return topics()
        .thenCombine(
            marked,
            (all, going) -> {
              Set<String> gone = Set.copyOf(going.orElse(List.of()));
              return all.stream().filter(topic -> !gone.contains(topic)).toList();
            });
  }

  /** Whether there is such a topic. */
  public CompletableFuture<Boolean> exists(String topic) {
    return session.get(ZkPaths.topic(topic)).thenApply(Optional::isPresent);
  }

  /** A topic's replicas, reassignments under way included; empty when there is no such topic. */
  public CompletableFuture<Optional<TopicNode>> topic(String name) {
    return session
        .get(ZkPaths.topic(name))
        .thenApply(node -> node.map(n -> TopicNode.decode(name, n.data())));
  }

  /** Whether a topic is marked for deletion. */
  public CompletableFuture<Boolean> markedForDeletion(String topic) {
    return session.get(ZkPaths.deleteTopic(topic)).thenApply(Optional::isPresent);
  }

  /**
   * Writes a topic: first its settings, then its node, since that is what the controller watches.
   *
   * @param topicId empty where topics have none, see {@code inter.broker.protocol.version}
   * @return fails with {@link ZkException.Code#NODE_EXISTS} when there is such a topic, whose
   *     settings then stay as they are
   */
  public CompletableFuture<Void> createTopic(
      String topic,
      Map<String, String> config,
      Map<Integer, List<Integer>> assignment,
      Optional<Uuid> topicId) {
    return exists(topic)
        .thenCompose(
            there ->
                there
                    ? CompletableFuture.<Void>failedFuture(
                        new ZkException(ZkException.Code.NODE_EXISTS, ZkPaths.topic(topic), -1, ""))
                    : configs.write(ConfigStore.topic(topic), config))
        .thenCompose(
            done ->
                session.create(
                    ZkPaths.topic(topic),
                    TopicNode.of(topicId, assignment).encode(),
                    CreateMode.PERSISTENT))
        .thenApply(done -> null);
  }

  /** Replaces a topic's replicas, as for more partitions. */
  public CompletableFuture<Void> setAssignment(String topic, TopicNode node) {
    return session.set(ZkPaths.topic(topic), node.encode(), -1).thenApply(done -> null);
  }

  /** Asks the controller to delete a topic; asking twice is fine. */
  public CompletableFuture<Void> markForDeletion(String topic) {
    return session
        .create(ZkPaths.deleteTopic(topic), null, CreateMode.PERSISTENT)
        .handle(
            (done, error) -> {
              if (error != null && !ZkException.refusedWith(error, ZkException.Code.NODE_EXISTS)) {
                throw new CompletionException(error);
              }
              return null;
            });
  }

  /** The settings made on a topic itself; empty when there are none. */
  public CompletableFuture<Map<String, String>> topicConfig(String topic) {
    return configs.read(ConfigStore.topic(topic));
  }

  /** Replaces the settings made on a topic and tells all brokers. */
  public CompletableFuture<Void> changeTopicConfig(String topic, Map<String, String> config) {
    return configs.change(ConfigStore.topic(topic), config);
  }
}
