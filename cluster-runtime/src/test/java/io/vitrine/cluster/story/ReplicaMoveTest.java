package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * M24: a replica is moved to and fro while it is written to, over crashes and cleaning, and nothing
 * is lost.
 */
@Timeout(180)
class ReplicaMoveTest {
  private static final TopicPartition TP = new TopicPartition("orders", 0);

  /** Small steps, so that a move takes its time. */
  private static final Map<String, String> SETTINGS =
      Map.of("replica.fetch.max.bytes", "200", "log.segment.delete.delay.ms", "0");

  /** Everything can be cleaned at once, and is looked at often. */
  private static final Map<String, String> CLEANED =
      Map.of(
          "replica.fetch.max.bytes", "200",
          "log.segment.delete.delay.ms", "0",
          "log.cleanup.policy", "compact",
          "log.segment.bytes", "2000",
          "log.cleaner.min.cleanable.ratio", "0.01",
          "log.cleaner.backoff.ms", "20",
          "log.cleaner.dedupe.buffer.size", "2000000");

  private static final int KEYS = 50;

  @TempDir Path directory;

  @Test
  void aReplicaIsMovedUnderTrafficAndNothingIsLost() throws Exception {
    try (StoryCluster cluster = StoryCluster.of(Brand.VITRINE, directory, 2, SETTINGS)) {
      Path one = create(cluster);
      Path two = cluster.logDirectories(1).get(1);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger acknowledged = new AtomicInteger();
      Thread writer = new Thread(() -> write(cluster, stop, acknowledged), "test-writer");
      writer.start();
      for (int i = 0; i < 6; i++) {
        int before = acknowledged.get();
        await().until(() -> acknowledged.get() > before + 200);
        Path to = i % 2 == 0 ? two : one;
        Path from = i % 2 == 0 ? one : two;
        move(cluster, to);
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () ->
                    Files.exists(to.resolve("orders-0"))
                        && !Files.exists(from.resolve("orders-0")));
      }
      stop.set(true);
      writer.join();
      assertThat(read(cluster, acknowledged.get())).isEqualTo(acknowledged.get());
    }
  }

  @Test
  void aCompactedReplicaIsMovedWhileItIsCleaned() throws Exception {
    try (StoryCluster cluster = StoryCluster.of(Brand.VITRINE, directory, 2, CLEANED)) {
      Path one = create(cluster);
      Path two = cluster.logDirectories(1).get(1);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger acknowledged = new AtomicInteger();
      Thread writer = new Thread(() -> write(cluster, stop, acknowledged), "test-writer");
      writer.start();
      long cleaned = -1;
      for (int i = 0; i < 6; i++) {
        Path to = i % 2 == 0 ? two : one;
        Path from = i % 2 == 0 ? one : two;
        cleaned = cleanedBeyond(cleaned, from);
        move(cluster, to);
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () ->
                    Files.exists(to.resolve("orders-0"))
                        && !Files.exists(from.resolve("orders-0")));
        cleaned = cleanedBeyond(cleaned, to);
        await("the old place is forgotten").until(() -> cleanedTo(from) == -1);
      }
      stop.set(true);
      writer.join();
      latestValuesAreThere(cluster, acknowledged.get());
    }
  }

  /** Waits until the cleaner has come further in this directory, and says how far. */
  private static long cleanedBeyond(long offset, Path logDirectory) {
    return await("cleaned beyond " + offset + " in " + logDirectory)
        .atMost(Duration.ofSeconds(60))
        .until(() -> cleanedTo(logDirectory), now -> now > offset);
  }

  /** How far the replica is cleaned as the directory's checkpoint has it, -1 when it has not. */
  private static long cleanedTo(Path logDirectory) throws IOException {
    Path checkpoint = logDirectory.resolve("cleaner-offset-checkpoint");
    if (!Files.exists(checkpoint)) {
      return -1;
    }
    return Files.readAllLines(checkpoint).stream()
        .filter(line -> line.startsWith("orders 0 "))
        .mapToLong(line -> Long.parseLong(line.substring("orders 0 ".length())))
        .findFirst()
        .orElse(-1);
  }

  /** Every key's last value is there, in order, and what was cleaned away is not. */
  private static void latestValuesAreThere(StoryCluster cluster, int written) {
    Map<Integer, Integer> latest = new HashMap<>();
    List<Integer> values = new ArrayList<>();
    consume(
        cluster,
        record -> {
          values.add(record.value());
          latest.put(record.key(), record.value());
        });
    assertThat(values).isSorted().doesNotHaveDuplicates().hasSizeLessThan(written);
    for (int key = 0; key < KEYS; key++) {
      int last = key + (written - 1 - key) / KEYS * KEYS;
      assertThat(latest).containsEntry(key, last);
    }
  }

  @Test
  void aMoveGoesOnAfterACrashAndCanBeGivenUp() throws Exception {
    try (StoryCluster cluster = StoryCluster.of(Brand.VITRINE, directory, 2, SETTINGS)) {
      Path one = create(cluster);
      Path two = cluster.logDirectories(1).get(1);
      int records = 40_000;
      send(cluster, records);
      try (Admin admin = admin(cluster)) {
        request(admin, two);
        cluster.crash(1);
      }
      try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
        await().until(() -> tree.children("/brokers/ids").isEmpty());
      }
      // Wherever the crash fell, mostly in the midst of the copying, the replica arrives.
      assertThat(partitionDirectories(two)).anyMatch(name -> name.startsWith("orders-0"));
      cluster.start(1);
      try (Admin admin = admin(cluster)) {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> described(admin).keySet().equals(Set.of(two)));
        request(admin, one);
        request(admin, two);
        // Given up, or moved back when it was quicker than the second request.
        await().until(() -> described(admin).keySet().equals(Set.of(two)));
        await().until(() -> partitionDirectories(one).isEmpty());
      }
      assertThat(read(cluster, records)).isEqualTo(records);
    }
  }

  private static Path create(StoryCluster cluster) throws Exception {
    cluster.start(1);
    Path one = cluster.logDirectories(1).get(0);
    try (Admin admin = admin(cluster)) {
      try {
        request(admin, one);
      } catch (ExecutionException notThereYet) {
        assertThat(notThereYet).hasMessageContaining("UnknownTopicOrPartition");
      }
      admin.createTopics(List.of(new NewTopic(TP.topic(), 1, (short) 1))).all().get();
    }
    await().until(() -> Files.exists(one.resolve("orders-0")));
    return one;
  }

  private static List<String> partitionDirectories(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(Files::isDirectory).map(each -> each.getFileName().toString()).toList();
    }
  }

  private static void move(StoryCluster cluster, Path to) throws Exception {
    try (Admin admin = admin(cluster)) {
      request(admin, to);
    }
  }

  private static void request(Admin admin, Path to) throws Exception {
    admin
        .alterReplicaLogDirs(
            Map.of(new TopicPartitionReplica(TP.topic(), TP.partition(), 1), to.toString()))
        .all()
        .get();
  }

  private static Map<Path, ReplicaInfo> described(Admin admin) throws Exception {
    Map<Path, ReplicaInfo> found = new HashMap<>();
    Map<String, LogDirDescription> all =
        admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1);
    all.forEach(
        (path, about) -> {
          if (about.replicaInfos().containsKey(TP)) {
            found.put(Path.of(path), about.replicaInfos().get(TP));
          }
        });
    return found;
  }

  private static void write(StoryCluster cluster, AtomicBoolean stop, AtomicInteger acknowledged) {
    try (KafkaProducer<Integer, Integer> producer = producer(cluster)) {
      while (!stop.get()) {
        int next = acknowledged.get();
        producer.send(new ProducerRecord<>(TP.topic(), 0, next % KEYS, next)).get();
        acknowledged.incrementAndGet();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In batches of one record, so that a move has as many steps. */
  private static void send(StoryCluster cluster, int records) {
    try (KafkaProducer<Integer, Integer> producer = producer(cluster)) {
      for (int i = 0; i < records; i++) {
        producer.send(new ProducerRecord<>(TP.topic(), 0, null, i));
      }
    }
  }

  /** How many records there are, each being the one after the one before. */
  private static int read(StoryCluster cluster, int expected) {
    AtomicInteger next = new AtomicInteger();
    long end =
        consume(cluster, record -> assertThat(record.value()).isEqualTo(next.getAndIncrement()));
    assertThat(end).isEqualTo(expected);
    return next.get();
  }

  /** Reads all there is and returns the end offset. */
  private static long consume(
      StoryCluster cluster, Consumer<ConsumerRecord<Integer, Integer>> taker) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            cluster.bootstrap(),
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest");
    try (KafkaConsumer<Integer, Integer> consumer =
        new KafkaConsumer<>(settings, new IntegerDeserializer(), new IntegerDeserializer())) {
      consumer.assign(List.of(TP));
      long end = consumer.endOffsets(List.of(TP)).get(TP);
      while (consumer.position(TP) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(taker);
      }
      return end;
    }
  }

  private static KafkaProducer<Integer, Integer> producer(StoryCluster cluster) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            cluster.bootstrap(),
            ProducerConfig.BATCH_SIZE_CONFIG,
            1),
        new IntegerSerializer(),
        new IntegerSerializer());
  }

  private static Admin admin(StoryCluster cluster) {
    return Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()));
  }
}
