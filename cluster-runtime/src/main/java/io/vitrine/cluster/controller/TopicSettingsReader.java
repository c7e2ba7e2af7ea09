package io.vitrine.cluster.controller;

import io.vitrine.cluster.zookeeper.ConfigNode;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import java.util.Map;

/** A topic's own settings as ZooKeeper has them. Blocks; called by the event thread. */
record TopicSettingsReader(ZooKeeperSession session) {
  /** The settings made on a topic; empty when there are none. */
  Map<String, String> of(String topic) {
    String path = ZkPaths.topicConfig(topic);
    return Waiting.on(session.get(path))
        .map(node -> ConfigNode.decode(path, node.data()).config())
        .orElse(Map.of());
  }
}
