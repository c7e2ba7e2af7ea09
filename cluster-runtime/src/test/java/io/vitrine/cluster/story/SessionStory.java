package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The story of ZooKeeper's word: one server of three dies, then the quorum is lost and a broker
 * crashes meanwhile, the quorum returns; a broker's session ends under it so that it is back before
 * anybody looked; a broker is replaced by an empty one.
 */
final class SessionStory extends Story {
  private static final String TOPIC = "story";
  private static final int PARTITIONS = 3;
  private static final Map<Integer, List<Integer>> ASSIGNMENT =
      Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2));

  SessionStory(StoryCluster cluster) {
    super(cluster, TOPIC);
  }

  @Override
  void run() throws Exception {
    threeBrokersServe();
    create(ASSIGNMENT);
    settled("a topic is created", () -> leaders(1, 2, 3) && isrSizes(PARTITIONS, 3));
    produce(PARTITIONS, 100);

    cluster().ensemble().stop(1, true);
    awaitDecision();
    produce(PARTITIONS, 10);
    settled("one ZooKeeper server is gone", () -> isrSizes(PARTITIONS, 3));

    loseTheQuorum();

    cluster().start(3);
    settled("broker 3 is back", () -> live().size() == 3 && isrSizes(PARTITIONS, 3));

    long epoch = tree().czxid("/brokers/ids/2");
    cluster().ensemble().endSession(tree().owner("/brokers/ids/2"));
    settled(
        "the session of broker 2 was ended",
        () ->
            live().size() == 3
                && tree().czxid("/brokers/ids/2") > epoch
                && leaders(1, 3, 1)
                && isrSizes(PARTITIONS, 3));

    cluster().stop(3);
    settled("broker 3 is stopped", () -> live().size() == 2 && leaders(1, 2, 1));
    empty(cluster().logDirectory(3));
    cluster().start(3);
    settled("an empty broker 3 is back", () -> live().size() == 3 && isrSizes(PARTITIONS, 3));
    Replicas.areEqual(cluster(), TOPIC, PARTITIONS);
  }

  /** Brokers serve what they lead; nothing is shrunk or elected until the quorum is back. */
  private void loseTheQuorum() throws Exception {
    final long first = tree().czxid("/brokers/ids/1");
    final long second = tree().czxid("/brokers/ids/2");
    try (KafkaProducer<String, String> producer = producer()) {
      for (int p = 0; p < PARTITIONS; p++) {
        send(producer, p).get(60, TimeUnit.SECONDS);
      }
      cluster().ensemble().stop(2, true);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> cluster().ensemble().roles().get(3) == MemberRole.LOOKING);
      for (int p = 0; p < PARTITIONS; p++) {
        send(producer, p).get(60, TimeUnit.SECONDS);
      }
      cluster().crash(3);
      Future<RecordMetadata> inItsIsr = send(producer, 0);
      Future<RecordMetadata> itsOwn = send(producer, 2);
      await().during(Duration.ofSeconds(2)).until(() -> !inItsIsr.isDone() && !itsOwn.isDone());

      cluster().ensemble().start();
      awaitDecision();
      settled(
          "the quorum is back and broker 3 is gone",
          () -> live().equals(Set.of("1", "2")) && leaders(1, 2, 1) && isrSizes(PARTITIONS, 2));
      inItsIsr.get(60, TimeUnit.SECONDS);
      itsOwn.get(60, TimeUnit.SECONDS);
    }
    assertThat(tree().czxid("/brokers/ids/1")).as("broker epoch of 1").isEqualTo(first);
    assertThat(tree().czxid("/brokers/ids/2")).as("broker epoch of 2").isEqualTo(second);
  }

  private void awaitDecision() throws InterruptedException {
    assertThat(cluster().ensemble().awaitDecision(60, TimeUnit.SECONDS)).isTrue();
  }

  private KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers", cluster().bootstrap(), "acks", "all", "enable.idempotence", false),
        new StringSerializer(),
        new StringSerializer());
  }

  private static Future<RecordMetadata> send(KafkaProducer<String, String> producer, int p) {
    return producer.send(new ProducerRecord<>(TOPIC, p, "k", "v"));
  }

  private static void empty(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
