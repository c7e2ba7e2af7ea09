package io.vitrine.cluster.broker;

import io.vitrine.cluster.quota.ConnectionLimits;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.zookeeper.ConfigStore;
import io.vitrine.cluster.zookeeper.Waiting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is set for users, client ids and addresses from ZooKeeper to the broker's limits.
 * Waits for ZooKeeper; called by the starting thread, and then by that of the config changes.
 */
final class ClientLimits {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLimits.class);
  private static final String USERS = "users";
  private static final String CLIENTS = "clients";
  private static final String IPS = "ips";

  private final int brokerId;
  private final ConfigStore store;
  private final Quotas quotas;
  private final ConnectionLimits connections;

  ClientLimits(int brokerId, ConfigStore store, Quotas quotas, ConnectionLimits connections) {
    this.brokerId = brokerId;
    this.store = store;
    this.quotas = quotas;
    this.connections = connections;
  }

  /** Takes over all there are. */
  void load() {
    loadAll(CLIENTS);
    loadAll(IPS);
    for (String user : loadAll(USERS)) {
      loadAll(USERS + "/" + user + "/" + CLIENTS);
    }
  }

  private Iterable<String> loadAll(String below) {
    Iterable<String> names = Waiting.on(store.names(below));
    names.forEach(name -> take(below + "/" + name));
    return names;
  }

  /** Whether an entity is one of those. */
  static boolean concerns(String entityPath) {
    return entityPath.startsWith(USERS + "/")
        || entityPath.startsWith(CLIENTS + "/")
        || entityPath.startsWith(IPS + "/");
  }

  /** Takes over what is set for one of them now. */
  void take(String entityPath) {
    var settings = Waiting.on(store.read(entityPath));
    try {
      if (entityPath.startsWith(IPS + "/")) {
        connections.configure(entityPath, settings);
      } else {
        quotas.configure(entityPath, settings);
      }
    } catch (IllegalArgumentException e) {
      LOG.warn("broker={} limits of {} are not accepted: {}", brokerId, entityPath, e.toString());
    }
  }
}
