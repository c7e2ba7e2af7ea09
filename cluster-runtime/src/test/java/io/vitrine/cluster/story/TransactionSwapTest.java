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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A broker of one brand coordinates the transactions that the other left in {@code
 * __transaction_state}: ended ones, and one that is open. The topic keeps the partitions it has,
 * whatever the second broker's settings say.
 */
class TransactionSwapTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "transaction.state.log.num.partitions", "2",
          "transaction.state.log.replication.factor", "1",
          "transaction.state.log.min.isr", "1");
  private static final Map<String, String> OTHER_COUNT =
      Map.of("transaction.state.log.num.partitions", "5");

  @ParameterizedTest(name = "{0} then {1}")
  @CsvSource({"VITRINE, KAFKA", "KAFKA, VITRINE"})
  void transactionsGoOnWithTheOther(Brand first, Brand second, @TempDir Path directory)
      throws Exception {
    try (StoryCluster cluster = StoryCluster.of(first, directory, 1, SETTINGS)) {
      cluster.start(1, first);
      try (Admin admin = admin(cluster)) {
        admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
      }
      commit(cluster, "first");
      KafkaProducer<String, String> gone = producer(cluster, "open");
      gone.initTransactions();
      gone.beginTransaction();
      gone.send(new ProducerRecord<>("t", 0, "open", "never")).get();
      gone.close(Duration.ZERO);
      Map<String, TransactionDescription> left = described(cluster, "first", "open");
      cluster.stop(1);

      cluster.start(1, second, OTHER_COUNT);
      assertThat(described(cluster, "first", "open")).isEqualTo(left);
      commit(cluster, "open");
      commit(cluster, "first");
      assertThat(committed(cluster)).containsExactly("first", "open", "first");
      Map<String, TransactionDescription> later = described(cluster, "first", "open");
      assertThat(later.get("open").producerId()).isEqualTo(left.get("open").producerId());
      assertThat(later.get("open").producerEpoch()).isEqualTo(2);
      assertThat(later.get("first").producerEpoch()).isEqualTo(1);
      cluster.stop(1);

      cluster.start(1, first);
      assertThat(described(cluster, "first", "open")).isEqualTo(later);
      commit(cluster, "open");
      assertThat(committed(cluster)).containsExactly("first", "open", "first", "open");
    }
  }

  private static Admin admin(StoryCluster cluster) {
    return Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()));
  }

  private static KafkaProducer<String, String> producer(StoryCluster cluster, String id) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrap());
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  private static void commit(StoryCluster cluster, String id) throws Exception {
    try (KafkaProducer<String, String> producer = producer(cluster, id)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("t", 0, id, id)).get();
      producer.commitTransaction();
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> described(cluster, id).get(id).state() == TransactionState.COMPLETE_COMMIT);
  }

  private static Map<String, TransactionDescription> described(StoryCluster cluster, String... ids)
      throws Exception {
    try (Admin admin = admin(cluster)) {
      return admin.describeTransactions(List.of(ids)).all().get();
    }
  }

  private static List<String> committed(StoryCluster cluster) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            cluster.bootstrap(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed");
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
      while (consumer.position(PARTITION) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(each -> values.add(each.value()));
      }
    }
    return values;
  }
}
