package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * M53, M60–M63, M76: a whole Apache Kafka broker starts on the directories of ours and serves every
 * record, and ours on Apache Kafka's; after a clean stop and after a crash, and back again.
 */
class ForeignDirectoriesTest {
  private static final int ROUND = 600;
  private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

  @ParameterizedTest(name = "{0} then {1}, clean stop: {2}")
  @CsvSource({
    "VITRINE, KAFKA, true",
    "VITRINE, KAFKA, false",
    "KAFKA, VITRINE, true",
    "KAFKA, VITRINE, false"
  })
  void servesEveryRecordTheOtherLeft(
      Brand first, Brand second, boolean cleanly, @TempDir Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(first, directory);
        ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      List<ConsumerRecord<byte[], byte[]>> read = List.of();
      for (Brand brand : List.of(first, second, first)) {
        cluster.start(1, brand);
        if (read.isEmpty()) {
          createTopics(cluster);
        }
        List<ConsumerRecord<byte[], byte[]>> before = read;
        assertThat(described(readAll(cluster, before.size())))
            .as("what %s serves of the other's directory", brand)
            .isEqualTo(described(before));
        produce(cluster, brand);
        read = readAll(cluster, before.size() + ROUND);
        if (cleanly) {
          cluster.stop(1);
        } else {
          cluster.crash(1);
          await("its session runs out").until(() -> tree.children("/brokers/ids").isEmpty());
        }
      }
    }
  }

  private static void createTopics(StoryCluster cluster) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin
          .createTopics(
              CODECS.stream()
                  .map(
                      codec ->
                          new NewTopic(codec, 2, (short) 1)
                              // Small segments, so that indexes, snapshots and sealed files matter.
                              .configs(
                                  Map.of("segment.bytes", "4096", "index.interval.bytes", "256")))
                  .toList())
          .all()
          .get();
    }
  }

  /** A round of records to all topics, of an idempotent producer, with nulls and headers. */
  private static void produce(StoryCluster cluster, Brand brand) {
    for (String codec : CODECS) {
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              Map.of(
                  "bootstrap.servers",
                  cluster.bootstrap(),
                  "acks",
                  "all",
                  "batch.size",
                  500,
                  "compression.type",
                  codec),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        for (int i = 0; i < ROUND / CODECS.size(); i++) {
          byte[] key = i % 7 == 0 ? null : ("key-" + i % 20).getBytes();
          byte[] value = i % 5 == 0 ? null : (brand + " wrote " + i).repeat(1 + i % 4).getBytes();
          ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(codec, i % 2, key, value);
          record.headers().add("round", brand.name().getBytes());
          producer.send(record);
        }
      }
    }
  }

  /** Everything the broker serves, topic by topic; fails when it is not that many. */
  private static List<ConsumerRecord<byte[], byte[]>> readAll(StoryCluster cluster, int expected) {
    List<TopicPartition> partitions =
        CODECS.stream()
            .flatMap(c -> IntStream.range(0, 2).mapToObj(p -> new TopicPartition(c, p)))
            .toList();
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", cluster.bootstrap()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      assertThat(ends.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(expected);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                r ->
                    found
                        .computeIfAbsent(
                            new TopicPartition(r.topic(), r.partition()), tp -> new ArrayList<>())
                        .add(r));
      }
    }
    return partitions.stream().flatMap(tp -> found.getOrDefault(tp, List.of()).stream()).toList();
  }

  private static List<String> described(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(
            r ->
                r.topic()
                    + r.partition()
                    + "@"
                    + r.offset()
                    + " "
                    + r.timestamp()
                    + " epoch "
                    + r.leaderEpoch()
                    + " "
                    + text(r.key())
                    + "="
                    + text(r.value())
                    + " "
                    + new String(r.headers().lastHeader("round").value()))
        .toList();
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "null" : new String(bytes);
  }
}
