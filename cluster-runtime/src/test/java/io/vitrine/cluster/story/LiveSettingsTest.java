package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M65: settings set for all running brokers take effect at once: threads come and go under load
 * while every record is still written and copied, larger batches are taken, old records go.
 */
class LiveSettingsTest {
  private static final int PARTITIONS = 8;
  private static final String TOPIC = "live";

  @Test
  void brokersTakeThemWhileTheyServe(@TempDir Path directory) throws Exception {
    try (StoryCluster cluster =
        StoryCluster.of(Brand.VITRINE, directory, 1, StorySettings.QUICK_RETENTION)) {
      cluster.start(1);
      cluster.start(2);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()));
          KafkaProducer<byte[], byte[]> producer = producer(cluster)) {
        create(admin);
        send(producer, 10);

        set(
            admin,
            Map.of(
                "num.io.threads", "16",
                "num.replica.fetchers", "2",
                "log.cleaner.threads", "2",
                "message.max.bytes", "3000000"));
        threads("broker-1-io-15", "broker-2-io-15", "broker-2-fetcher-1-from-1");
        threads("broker-1-log-cleaner-1", "broker-2-log-cleaner-1");
        send(producer, 2_000_000);

        set(admin, Map.of("num.io.threads", "8", "num.replica.fetchers", "1"));
        await("the threads too many end with requests")
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  send(producer, 10);
                  return !names().contains("broker-1-io-15")
                      && !names().contains("broker-2-fetcher-1-from-1");
                });

        set(admin, Map.of("message.max.bytes", "1000"));
        assertThatThrownBy(() -> send(producer, 2_000))
            .hasCauseInstanceOf(RecordTooLargeException.class);
        set(admin, Map.of("log.retention.ms", "1"));
        await("retention empties the logs")
            .atMost(Duration.ofSeconds(60))
            .until(
                () ->
                    Replicas.files(cluster.logDirectory(1).resolve(TOPIC + "-0"), ".log").stream()
                        .noneMatch(log -> log.getFileName().toString().matches("0+\\.log")));
      }
    }
  }

  private static void create(Admin admin) throws Exception {
    Map<Integer, List<Integer>> replicas = new HashMap<>();
    IntStream.range(0, PARTITIONS).forEach(p -> replicas.put(p, List.of(1, 2)));
    admin.createTopics(List.of(new NewTopic(TOPIC, replicas))).all().get();
  }

  private static KafkaProducer<byte[], byte[]> producer(StoryCluster cluster) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            cluster.bootstrap(),
            "acks",
            "all",
            "max.request.size",
            4_000_000,
            "delivery.timeout.ms",
            30_000,
            "request.timeout.ms",
            10_000),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, int bytes) throws Exception {
    var sent = new ArrayList<Future<?>>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      sent.add(producer.send(new ProducerRecord<>(TOPIC, partition, null, new byte[bytes])));
    }
    for (var each : sent) {
      each.get();
    }
  }

  private static void set(Admin admin, Map<String, String> settings) throws Exception {
    ConfigResource all = new ConfigResource(ConfigResource.Type.BROKER, "");
    List<AlterConfigOp> changes =
        settings.entrySet().stream()
            .map(e -> new AlterConfigOp(new ConfigEntry(e.getKey(), e.getValue()), OpType.SET))
            .toList();
    admin.incrementalAlterConfigs(Map.of(all, changes)).all().get();
    for (String broker : List.of("1", "2")) {
      ConfigResource one = new ConfigResource(ConfigResource.Type.BROKER, broker);
      await("broker " + broker + " has " + settings)
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                var config = admin.describeConfigs(List.of(one)).all().get().get(one);
                return settings.entrySet().stream()
                    .allMatch(e -> e.getValue().equals(config.get(e.getKey()).value()));
              });
    }
  }

  private static void threads(String... there) {
    await(String.join(", ", there))
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(names()).contains(there));
  }

  private static Set<String> names() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toSet());
  }
}
