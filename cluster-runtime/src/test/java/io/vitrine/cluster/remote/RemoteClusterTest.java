package io.vitrine.cluster.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.Capability;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.CommandRefusedException;
import io.vitrine.cluster.LocalCluster;
import io.vitrine.cluster.LocalClusterSettings;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.GroupView;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.ReplicaView;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an attached cluster says, beside what the cluster itself knows. */
@Timeout(180)
class RemoteClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TopicPartition T0 = new TopicPartition("t", 0);

  @TempDir private Path directory;
  private LocalCluster cluster;
  private RemoteCluster remote;

  @AfterEach
  void close() {
    if (remote != null) {
      remote.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void itSaysWhatTheClusterItselfKnowsAndNothingItCannotKnow() throws Exception {
    start();
    cluster
        .execute(new ClusterCommand.CreateTopic("t", 3, 2, Map.of("retention.ms", "3600000")))
        .get(60, TimeUnit.SECONDS);
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(client())) {
      for (int i = 0; i < 100; i++) {
        producer.send(new ProducerRecord<>("t", i % 3, null, "record " + i)).get();
      }
    }
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(client())) {
      consumer.subscribe(List.of("t"));
      await().atMost(PATIENCE).until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
      consumer.commitSync();

      attach(cluster.snapshot().zooKeeper().connectString());
      awaitRemote(s -> s.groups().containsKey("readers"));
      awaitRemote(s -> replica(s, T0).highWatermark() == 34);
      GroupView group = remote.snapshot().groups().get("readers");
      assertThat(group.stage()).isEqualTo(GroupStage.STABLE);
      assertThat(group.members()).hasSize(1);
      assertThat(group.members().get(0).assignment()).hasSize(3);
      assertThat(group.coordinator())
          .isEqualTo(cluster.snapshot().groups().get("readers").coordinator());
      assertThat(group.committed()).isNotEmpty();
    }

    ClusterSnapshot seen = remote.snapshot();
    ClusterSnapshot truth = cluster.snapshot();
    assertThat(seen.brokers()).hasSize(3).allMatch(b -> b.state() == BrokerState.SERVING);
    assertThat(seen.bootstrapServers()).isEqualTo(truth.bootstrapServers());
    assertThat(seen.controller().brokerId()).isEqualTo(truth.controller().brokerId());
    assertThat(seen.controller().epoch()).isEqualTo(truth.controller().epoch());
    assertThat(seen.topics().get("t").config()).containsEntry("retention.ms", "3600000");
    assertThat(seen.topics().get("t").topicId()).isEqualTo(truth.topics().get("t").topicId());
    assertThat(seen.partitions().keySet()).isEqualTo(truth.partitions().keySet());
    truth.partitions().forEach((id, own) -> same(seen.partitions().get(id), own));
    seen.brokers()
        .forEach(
            b -> {
              assertThat(b.brokerEpoch()).isEqualTo(truth.broker(b.id()).get().brokerEpoch());
              assertThat(b.requests().told()).isFalse();
              assertThat(b.storage().directories()).hasSize(1);
            });

    ReplicaView leader = replica(seen, T0);
    assertThat(leader.logEndOffset()).as("the leader's log end is told to nobody").isEqualTo(-1);
    assertThat(leader.sizeBytes()).isPositive();
    assertThat(remote.capabilities()).containsExactly(Capability.SEE_ZOOKEEPER);
    assertThatThrownBy(
            () -> remote.execute(new ClusterCommand.KillBroker(1)).get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(CommandRefusedException.class);
    ZooKeeperContents found =
        remote
            .look(new ZooKeeperLook(Set.of("/", "/brokers/ids"), "/controller", "partitions/0"))
            .get(60, TimeUnit.SECONDS);
    assertThat(found.listings().get("/brokers/ids").nodes())
        .extracting(ZooKeeperContents.Znode::name)
        .containsExactly("1", "2", "3");
    assertThat(found.chosen().orElseThrow().text())
        .contains("\"brokerid\":" + truth.controller().brokerId());
    assertThat(found.found())
        .extracting(ZooKeeperContents.Znode::path)
        .contains("/brokers/topics/t/partitions/0/state");
  }

  private static void same(PartitionView seen, PartitionView own) {
    assertThat(seen.leader()).as("leader of %s", own.id()).isEqualTo(own.leader());
    assertThat(seen.isr()).as("ISR of %s", own.id()).isEqualTo(own.isr());
    assertThat(seen.assignment()).isEqualTo(own.assignment());
    assertThat(seen.leaderEpoch()).as("epoch of %s", own.id()).isEqualTo(own.leaderEpoch());
  }

  @Test
  void aBrokerThatGoesAndOneThatComesAreSeen() throws Exception {
    start();
    cluster.execute(new ClusterCommand.CreateTopic("t", 3, 3, Map.of())).get(60, TimeUnit.SECONDS);
    attach("");
    assertThat(remote.capabilities()).isEmpty();
    awaitRemote(s -> s.partitions().size() >= 3);
    int victim = remote.snapshot().partitions().get(T0).leader();

    cluster.execute(new ClusterCommand.StopBroker(victim)).get(60, TimeUnit.SECONDS);
    awaitRemote(s -> s.broker(victim).get().state() == BrokerState.FAILED);
    awaitRemote(s -> s.partitions().get(T0).leader() != victim);
    awaitRemote(s -> !s.partitions().get(T0).isr().contains(victim));

    cluster.execute(new ClusterCommand.StartBroker(victim)).get(60, TimeUnit.SECONDS);
    awaitRemote(s -> s.broker(victim).get().state() == BrokerState.SERVING);
    awaitRemote(s -> s.partitions().get(T0).isr().contains(victim));
    assertThat(remote.events().after(0))
        .extracting(StampedEvent::event)
        .anyMatch(
            e ->
                e instanceof ClusterEvent.PartitionStateWritten w
                    && w.reason() == ClusterEvent.ElectionReason.OBSERVED);
  }

  @Test
  void whatCannotBeAttachedSaysWhy() throws Exception {
    int nobody = FreePorts.next();
    assertThatThrownBy(
            () ->
                RemoteCluster.attach(
                    new RemoteSettings(
                        "127.0.0.1:" + nobody,
                        "",
                        Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "900")),
                    InstantSource.system(),
                    System::nanoTime))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Timeout");
    assertThatThrownBy(() -> RemoteSettings.of("a:1", "", directory.resolve("none").toString()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be read");
    Path file = Files.writeString(directory.resolve("c"), "bootstrap.servers=x:1\nretries=3\n");
    assertThat(RemoteSettings.of("a:1", "", file.toString()).client())
        .isEqualTo(Map.of("retries", "3"));
  }

  private void start() throws Exception {
    cluster =
        LocalCluster.start(
            new LocalClusterSettings(
                directory,
                3,
                0,
                0,
                1,
                1,
                6_000,
                Map.of("offsets.topic.num.partitions", "3"),
                false));
    cluster.awaitServing(60, TimeUnit.SECONDS);
  }

  private void attach(String zooKeeper) throws Exception {
    remote =
        RemoteCluster.attach(
            new RemoteSettings(cluster.snapshot().bootstrapServers(), zooKeeper, Map.of()),
            InstantSource.system(),
            System::nanoTime);
  }

  private void awaitRemote(Predicate<ClusterSnapshot> condition) {
    await().atMost(PATIENCE).until(() -> condition.test(remote.snapshot()));
  }

  private static ReplicaView replica(ClusterSnapshot snapshot, TopicPartition id) {
    PartitionView partition = snapshot.partitions().get(id);
    return partition.replica(partition.leader()).orElseThrow();
  }

  private Map<String, Object> client() {
    return Map.of(
        "bootstrap.servers",
        cluster.snapshot().bootstrapServers(),
        "group.id",
        "readers",
        "auto.offset.reset",
        "earliest",
        "key.serializer",
        StringSerializer.class,
        "value.serializer",
        StringSerializer.class,
        "key.deserializer",
        StringDeserializer.class,
        "value.deserializer",
        StringDeserializer.class);
  }
}
