package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.zookeeper.ConfigStore;
import io.vitrine.cluster.zookeeper.Waiting;

/**
 * Takes a broker's settings from ZooKeeper: those of this broker and those of all. Waits for
 * ZooKeeper; called by the starting thread, and then by that of the config changes.
 */
record StoredSettings(int brokerId, DynamicBrokerConfig settings, ConfigStore store) {

  /** Passwords in ZooKeeper that an old secret encrypted are encrypted with the new one. */
  void renewSecrets() {
    String own = ConfigStore.broker(brokerId);
    settings
        .withNewSecret(Waiting.on(store.read(own)))
        .ifPresent(renewed -> Waiting.on(store.change(own, renewed)));
  }

  /** Takes the settings made on this broker and on all. */
  void take() {
    settings.update(
        Waiting.on(store.read(ConfigStore.ALL_BROKERS)),
        Waiting.on(store.read(ConfigStore.broker(brokerId))));
  }

  /** Whether an entity is this broker or all of them. */
  boolean concerns(String entityPath) {
    return entityPath.equals(ConfigStore.ALL_BROKERS)
        || entityPath.equals(ConfigStore.broker(brokerId));
  }
}
