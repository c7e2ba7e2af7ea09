package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.BrokerReconfigurable;
import java.util.Set;

/**
 * Settings of a store for old segments, which may change at any time and mean nothing without one,
 * as at a broker of Kafka's that has none.
 */
final class TierReconfiguration implements BrokerReconfigurable {
  private static final Set<String> ALL =
      Set.of(
          "remote.log.index.file.cache.total.size.bytes",
          "remote.fetch.max.wait.ms",
          "remote.log.manager.copy.max.bytes.per.second",
          "remote.log.manager.fetch.max.bytes.per.second");

  @Override
  public boolean concerns(String name) {
    return ALL.contains(name);
  }

  @Override
  public void reconfigure(BrokerConfig before, BrokerConfig after) {
    // There is nothing they would change.
  }
}
