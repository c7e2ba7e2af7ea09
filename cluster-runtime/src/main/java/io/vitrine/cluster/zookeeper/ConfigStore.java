package io.vitrine.cluster.zookeeper;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Settings made on topics, brokers, users, client ids and addresses: what lies below {@code
 * /config}, and the notifications of its changes. Never blocks; safe from any thread.
 */
public final class ConfigStore {
  /** Stands for all brokers where a broker's id would stand. */
  public static final String ALL_BROKERS = "brokers/<default>";

  /** Behind a user's path: the clients with settings of their own. */
  private static final String CLIENTS = "/clients";

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
    return write(entityPath, config).thenCompose(done -> tell(entityPath));
  }

  /**
   * Replaces the limits of a user, a client id or an address and tells all brokers. Who has none
   * any more, and no clients of its own with some, leaves no node behind.
   */
  public CompletableFuture<Void> changeLimits(String entityPath, Map<String, String> config) {
    if (!config.isEmpty()) {
      return change(entityPath, config);
    }
    return names(entityPath)
        .thenCompose(
            children ->
                children.isEmpty()
                    ? emptied(entityPath).thenCompose(this::deleteAll)
                    : write(entityPath, config))
        .thenCompose(done -> tell(entityPath));
  }

  /**
   * What goes with something that has no settings any more: the node of a user's clients with the
   * last of them, and the user's with that.
   */
  private CompletableFuture<String> emptied(String entityPath) {
    int slash = entityPath.lastIndexOf('/');
    String clients = entityPath.substring(0, slash);
    if (!clients.endsWith(CLIENTS)) {
      return CompletableFuture.completedFuture(entityPath);
    }
    String user = clients.substring(0, clients.length() - CLIENTS.length());
    return names(clients)
        .thenCombine(
            read(user),
            (siblings, ofUser) -> {
              if (!siblings.equals(List.of(entityPath.substring(slash + 1)))) {
                return entityPath;
              }
              return ofUser.isEmpty() ? user : clients;
            });
  }

  private CompletableFuture<Void> deleteAll(String entityPath) {
    return names(entityPath)
        .thenCompose(
            children ->
                CompletableFuture.allOf(
                    children.stream()
                        .map(child -> deleteAll(entityPath + "/" + child))
                        .toArray(CompletableFuture[]::new)))
        .thenCompose(done -> session.delete(path(entityPath), -1))
        .exceptionallyCompose(
            error ->
                ZkException.refusedWith(error, ZkException.Code.NO_NODE)
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(error));
  }

  private CompletableFuture<Void> tell(String entityPath) {
    return session
        .create(
            ZkPaths.CONFIG_CHANGE_PREFIX,
            new ConfigChangeNode(entityPath).encode(),
            CreateMode.PERSISTENT_SEQUENTIAL)
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
                return create(path, data);
              }
              return CompletableFuture.failedFuture(error);
            });
  }

  /** Makes a node, and those above it where they are not there. */
  private CompletableFuture<Void> create(String path, byte[] data) {
    return session
        .create(path, data, CreateMode.PERSISTENT)
        .<Void>thenApply(done -> null)
        .exceptionallyCompose(
            error -> {
              if (!ZkException.refusedWith(error, ZkException.Code.NO_NODE)) {
                return CompletableFuture.failedFuture(error);
              }
              return create(path.substring(0, path.lastIndexOf('/')), null)
                  .exceptionallyCompose(
                      parent ->
                          ZkException.refusedWith(parent, ZkException.Code.NODE_EXISTS)
                              ? CompletableFuture.completedFuture(null)
                              : CompletableFuture.failedFuture(parent))
                  .thenCompose(done -> create(path, data));
            });
  }

  private static String path(String entityPath) {
    return ZkPaths.CONFIG + "/" + entityPath;
  }
}
