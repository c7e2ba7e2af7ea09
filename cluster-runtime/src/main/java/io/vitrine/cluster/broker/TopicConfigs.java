package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.cluster.zookeeper.Waiting;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings of the topics as this broker last read them from ZooKeeper.
 *
 * <p>A topic not read yet is read when it is first asked for, which waits for ZooKeeper once; all
 * topics there are at the start are read beforehand, together. Safe from any thread.
 */
final class TopicConfigs {
  private static final Logger LOG = LoggerFactory.getLogger(TopicConfigs.class);

  private final int brokerId;
  private final BrokerConfig config;
  private final TopicStore store;
  private final TopicConfig defaults;
  private final Map<String, TopicConfig> known = new ConcurrentHashMap<>();

  TopicConfigs(int brokerId, BrokerConfig config, TopicStore store) {
    this.brokerId = brokerId;
    this.config = config;
    this.store = store;
    this.defaults = TopicConfig.of(config, Map.of());
  }

  /** Reads the settings of all topics. */
  void load() {
    Map<String, CompletableFuture<Map<String, String>>> reads = new HashMap<>();
    for (String topic : Waiting.on(store.topics())) {
      reads.put(topic, store.topicConfig(topic));
    }
    reads.forEach((topic, read) -> put(topic, Waiting.on(read)));
  }

  /** The settings in force; the broker's own where ZooKeeper cannot be asked. */
  TopicConfig of(String topic) {
    TopicConfig present = known.get(topic);
    if (present != null) {
      return present;
    }
    try {
      return put(
          topic,
          store.topicConfig(topic).get(config.zookeeperSessionTimeoutMs(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("broker={} topic={} settings cannot be read: {}", brokerId, topic, e.toString());
      return defaults;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return defaults;
    }
  }

  /**
   * Takes a topic's own settings and returns what is in force now. Settings that another program
   * wrote and this version does not accept are left out with a line in the log.
   */
  TopicConfig put(String topic, Map<String, String> overrides) {
    TopicConfig next;
    try {
      next = TopicConfig.of(config, overrides);
    } catch (ConfigException e) {
      LOG.warn("broker={} topic={} settings are not accepted: {}", brokerId, topic, e.toString());
      next = defaults;
    }
    known.put(topic, next);
    return next;
  }

  /** What was read so far, by topic. */
  Map<String, TopicConfig> known() {
    return Map.copyOf(known);
  }

  /** Forgets topics that are gone, so that one created anew under the same name is read anew. */
  void retain(Set<String> topics) {
    known.keySet().retainAll(topics);
  }
}
