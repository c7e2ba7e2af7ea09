package io.vitrine.cluster.zookeeper;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Settings made on topics and brokers: what lies below {@code /config}, and the notifications of
 * its changes. Never blocks; safe from any thread.
 */
public final class ConfigStore {
  /** Stands for all brokers where a broker's id would stand. */
  public static final String ALL_BROKERS = "brokers/<default>";

  private final ZooKeeperSession session;

  public ConfigStore(ZooKeeperSession session) {
    this.session = session;
  }

  /** The path of one broker's settings. */
  public static String broker(int id) {
    return "brokers/" + id;
  }

  /** The path of a topic's settings. */
  public static String topic(String name) {
    return "topics/" + name;
  }

  /**
   * The settings made on something; empty when there are none.
   *
   * @param entityPath such as {@code topics/orders}
   */
  public CompletableFuture<Map<String, String>> read(String entityPath) {
    String path = path(entityPath);
    return session
        .get(path)
        .thenApply(
            node -> node.map(n -> ConfigNode.decode(path, n.data()).config()).orElse(Map.of()));
  }

  /**
   * What settings were made on.
   *
   * @param below such as {@code topics}, or {@code users/alice/clients}
   */
  public CompletableFuture<List<String>> names(String below) {
    return session.children(path(below)).thenApply(names -> names.orElse(List.of()));
  }

  /** Replaces the settings made on something and tells all brokers. */
  public CompletableFuture<Void> change(String entityPath, Map<String, String> config) {
    return write(entityPath, config)
        .thenCompose(
            done ->
                session.create(
                    ZkPaths.CONFIG_CHANGE_PREFIX,
                    new ConfigChangeNode(entityPath).encode(),
                    CreateMode.PERSISTENT_SEQUENTIAL))
        .thenApply(done -> null);
  }

  /** Replaces them and tells nobody. */
  CompletableFuture<Void> write(String entityPath, Map<String, String> config) {
    String path = path(entityPath);
    byte[] data = new ConfigNode(config).encode();
    return session
        .set(path, data, -1)
        .handle((stat, error) -> error)
        .thenCompose(
            error -> {
              if (error == null) {
                return CompletableFuture.<Void>completedFuture(null);
              }
              if (ZkException.refusedWith(error, ZkException.Code.NO_NODE)) {
                return session.create(path, data, CreateMode.PERSISTENT).thenApply(done -> null);
              }
              return CompletableFuture.failedFuture(error);
            });
  }

  private static String path(String entityPath) {
    return ZkPaths.CONFIG + "/" + entityPath;
  }
}
