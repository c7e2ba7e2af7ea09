package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.oracle.ChildJvm;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M65, M75: Kafka's own {@code kafka-configs} changes a topic's settings, which take effect at
 * once: {@code retention.ms=1} empties the log, {@code --delete-config} restores the default. It
 * also sets those of brokers, loggers, users and addresses.
 */
class KafkaConfigsToolTest {
  private static final long SECONDS = 60;
  private static final String TOPIC = "settings";

  @Test
  void settingsChangeLive(@TempDir Path directory) throws Exception {
    try (StoryCluster cluster =
        StoryCluster.of(Brand.VITRINE, directory, 1, StorySettings.QUICK_RETENTION)) {
      cluster.start(1);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
        admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      }
      produce(cluster);

      topic(cluster, "--alter", "--add-config", "retention.ms=1");
      assertThat(topic(cluster, "--describe")).contains("retention.ms=1 ");
      await("retention empties the log")
          .atMost(Duration.ofSeconds(30))
          .until(() -> segments(cluster).equals(List.of("00000000000000000010.log")));

      topic(cluster, "--alter", "--delete-config", "retention.ms");
      assertThat(topic(cluster, "--describe")).doesNotContain("retention.ms");
    }
  }

  @Test
  void brokersLoggersUsersAndAddressesHaveSettings(@TempDir Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(Brand.VITRINE, directory)) {
      cluster.start(1);
      isSet(cluster, "log.retention.ms=7000000", "brokers", "--entity-default");
      isSet(cluster, "root=ERROR", "broker-loggers", "--entity-name", "1");
      isSet(cluster, "producer_byte_rate=1000000", "users", "--entity-name", "a user");
      isSet(cluster, "connection_creation_rate=100", "ips", "--entity-name", "127.0.0.1");
    }
  }

  private static void isSet(StoryCluster cluster, String setting, String type, String... which)
      throws Exception {
    List<String> entity = new ArrayList<>(List.of("--entity-type", type));
    entity.addAll(List.of(which));
    configs(cluster, entity, "--alter", "--add-config", setting);
    assertThat(configs(cluster, entity, "--describe")).contains(setting);
  }

  private static void produce(StoryCluster cluster) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrap()),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = 0; i < 10; i++) {
        producer.send(new ProducerRecord<>(TOPIC, "v" + i));
      }
    }
  }

  private static List<String> segments(StoryCluster cluster) throws IOException {
    return Replicas.files(cluster.logDirectory(1).resolve(TOPIC + "-0"), ".log").stream()
        .map(file -> file.getFileName().toString())
        .toList();
  }

  private static String topic(StoryCluster cluster, String... what) throws Exception {
    return configs(cluster, List.of("--entity-type", "topics", "--entity-name", TOPIC), what);
  }

  /** Runs the tool on something and returns what it printed. */
  private static String configs(StoryCluster cluster, List<String> entity, String... what)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--bootstrap-server", cluster.bootstrap()));
    arguments.addAll(entity);
    arguments.addAll(List.of(what));
    try (ChildJvm tool =
        ChildJvm.start(
            System.getProperty("java.class.path"),
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
            "kafka.admin.ConfigCommand",
            "never",
            arguments)) {
      assertThat(tool.awaitExit(SECONDS)).as(tool.output()).isZero();
      return tool.output();
    }
  }
}
