package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.BrokerReconfigurable;
import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.storage.LogManager;

/**
 * What topics take from the broker's settings, taken anew by every log when it changes; and the
 * elections that wait for {@code unclean.leader.election.enable} (Kafka: {@code DynamicLogConfig}).
 */
record LogReconfiguration(TopicConfigs topics, LogManager logs, Controller controller)
    implements BrokerReconfigurable {

  @Override
  public boolean concerns(String name) {
    return TopicConfig.isTakenFromBroker(name);
  }

  @Override
  public void validate(BrokerConfig before, BrokerConfig after) {
    after.checkLocalRetention();
  }

  @Override
  public void reconfigure(BrokerConfig before, BrokerConfig after) {
    topics.known().forEach((topic, settings) -> logs.updateSettings(topic, settings.logSettings()));
    if (after.uncleanLeaderElectionEnable() && !before.uncleanLeaderElectionEnable()) {
      controller.uncleanElectionAllowed();
    }
  }
}
