package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Replication throttles as {@code kafka-reassign-partitions --throttle} sets them: a replica that
 * moves to another broker is copied at the rate that was set, whichever side holds it and whichever
 * brand is on the other.
 */
class ThrottleTest {
  private static final String TOPIC = "throttled";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final int RATE = 400_000;
  private static final int RECORD_BYTES = 50_000;
  private static final int RECORDS = 60;

  /**
   * The copy of 3 MB at 0.4 MB/s lasts 7.5 s, less what goes before the rate is first measured, and
   * more by the steps of one second in which a throttled follower looks again.
   */
  @ParameterizedTest(name = "leader {0}, follower {1}, throttled at the {2}")
  @CsvSource({
    "VITRINE, KAFKA, leader",
    "KAFKA, VITRINE, follower",
    "VITRINE, VITRINE, leader",
    "VITRINE, VITRINE, follower"
  })
  void aMoveKeepsTheRate(Brand leader, Brand follower, String side, @TempDir Path directory)
      throws Exception {
    Map<String, String> settings = new HashMap<>();
    // Two records, each a batch of its own: half a batch would be sent and counted for nothing.
    settings.put("replica.fetch.max.bytes", Integer.toString(2 * (RECORD_BYTES + 100)));
    try (StoryCluster cluster =
        StoryCluster.mixed(directory, leader, follower, follower, settings)) {
      cluster.start(1);
      cluster.start(2);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
        admin.createTopics(List.of(new NewTopic(TOPIC, Map.of(0, List.of(1))))).all().get();
        fill(cluster);
        throttle(admin, side);

        long began = System.nanoTime();
        admin
            .alterPartitionReassignments(
                Map.of(PARTITION, Optional.of(new NewPartitionReassignment(List.of(1, 2)))))
            .all()
            .get();
        awaitMoved(admin);
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        assertThat(took).isBetween(Duration.ofMillis(4_500), Duration.ofSeconds(15));
      }
    }
  }

  private static void fill(StoryCluster cluster) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", cluster.bootstrap());
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        sent.add(producer.send(new ProducerRecord<>(TOPIC, 0, null, new byte[RECORD_BYTES])));
      }
    }
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
  }

  private static void throttle(Admin admin, String side) throws Exception {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (String broker : List.of("1", "2")) {
      changes.put(
          new ConfigResource(ConfigResource.Type.BROKER, broker),
          set(side + ".replication.throttled.rate", Integer.toString(RATE)));
    }
    changes.put(
        new ConfigResource(ConfigResource.Type.TOPIC, TOPIC),
        set(side + ".replication.throttled.replicas", "0:1,0:2"));
    admin.incrementalAlterConfigs(changes).all().get();
  }

  private static List<AlterConfigOp> set(String name, String value) {
    return List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
  }

  private static void awaitMoved(Admin admin) {
    await("the second replica is in sync")
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                admin
                        .describeTopics(List.of(TOPIC))
                        .allTopicNames()
                        .get()
                        .get(TOPIC)
                        .partitions()
                        .get(0)
                        .isr()
                        .size()
                    == 2);
  }
}
