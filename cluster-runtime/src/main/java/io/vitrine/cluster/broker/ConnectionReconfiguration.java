package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.BrokerReconfigurable;
import io.vitrine.cluster.config.Endpoint;
import io.vitrine.cluster.quota.ConnectionLimits;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;

/**
 * The limits on connections, in force at once; where there are more connections than there may be
 * now, the least recently used are closed. A listener that comes begins with its limits.
 */
record ConnectionReconfiguration(ConnectionLimits limits) implements BrokerReconfigurable {
  private static final Set<String> OF_LISTENERS =
      Set.of("max.connections", "max.connection.creation.rate");
  private static final Set<String> OF_ADDRESSES =
      Set.of("max.connections.per.ip", "max.connections.per.ip.overrides");

  /** What the broker's settings allow. */
  static ConnectionLimits.Bounds bounds(BrokerConfig config) {
    return new ConnectionLimits.Bounds(
        config.maxConnections(),
        config.maxConnectionsPerIp(),
        config.maxConnectionsPerIpOverrides(),
        config.maxConnectionCreationRate());
  }

  @Override
  public boolean concerns(String name) {
    boolean ofOneListener =
        name.startsWith("listener.name.") && OF_LISTENERS.stream().anyMatch(name::endsWith);
    return name.equals("listeners")
        || ofOneListener
        || OF_LISTENERS.contains(name)
        || OF_ADDRESSES.contains(name);
  }

  @Override
  public void validate(BrokerConfig before, BrokerConfig after) {
    for (Endpoint listener : after.listeners()) {
      String name = listener.listenerName();
      positive("max.connections", after.maxConnections(name));
      positive("max.connection.creation.rate", after.maxConnectionCreationRate(name));
    }
  }

  private static void positive(String setting, int value) {
    if (value <= 0) {
      throw new ConfigException("Invalid " + setting + " " + value);
    }
  }

  @Override
  public void reconfigure(BrokerConfig before, BrokerConfig after) {
    limits.limit(bounds(after));
    limitListeners(after);
  }

  /** Takes over what is set for each listener, or for all of them. */
  void limitListeners(BrokerConfig config) {
    for (Endpoint listener : config.listeners()) {
      String name = listener.listenerName();
      limits.limitListener(
          name, config.maxConnections(name), config.maxConnectionCreationRate(name));
    }
  }
}
