package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.security.ScramUsers;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.storage.LogManager;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something's settings changed in ZooKeeper: takes them to whom they concern. On the thread of the
 * config changes, which may wait for ZooKeeper.
 */
record SettingsChanges(
    int brokerId,
    StoredSettings ofBrokers,
    TopicStore topicStore,
    TopicConfigs topics,
    LogManager logs,
    ReplicationParts replication,
    ScramUsers scramUsers,
    ClientLimits clientLimits,
    EventSink events) {
  private static final Logger LOG = LoggerFactory.getLogger(SettingsChanges.class);
  private static final String TOPICS = "topics/";

  /**
   * Takes over what is set for an entity now.
   *
   * @param entityPath below {@code /config}, such as {@code topics/payments}
   */
  void take(String entityPath) {
    if (ofBrokers.concerns(entityPath)) {
      ofBrokers.take();
      return;
    }
    if (ScramUsers.concerns(entityPath)) {
      scramUsers.take(entityPath);
    }
    if (ClientLimits.concerns(entityPath)) {
      clientLimits.take(entityPath);
    } else if (entityPath.startsWith(TOPICS)) {
      takeTopic(entityPath.substring(TOPICS.length()));
    } else {
      LOG.debug("broker={} settings of {} are not live here", brokerId, entityPath);
    }
  }

  private void takeTopic(String topic) {
    Map<String, String> own = Waiting.on(topicStore.topicConfig(topic));
    TopicConfig inForce = topics.put(topic, own);
    logs.updateSettings(topic, inForce.logSettings());
    replication.replicas().quotas().throttle(topic, inForce, brokerId);
    if (inForce.uncleanLeaderElectionEnable()) {
      replication.controller().uncleanElectionAllowed(topic);
    }
    if (replication.controller().isActive()) {
      events.report(brokerId, new ClusterEvent.TopicConfigChanged(topic, own));
    }
  }
}
