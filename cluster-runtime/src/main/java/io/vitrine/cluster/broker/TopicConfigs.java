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
import java.util.function.Supplier;
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
  private final Supplier<BrokerConfig> config;
  private final TopicStore store;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** A topic's settings, and those of the broker they were made of. */
  private record Known(BrokerConfig broker, TopicConfig settings) {}

  /**
   * @param config the broker's settings in force
   */
  TopicConfigs(int brokerId, Supplier<BrokerConfig> config, TopicStore store) {
    this.brokerId = brokerId;
    this.config = config;
    this.store = store;
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
    Known present = known.get(topic);
    if (present != null) {
      return present.broker() == config.get() ? present.settings() : renewed(topic, present);
    }
    try {
      Known read =
          made(
              topic,
              store
                  .topicConfig(topic)
                  .get(config.get().zookeeperSessionTimeoutMs(), TimeUnit.MILLISECONDS));
      known.putIfAbsent(topic, read);
      return read.settings();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("broker={} topic={} settings cannot be read: {}", brokerId, topic, e.toString());
      return TopicConfig.of(config.get(), Map.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return TopicConfig.of(config.get(), Map.of());
    }
  }

  /** Takes a topic's own settings and returns what is in force now. */
  TopicConfig put(String topic, Map<String, String> overrides) {
    Known next = made(topic, overrides);
    known.put(topic, next);
    return next.settings();
  }

  /**
   * The broker's own settings changed since; whoever puts newer ones of the topic meanwhile wins.
   */
  private TopicConfig renewed(String topic, Known present) {
    Known next = made(topic, present.settings().overrides());
    known.replace(topic, present, next);
    return next.settings();
  }

  /**
   * Settings that another program wrote and this version does not accept are left out with a line
   * in the log.
   */
  private Known made(String topic, Map<String, String> overrides) {
    BrokerConfig broker = config.get();
    TopicConfig next;
    try {
      next = TopicConfig.of(broker, overrides);
    } catch (ConfigException e) {
      LOG.warn("broker={} topic={} settings are not accepted: {}", brokerId, topic, e.toString());
      next = TopicConfig.of(broker, Map.of());
    }
    return new Known(broker, next);
  }

  /** What was read so far, by topic. */
  Map<String, TopicConfig> known() {
    Map<String, TopicConfig> settings = new HashMap<>();
    known.keySet().forEach(topic -> settings.put(topic, of(topic)));
    return settings;
  }

  /** Forgets topics that are gone, so that one created anew under the same name is read anew. */
  void retain(Set<String> topics) {
    known.keySet().retainAll(topics);
  }
}
