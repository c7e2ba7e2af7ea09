package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.data.DataRecord;
import io.vitrine.cluster.data.ReadQuery;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.remote.RemoteCluster;
import io.vitrine.cluster.remote.RemoteSettings;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attached to brokers of Apache Kafka. */
@Timeout(240)
class AttachedClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TopicPartition T0 = new TopicPartition("t", 0);

  @TempDir private Path directory;

  @Test
  void itShowsWhatTheAdminClientTellsThroughACrashAndAReturn() throws Exception {
    try (StoryCluster cluster = StoryCluster.of(Brand.KAFKA, directory)) {
      cluster.start(1);
      cluster.start(2);
      Map<String, Object> client = Map.of("bootstrap.servers", cluster.bootstrap());
      try (Admin admin = Admin.create(client);
          RemoteCluster remote = attach(cluster)) {
        admin.createTopics(List.of(new NewTopic("t", 1, (short) 2))).all().get();
        write(cluster.bootstrap());
        until(remote, s -> s.partitions().containsKey(T0) && highWatermark(s) == 5);
        TopicDescription told = admin.describeTopics(List.of("t")).allTopicNames().get().get("t");
        TopicPartitionInfo partition = told.partitions().get(0);
        PartitionView seen = remote.snapshot().partitions().get(T0);
        assertThat(seen.leader()).isEqualTo(partition.leader().id());
        assertThat(seen.assignment()).isEqualTo(ids(partition.replicas()));
        assertThat(seen.isr()).isEqualTo(ids(partition.isr()));
        ClusterSnapshot snapshot = remote.snapshot();
        assertThat(snapshot.controller().brokerId())
            .isEqualTo(admin.describeCluster().controller().get().id());
        assertThat(snapshot.controller().epoch()).isPositive();
        assertThat(snapshot.brokers())
            .allMatch(b -> b.state() == BrokerState.SERVING && b.brokerEpoch() > 0);
        assertThat(snapshot.topics().get("t").topicId()).isEqualTo(told.topicId().toString());
        assertThat(read(remote)).containsExactly("0", "1", "2", "3", "4");

        int victim = seen.leader();
        cluster.crash(victim);
        until(remote, s -> s.broker(victim).get().state() == BrokerState.FAILED);
        until(remote, s -> s.partitions().get(T0).leader() == 3 - victim);
        until(remote, s -> s.controller().brokerId() == 3 - victim);
        assertThat(remote.snapshot().partitions().get(T0).leaderEpoch())
            .isGreaterThan(seen.leaderEpoch());

        cluster.start(victim);
        until(remote, s -> s.broker(victim).get().state() == BrokerState.SERVING);
        until(remote, s -> s.partitions().get(T0).isr().size() == 2);
        assertThat(remote.events().after(0))
            .filteredOn(e -> e.brokerId() == victim)
            .extracting(e -> e.event().getClass().getSimpleName())
            .containsSubsequence("BrokerServing", "BrokerFailed", "BrokerServing");
        assertThat(remote.events().after(0))
            .as("nobody was asked to do anything")
            .noneMatch(e -> e.event() instanceof ClusterEvent.CommandAccepted);
      }
    }
  }

  private static RemoteCluster attach(StoryCluster cluster) throws Exception {
    return RemoteCluster.attach(
        new RemoteSettings(cluster.bootstrap(), cluster.zooKeeper(), Map.of()),
        InstantSource.system(),
        System::nanoTime);
  }

  private static void write(String bootstrap) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < 5; i++) {
        producer.send(new ProducerRecord<>("t", Integer.toString(i).getBytes())).get();
      }
    }
  }

  private static List<String> read(RemoteCluster remote) {
    ConcurrentLinkedQueue<String> values = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Boolean> ended = new ConcurrentLinkedQueue<>();
    remote
        .data()
        .read(
            ReadQuery.all("t"),
            (records, progress) -> {
              for (DataRecord record : records) {
                values.add(new String(record.value()));
              }
              if (progress.state().ended()) {
                ended.add(true);
              }
            });
    await().atMost(PATIENCE).until(() -> !ended.isEmpty());
    return List.copyOf(values);
  }

  private static long highWatermark(ClusterSnapshot snapshot) {
    PartitionView partition = snapshot.partitions().get(T0);
    return partition.replica(partition.leader()).map(r -> r.highWatermark()).orElse(-1L);
  }

  private static void until(RemoteCluster remote, Predicate<ClusterSnapshot> condition) {
    await().atMost(PATIENCE).until(() -> condition.test(remote.snapshot()));
  }

  private static List<Integer> ids(List<Node> nodes) {
    return nodes.stream().map(Node::id).toList();
  }
}
