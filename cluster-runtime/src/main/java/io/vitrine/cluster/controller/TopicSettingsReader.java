package io.vitrine.cluster.controller;

import io.vitrine.cluster.zookeeper.ConfigNode;
import io.vitrine.cluster.zookeeper.NodeData;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Topics' own settings as ZooKeeper has them. Blocks; called by the event thread. */
record TopicSettingsReader(ZooKeeperSession session) {
  /** The settings made on each topic, empty where there are none; one pipelined burst. */
  Map<String, Map<String, String>> of(Collection<String> topics) {
    Map<String, CompletableFuture<Optional<NodeData>>> asked = new LinkedHashMap<>();
    topics.forEach(topic -> asked.put(topic, session.get(ZkPaths.topicConfig(topic))));
    Map<String, Map<String, String>> found = new LinkedHashMap<>();
    asked.forEach(
        (topic, answer) ->
            found.put(
                topic,
                Waiting.on(answer)
                    .map(
                        node -> ConfigNode.decode(ZkPaths.topicConfig(topic), node.data()).config())
                    .orElse(Map.of())));
    return found;
  }
}
