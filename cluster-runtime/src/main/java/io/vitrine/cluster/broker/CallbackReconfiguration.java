package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.BrokerReconfigurable;
import org.apache.kafka.common.Reconfigurable;

/** Settings of its own that an operator's {@code client.quota.callback.class} takes at any time. */
record CallbackReconfiguration(Reconfigurable callback) implements BrokerReconfigurable {
  @Override
  public boolean concerns(String name) {
    return callback.reconfigurableConfigs().contains(name);
  }

  @Override
  public void validate(BrokerConfig before, BrokerConfig after) {
    callback.validateReconfiguration(after.originals());
  }

  @Override
  public void reconfigure(BrokerConfig before, BrokerConfig after) {
    callback.reconfigure(after.originals());
  }
}
