package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Limits set through the Admin client, and what an unchanged producer, consumer and admin meet: the
 * same throttle times as at Apache Kafka, and with limits taken away none.
 */
class QuotaStoryTest {
  static final String TOPIC = "limited";
  private static final int BYTES_PER_SECOND = 10_000;
  private static final int RECORD_BYTES = 115_000;

  /** Partitions, more than a bucket of the limits here holds. */
  private static final int MANY = 16;

  private static final CreateTopicsOptions AT_ONCE =
      new CreateTopicsOptions().retryOnQuotaViolation(false);

  static final double TOLERANCE_MS = 250;

  @Test
  void clientsAreHeldBackForAsLongAsAtApacheKafka(@TempDir Path directory) throws Exception {
    Map<String, Double> ours = tell(Brand.VITRINE, directory.resolve("vitrine"));
    Map<String, Double> theirs = tell(Brand.KAFKA, directory.resolve("kafka"));

    assertThat(ours.keySet()).isEqualTo(theirs.keySet());
    theirs.forEach(
        (what, ms) -> assertThat(ours.get(what)).as(what).isCloseTo(ms, within(TOLERANCE_MS)));
    assertThat(ours.get("produce")).isGreaterThan(1_000);
    assertThat(ours.get("fetch")).isGreaterThan(1_000);
    assertThat(ours.get("create")).isGreaterThan(4_000);
    assertThat(ours.get("ask")).isGreaterThan(4_000);
    assertThat(ours.get("request")).isGreaterThan(0);
    assertThat(ours.get("free")).isZero();
  }

  private static Map<String, Double> tell(Brand brand, Path directory) throws Exception {
    Map<String, Double> throttledMs = new TreeMap<>();
    Map<String, String> settings =
        Map.of("auto.create.topics.enable", "true", "num.partitions", Integer.toString(MANY));
    try (StoryCluster cluster = StoryCluster.of(brand, directory, 1, settings)) {
      cluster.start(1);
      String bootstrap = cluster.bootstrap().split(",")[0];
      try (Admin admin = admin(bootstrap, "setter")) {
        limit(admin, "writer", "producer_byte_rate", (double) BYTES_PER_SECOND);
        limit(admin, "reader", "consumer_byte_rate", (double) BYTES_PER_SECOND);
        limit(admin, "maker", "controller_mutation_rate", 1.0);
        limit(admin, "asker", "controller_mutation_rate", 1.0);
        limit(admin, "worker", "request_percentage", 0.01);
        limit(admin, "freed", "producer_byte_rate", (double) BYTES_PER_SECOND);
        limit(admin, "freed", "producer_byte_rate", null);
        await()
            .until(
                () ->
                    admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get().size()
                        == 5);
        admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        throttledMs.put("produce", write(bootstrap, "writer"));
        throttledMs.put("free", write(bootstrap, "freed"));
        throttledMs.put("fetch", read(bootstrap));
        throttledMs.put("create", create(bootstrap));
        throttledMs.put("ask", ask(bootstrap));
        throttledMs.put("request", Math.min(1, work(bootstrap)));
      }
    }
    return throttledMs;
  }

  private static Admin admin(String bootstrap, String clientId) {
    return Admin.create(Map.of("bootstrap.servers", bootstrap, "client.id", clientId));
  }

  private static void limit(Admin admin, String clientId, String kind, Double value)
      throws Exception {
    ClientQuotaEntity entity = new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, clientId));
    admin
        .alterClientQuotas(
            List.of(
                new ClientQuotaAlteration(
                    entity, List.of(new ClientQuotaAlteration.Op(kind, value)))))
        .all()
        .get();
  }

  /** One record that is more than a whole window's worth. */
  static double write(String bootstrap, String clientId) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", bootstrap, "client.id", clientId, "enable.idempotence", false),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, new byte[RECORD_BYTES])).get();
      return metric(producer.metrics(), "produce-throttle-time-max");
    }
  }

  /** The same back: it never fits, so that what was asked for is withheld. */
  private static double read(String bootstrap) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "client.id",
                "reader",
                "auto.offset.reset",
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
      await()
          .until(
              () -> {
                assertThat(consumer.poll(Duration.ofMillis(100))).isEmpty();
                return metric(consumer.metrics(), "fetch-throttle-time-max") > 0;
              });
      return metric(consumer.metrics(), "fetch-throttle-time-max");
    }
  }

  /** The first overdraws, the second is refused. */
  private static double create(String bootstrap) throws Exception {
    try (Admin admin = admin(bootstrap, "maker")) {
      admin.createTopics(List.of(new NewTopic("many", MANY, (short) 1)), AT_ONCE).all().get();
      return refusedForMs(admin);
    }
  }

  /** A topic that is made because it was asked for overdraws as well. */
  private static double ask(String bootstrap) {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "client.id", "asker");
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        Admin admin = admin(bootstrap, "asker")) {
      assertThat(producer.partitionsFor("asked")).hasSize(MANY);
      return refusedForMs(admin);
    }
  }

  private static double refusedForMs(Admin admin) {
    Throwable refused =
        catchThrowable(
            () ->
                admin
                    .createTopics(List.of(new NewTopic("more", 1, (short) 1)), AT_ONCE)
                    .all()
                    .get());
    assertThat(refused).hasCauseInstanceOf(ThrottlingQuotaExceededException.class);
    return ((ThrottlingQuotaExceededException) refused.getCause()).throttleTimeMs();
  }

  /** Whether a limit on threads' time is felt; for how long is chance. */
  private static double work(String bootstrap) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", bootstrap, "client.id", "worker", "enable.idempotence", false),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                producer.send(new ProducerRecord<>(TOPIC, new byte[10])).get();
                return metric(producer.metrics(), "produce-throttle-time-max") > 0;
              });
      return metric(producer.metrics(), "produce-throttle-time-max");
    }
  }

  private static double metric(Map<MetricName, ? extends Metric> metrics, String name) {
    return metrics.values().stream()
        .filter(each -> each.metricName().name().equals(name))
        .mapToDouble(each -> (Double) each.metricValue())
        .filter(value -> !Double.isNaN(value))
        .max()
        .orElse(0);
  }
}
