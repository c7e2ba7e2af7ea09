package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.broker.Broker;
import io.vitrine.cluster.broker.BrokerClocks;
import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.BrokerKilled;
import io.vitrine.cluster.event.ClusterEvent.LogDirectoryFailed;
import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M05: a broker of this process that is killed while it writes says that it was killed, and not
 * that its disk failed: its files are taken from threads that are at them.
 */
class KilledBrokerTest {
  private static final Duration AT_MOST = Duration.ofSeconds(60);
  private static final int STAYS = 9;
  private static final int KILLED = 3;
  private static final int PARTITIONS = 4;
  private static final int ACKNOWLEDGED = 300;

  @Test
  void aKilledBrokersDiskHasNotFailed(@TempDir Path directory) throws Exception {
    Queue<ClusterEvent> told = new ConcurrentLinkedQueue<>();
    try (EmbeddedZooKeeper zooKeeper =
        EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0, StorySettings.TICK_MS)) {
      int port = FreePorts.next();
      Broker stays = broker(STAYS, port, zooKeeper, directory, told);
      stays.start();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
        for (int id = 1; id <= KILLED; id++) {
          isKilledWhileItWrites(
              broker(id, FreePorts.next(), zooKeeper, directory, told), id, admin, port);
        }
      } finally {
        stays.kill();
      }
    }
    assertThat(told).filteredOn(BrokerKilled.class::isInstance).hasSize(KILLED + 1);
    assertThat(told).doesNotHaveAnyElementsOfTypes(LogDirectoryFailed.class);
  }

  private static void isKilledWhileItWrites(Broker broker, int id, Admin admin, int port)
      throws Exception {
    broker.start();
    try (KafkaProducer<byte[], byte[]> producer = producer(port)) {
      await("the controller knows it")
          .atMost(AT_MOST)
          .until(
              () ->
                  admin.describeCluster().nodes().get().stream().anyMatch(each -> each.id() == id));
      String topic = "written-" + id;
      admin
          .createTopics(
              List.of(
                  new NewTopic(
                      topic,
                      Map.of(0, List.of(id), 1, List.of(id), 2, List.of(id), 3, List.of(id)))))
          .all()
          .get();
      AtomicInteger acknowledged = new AtomicInteger();
      for (int i = 0; acknowledged.get() < ACKNOWLEDGED; i++) {
        producer.send(
            new ProducerRecord<>(topic, i % PARTITIONS, null, new byte[5_000]),
            (metadata, failure) -> acknowledged.addAndGet(failure == null ? 1 : 0));
      }
      broker.kill();
      producer.close(Duration.ZERO);
    } finally {
      broker.kill();
    }
  }

  /** Each batch is flushed, so that there is always somebody at a file. */
  private static Broker broker(
      int id, int port, EmbeddedZooKeeper zooKeeper, Path directory, Queue<ClusterEvent> told) {
    Map<String, String> settings =
        StorySettings.broker(
            id, port, zooKeeper.connectString(), List.of(directory.resolve("broker-" + id)));
    settings.put("log.flush.interval.messages", "1");
    settings.put("replica.high.watermark.checkpoint.interval.ms", "5");
    return new Broker(
        BrokerConfig.parse(settings), (brokerId, event) -> told.add(event), BrokerClocks.system());
  }

  private static KafkaProducer<byte[], byte[]> producer(int port) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", "127.0.0.1:" + port, "batch.size", "6000", "acks", "1"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
