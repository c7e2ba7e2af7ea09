package io.vitrine.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.storage.log.LogSettings;
import java.util.Map;
import java.util.Set;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;

/** We define every setting of Apache Kafka 3.9.2, with its type, default and bounds. */
class KafkaDefaultsTest {
  /** Of KRaft and of other stores for records: what Kafka checks there has no meaning here. */
  private static final Set<String> UNCHECKED =
      Set.of(
          "controller.quorum.bootstrap.servers",
          "controller.quorum.voters",
          "remote.log.manager.copier.thread.pool.size",
          "remote.log.manager.expiration.thread.pool.size");

  private static final Map<String, String> LEAST = Map.of("zookeeper.connect", "127.0.0.1:2181");

  @Test
  void brokerSettingsAreKafkas() {
    compare(BrokerConfig.parse(LEAST).definition(), KafkaConfig.configDef());
  }

  @Test
  void topicSettingsAreKafkas() {
    compare(TopicConfig.definition(), LogConfig.configDefCopy());
  }

  private static void compare(ConfigDef ours, ConfigDef kafka) {
    assertThat(ours.names()).containsExactlyInAnyOrderElementsOf(kafka.names());
    for (String name : ours.names()) {
      ConfigDef.ConfigKey mine = ours.configKeys().get(name);
      ConfigDef.ConfigKey theirs = kafka.configKeys().get(name);
      assertThat(mine.type()).as(name).isEqualTo(theirs.type());
      assertThat(mine.defaultValue).as(name).isEqualTo(theirs.defaultValue);
      assertThat(mine.internalConfig).as(name).isEqualTo(theirs.internalConfig);
      if (UNCHECKED.contains(name)) {
        continue;
      }
      assertThat(String.valueOf(mine.validator))
          .as("bounds of " + name)
          .isEqualTo(String.valueOf(theirs.validator));
    }
  }

  @Test
  void aTopicTakesTheBrokersDefaultsAndItsOwnSettings() {
    BrokerConfig broker =
        BrokerConfig.parse(
            Map.of(
                "zookeeper.connect", "h:1",
                "log.retention.minutes", "2",
                "log.roll.hours", "3",
                "min.insync.replicas", "2"));
    LogSettings log = TopicConfig.of(broker, Map.of("segment.bytes", "1000")).logSettings();
    assertThat(log.retentionMs()).isEqualTo(120_000);
    assertThat(log.segmentMs()).isEqualTo(3 * 3_600_000L);
    assertThat(log.segmentBytes()).isEqualTo(1000);
    assertThat(TopicConfig.of(broker, Map.of()).minInsyncReplicas()).isEqualTo(2);
    assertThat(TopicConfig.of(broker, Map.of("min.insync.replicas", "1")).minInsyncReplicas())
        .isEqualTo(1);
  }

  @Test
  void wrongSettingsAreNamed() {
    assertThatThrownBy(
            () -> BrokerConfig.parse(Map.of("zookeeper.connect", "h:1", "num.io.threads", "0")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("num.io.threads");
    assertThatThrownBy(
            () -> BrokerConfig.parse(Map.of("zookeeper.connect", "h:1", "broker.id", "1001")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("reserved.broker.max.id");
    assertThatThrownBy(
            () ->
                BrokerConfig.parse(
                    Map.of("zookeeper.connect", "h:1", "listeners", "SAFE://h:9093")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("SAFE has no protocol in listener.security.protocol.map");
    assertThatThrownBy(
            () -> TopicConfig.validate(BrokerConfig.parse(LEAST), Map.of("retension.ms", "1")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("retension.ms");
    assertThatThrownBy(
            () -> TopicConfig.validate(BrokerConfig.parse(LEAST), Map.of("retention.ms", "soon")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("retention.ms");
  }
}
