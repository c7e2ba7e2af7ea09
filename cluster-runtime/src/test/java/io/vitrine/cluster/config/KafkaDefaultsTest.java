package io.vitrine.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.storage.log.LogSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("retention.ms");
  }

  /** Settings within their bounds that do not fit each other, and the nearest ones that do. */
  private static Stream<Map<String, String>> settingsThatMustFit() {
    return Stream.of(
        Map.of(),
        Map.of("log.cleaner.dedupe.buffer.size", "1"),
        Map.of("log.cleaner.dedupe.buffer.size", "1048576"),
        Map.of("log.cleaner.dedupe.buffer.size", "1048577"),
        Map.of("log.cleaner.dedupe.buffer.size", "2097153", "log.cleaner.threads", "2"),
        Map.of("log.cleaner.dedupe.buffer.size", "2097154", "log.cleaner.threads", "2"),
        Map.of("log.cleaner.threads", "0"),
        Map.of("log.cleaner.io.buffer.size", "0"),
        Map.of("max.connections.per.ip", "0"),
        Map.of("max.connections.per.ip", "0", "max.connections.per.ip.overrides", "127.0.0.1:1"),
        Map.of("max.connections.per.ip.overrides", "127.0.0.1"),
        Map.of("queued.max.request.bytes", "100"),
        Map.of("queued.max.request.bytes", "100", "socket.request.max.bytes", "100"),
        Map.of("connections.max.idle.ms", "100"),
        Map.of("connections.max.idle.ms", "101"),
        Map.of("connections.max.idle.ms", "-1"),
        Map.of("log.roll.ms", "0"),
        Map.of("log.roll.ms", "1"),
        Map.of("log.roll.jitter.ms", "-1"),
        Map.of("log.retention.ms", "0"),
        Map.of("log.retention.ms", "-5"),
        Map.of("log.retention.hours", "0"),
        Map.of("log.retention.minutes", "0", "log.retention.ms", "1"),
        Map.of("log.dirs", ","),
        Map.of("replica.fetch.wait.max.ms", "30001"),
        Map.of("replica.fetch.wait.max.ms", "30000"),
        Map.of("replica.lag.time.max.ms", "499"),
        Map.of("replica.socket.timeout.ms", "499"),
        Map.of("replica.socket.timeout.ms", "500"),
        Map.of("broker.id", "-2"),
        Map.of("broker.id", "-1", "broker.id.generation.enable", "false"),
        Map.of("broker.id", "1001", "broker.id.generation.enable", "false"),
        Map.of("broker.id", "1", "node.id", "2"),
        Map.of("controller.listener.names", "CONTROLLER"),
        Map.of("advertised.listeners", "PLAINTEXT://0.0.0.0:9092"),
        Map.of("advertised.listeners", "SSL://h:9092"),
        Map.of("listeners", ""),
        Map.of("inter.broker.listener.name", "SSL"));
  }

  @ParameterizedTest
  @MethodSource("settingsThatMustFit")
  void whatDoesNotFitIsRefusedWhereKafkaRefusesIt(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(LEAST);
    all.putAll(settings);
    assertThat(refuses(() -> BrokerConfig.parse(all)))
        .isEqualTo(refuses(() -> new KafkaConfig(all)));
  }

  private static boolean refuses(Runnable parse) {
    try {
      parse.run();
      return false;
    } catch (RuntimeException e) {
      return true;
    }
  }

  @Test
  void theRaftQuorumIsRefused() {
    for (Map<String, String> quorum :
        List.of(
            Map.of("process.roles", "broker"),
            Map.of("zookeeper.metadata.migration.enable", "true"))) {
      Map<String, String> all = new HashMap<>(LEAST);
      all.putAll(quorum);
      assertThatThrownBy(() -> BrokerConfig.parse(all))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("there is no Raft quorum here");
    }
  }
}
