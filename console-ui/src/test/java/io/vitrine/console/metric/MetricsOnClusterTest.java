package io.vitrine.console.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.LocalCluster;
import io.vitrine.cluster.LocalClusterSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded of a running cluster is what Kafka's Admin client says of it. */
class MetricsOnClusterTest {
  private static final String TOPIC = "measured";
  private static final int RECORDS = 3_000;
  private static final int COMMITTED = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path data;
  private LocalCluster cluster;
  private MetricRecorder recorder;
  private Admin admin;

  @BeforeEach
  void open() throws Exception {
    cluster =
        LocalCluster.start(
            LocalClusterSettings.in(data)
                .withBrokers(2)
                .withAnyPorts()
                .withBrokerOverrides(Map.of("offsets.topic.num.partitions", "2")));
    recorder = new MetricRecorder(cluster);
    cluster.awaitServing(60, TimeUnit.SECONDS);
    cluster
        .execute(new ClusterCommand.CreateTopic(TOPIC, 3, 2, Map.of()))
        .get(60, TimeUnit.SECONDS);
    admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.snapshot().bootstrapServers()));
  }

  @AfterEach
  void close() {
    admin.close();
    recorder.close();
    cluster.close();
  }

  @Test
  void whatIsRecordedIsWhatTheAdminClientSays() throws Exception {
    produce();
    TopicPartition first = new TopicPartition(TOPIC, 0);
    admin
        .alterConsumerGroupOffsets("readers", Map.of(first, new OffsetAndMetadata(COMMITTED)))
        .all()
        .get();
    long lag =
        admin.listOffsets(Map.of(first, OffsetSpec.latest())).all().get().get(first).offset()
            - COMMITTED;

    await().atMost(PATIENCE).until(() -> newest(SeriesKey.group("readers")) == lag);
    await().atMost(PATIENCE).untilAsserted(this::brokersAreAsTheAdminClientSays);
    assertThat(newest(SeriesKey.whole(Quantity.UNDER_REPLICATED))).isZero();
    assertThat(newest(SeriesKey.whole(Quantity.THREADS)))
        .isBetween(20.0, 4.0 * ManagementFactory.getThreadMXBean().getPeakThreadCount());
    // Each row holds the rate of the newest second or so: together they make up the whole.
    assertThat(total(Quantity.RECORDS_IN)).isBetween(0.5 * RECORDS, 2.0 * RECORDS);
    assertThat(total(Quantity.BYTES_IN)).isGreaterThan(50.0 * RECORDS);
  }

  private void brokersAreAsTheAdminClientSays() throws Exception {
    Map<Integer, Integer> leaders = new HashMap<>();
    Map<String, TopicDescription> topics =
        admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get();
    // Internal topics are not listed.
    topics.putAll(admin.describeTopics(List.of("__consumer_offsets")).allTopicNames().get());
    for (TopicDescription topic : topics.values()) {
      for (TopicPartitionInfo partition : topic.partitions()) {
        leaders.merge(partition.leader().id(), 1, Integer::sum);
      }
    }
    for (int id = 1; id <= 2; id++) {
      assertThat(newest(SeriesKey.broker(Quantity.LEADERS, id)))
          .isEqualTo(leaders.get(id).doubleValue());
      long bytes =
          admin.describeLogDirs(List.of(id)).allDescriptions().get().get(id).values().stream()
              .flatMap(directory -> directory.replicaInfos().values().stream())
              .mapToLong(replica -> replica.size())
              .sum();
      assertThat(newest(SeriesKey.broker(Quantity.LOG_BYTES, id))).isEqualTo((double) bytes);
    }
  }

  private void produce() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.snapshot().bootstrapServers(),
                ProducerConfig.ACKS_CONFIG,
                "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        producer.send(new ProducerRecord<>(TOPIC, i % 3, null, new byte[100]));
        if (i % 1_000 == 0) {
          // Over more than one row.
          long rows = recorder.history().version();
          producer.flush();
          await().atMost(PATIENCE).until(() -> recorder.history().version() > rows);
        }
      }
    }
  }

  private double newest(SeriesKey key) {
    double[] line = all(List.of(key)).columns().get(key);
    return line == null || line.length == 0 ? Double.NaN : line[line.length - 1];
  }

  private double total(Quantity quantity) {
    List<SeriesKey> keys =
        List.of(1, 2).stream().map(id -> SeriesKey.broker(quantity, id)).toList();
    Stretch all = all(keys);
    double total = 0;
    for (double[] line : all.columns().values()) {
      for (int i = 1; i < line.length; i++) {
        if (!Double.isNaN(line[i])) {
          total += line[i] * (all.nanos()[i] - all.nanos()[i - 1]) / 1e9;
        }
      }
    }
    return total;
  }

  private Stretch all(List<SeriesKey> keys) {
    long now = System.nanoTime();
    return recorder
        .history()
        .stretch(keys, now - TimeUnit.MINUTES.toNanos(50), now, Integer.MAX_VALUE);
  }
}
