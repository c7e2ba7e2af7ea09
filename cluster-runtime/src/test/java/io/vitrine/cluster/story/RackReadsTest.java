package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.story.StoryBroker.Brand;
import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.NodeClients;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.security.ClientSecurity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** M39: the leader sends a consumer to the follower in its rack (KIP-392), as Apache Kafka does. */
class RackReadsTest {
  private static final TopicPartition PARTITION = new TopicPartition("racks", 0);
  private static final int RECORDS = 50;

  @ParameterizedTest
  @EnumSource(names = {"VITRINE", "KAFKA"})
  void aConsumerReadsInItsRack(Brand brand, @TempDir Path directory) throws Exception {
    Map<String, String> settings =
        Map.of(
            "replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector");
    try (StoryCluster cluster = StoryCluster.of(brand, directory, 1, settings)) {
      cluster.start(1, Map.of("broker.rack", "a"));
      String leader = cluster.bootstrap();
      cluster.start(2, Map.of("broker.rack", "b"));
      create(cluster);
      produce(cluster);

      assertThat(preferred(leader, "b")).isEqualTo("replica 2, 0 bytes");
      assertThat(preferred(leader, "a")).startsWith("replica -1, ").doesNotEndWith(" 0 bytes");
      assertThat(preferred(leader, "elsewhere")).startsWith("replica -1, ");
      assertThat(preferred(leader, "")).startsWith("replica -1, ");
      theJavaConsumerGoesThere(cluster);
    }
  }

  private static void create(StoryCluster cluster) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin
          .createTopics(List.of(new NewTopic(PARTITION.topic(), Map.of(0, List.of(1, 2)))))
          .all()
          .get();
    }
  }

  private static void produce(StoryCluster cluster) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrap(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        producer.send(new ProducerRecord<>(PARTITION.topic(), 0, null, "v" + i));
      }
    }
  }

  /** What the leader answers to a consumer of a rack that asks from the beginning. */
  private static String preferred(String leader, String rack) throws Exception {
    URI address = URI.create("kafka://" + leader);
    try (NodeClients clients =
        new SocketClients(
            "test-",
            1,
            new ClientSettings("test", 5_000, 5_000, 1 << 20),
            ClientSecurity.plaintext())) {
      Map<TopicPartition, FetchRequest.PartitionData> asked = new LinkedHashMap<>();
      asked.put(
          PARTITION,
          new FetchRequest.PartitionData(Uuid.ZERO_UUID, 0, -1, 1 << 20, Optional.empty()));
      FetchResponse answer =
          (FetchResponse)
              clients
                  .connectTo(address.getHost(), address.getPort(), "test")
                  .send(
                      FetchRequest.Builder.forConsumer((short) 12, 1_000, 1, asked).rackId(rack),
                      (short) 12)
                  .get();
      PartitionData data = answer.data().responses().get(0).partitions().get(0);
      return "replica "
          + data.preferredReadReplica()
          + ", "
          + FetchResponse.recordsSize(data)
          + " bytes";
    }
  }

  private static void theJavaConsumerGoesThere(StoryCluster cluster) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", cluster.bootstrap(), "client.rack", "b"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      int[] read = new int[1];
      await("all records through the follower")
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                read[0] += consumer.poll(Duration.ofMillis(200)).count();
                return read[0] == RECORDS;
              });
      assertThat(
              consumer.metrics().values().stream()
                  .filter(metric -> metric.metricName().name().equals("preferred-read-replica"))
                  .map(metric -> ((Number) metric.metricValue()).intValue()))
          .containsExactly(2);
    }
  }
}
