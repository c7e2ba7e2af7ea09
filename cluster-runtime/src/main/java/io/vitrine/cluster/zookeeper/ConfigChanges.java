package io.vitrine.cluster.zookeeper;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The listener every broker has on {@code /config/changes}: hears which thing was reconfigured. See
 * {@link ChangeNotifications}.
 */
public final class ConfigChanges implements AutoCloseable {
  private final ChangeNotifications notifications;

  /**
   * @param handler given the entity's path, such as {@code topics/orders}
   */
  public ConfigChanges(
      ZooKeeperSession session, Executor executor, InstantSource clock, Consumer<String> handler) {
    this.notifications =
        new ChangeNotifications(
            session,
            ZkPaths.CONFIG_CHANGES,
            executor,
            clock,
            data -> handler.accept(ConfigChangeNode.decode(data).entityPath()));
  }

  /** Begins to listen, and acts on what is there. */
  public void start() {
    notifications.start();
  }

  /** Arms the watch again on a new session. */
  public void renewed() {
    notifications.renewed();
  }

  @Override
  public void close() {
    notifications.close();
  }
}
