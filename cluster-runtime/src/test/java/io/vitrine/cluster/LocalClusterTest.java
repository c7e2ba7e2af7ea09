package io.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.GroupCause;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import io.vitrine.cluster.event.FailoverStep;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.ControllerView;
import io.vitrine.cluster.snapshot.GroupView;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.SessionView;
import io.vitrine.cluster.snapshot.TrafficView;
import io.vitrine.cluster.snapshot.TransactionView;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.snapshot.ZooKeeperView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole cluster with Kafka's own clients. */
@Timeout(120)
class LocalClusterTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);

  @TempDir private Path directory;
  private Set<Thread> threadsBefore;
  private LocalCluster cluster;

  @BeforeEach
  void rememberThreads() {
    threadsBefore = Thread.getAllStackTraces().keySet();
  }

  @AfterEach
  void closeAndLookForThreads() {
    if (cluster != null) {
      cluster.close();
    }
    await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> assertThat(ours()).isEmpty());
  }

  @Test
  void aKilledLeaderLosesNothingAcknowledgedAndRejoins() throws Exception {
    start();
    execute(new ClusterCommand.CreateTopic("t", 1, 3, Map.of("min.insync.replicas", "2")));
    awaitSnapshot(s -> partition(s).map(p -> p.leader() >= 0).orElse(false));
    int leader = partition(cluster.snapshot()).orElseThrow().leader();
    Set<String> acknowledged = new ConcurrentSkipListSet<>();
    try (KafkaProducer<String, String> producer = producer()) {
      for (int i = 0; i < 2_000; i++) {
        if (i == 700) {
          execute(new ClusterCommand.KillBroker(leader));
        }
        String value = "record-" + i;
        producer.send(
            new ProducerRecord<>("t", 0, null, value),
            (metadata, error) -> {
              if (error == null) {
                acknowledged.add(value);
              }
            });
      }
      ClusterSnapshot killed = cluster.snapshot();
      awaitSnapshot(
          s -> s.broker(leader).orElseThrow().session().state() == SessionView.State.EXPIRED);
      producer.flush();
      assertThat(killed).isNotNull();
    }
    assertThat(acknowledged).hasSize(2_000);
    awaitSnapshot(
        s ->
            partition(s).orElseThrow().leader() != leader
                && !partition(s).orElseThrow().isr().contains(leader));

    int port = broker(leader).port();
    execute(new ClusterCommand.RestartBroker(leader));
    awaitSnapshot(s -> partition(s).orElseThrow().isr().size() == 3);
    assertThat(broker(leader).port()).isEqualTo(port);
    awaitSnapshot(
        s ->
            partition(s).orElseThrow().replicas().stream()
                    .map(r -> r.logEndOffset())
                    .distinct()
                    .count()
                == 1);
    assertThat(consumeAll()).containsAll(acknowledged);

    assertThat(kinds())
        .containsSubsequence(
            "BrokerKilled",
            "SessionExpired",
            "PartitionStateWritten",
            "BrokerStarting",
            "LogRecovered",
            "IsrExpanded");
    execute(new ClusterCommand.ElectPreferredLeaders(Set.of()));
    awaitSnapshot(s -> !partition(s).orElseThrow().notPreferred());
  }

  @Test
  void aControlledStopMovesLeadersBeforeTheSessionEnds() throws Exception {
    start();
    execute(new ClusterCommand.CreateTopic("t", 6, 3, Map.of()));
    awaitSnapshot(
        s ->
            s.partitions().size() == 6
                && s.partitions().values().stream().noneMatch(PartitionView::offline));
    execute(new ClusterCommand.StopBroker(2));
    awaitSnapshot(s -> broker(2).state() == BrokerState.STOPPED);
    assertThat(cluster.snapshot().partitions().values()).noneMatch(PartitionView::offline);
    List<String> kinds = kinds();
    assertThat(kinds)
        .containsSubsequence(
            "BrokerStopping", "ControlledShutdownProgress", "SessionClosed", "BrokerStopped");
    assertThat(
            cluster.events().after(0).stream()
                .map(StampedEvent::event)
                .filter(ClusterEvent.ControlledShutdownProgress.class::isInstance)
                .map(ClusterEvent.ControlledShutdownProgress.class::cast)
                .map(ClusterEvent.ControlledShutdownProgress::remainingLeaders))
        .containsExactly(0);
  }

  @Test
  void dataAndPortsSurviveClosing() throws Exception {
    start();
    execute(new ClusterCommand.CreateTopic("t", 1, 3, Map.of("retention.ms", "100000000")));
    awaitSnapshot(s -> partition(s).map(p -> !p.offline()).orElse(false));
    try (KafkaProducer<String, String> producer = producer()) {
      for (int i = 0; i < 100; i++) {
        producer.send(new ProducerRecord<>("t", 0, null, "record-" + i)).get();
      }
    }
    long begin = System.nanoTime();
    cluster.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .as("no 15 s of retries with nobody left to take over")
        .isLessThan(Duration.ofSeconds(10));
    start();
    awaitSnapshot(
        s ->
            partition(s)
                .map(p -> p.isr().size() == 3 && s.topics().containsKey("t"))
                .orElse(false));
    assertThat(cluster.snapshot().topics().get("t").config())
        .containsEntry("retention.ms", "100000000");
    assertThat(consumeAll()).hasSize(100);
    assertThat(kinds()).as("a clean stop needs no recovery").doesNotContain("LogRecovered");
  }

  @Test
  void whatWasKilledStartsAgainAtOnceThoughItsSessionsWouldLast() throws Exception {
    cluster = LocalCluster.start(settings().withSessionTimeoutMs(60_000));
    cluster.awaitServing(60, TimeUnit.SECONDS);
    execute(new ClusterCommand.CreateTopic("t", 1, 3, Map.of()));
    awaitSnapshot(s -> partition(s).map(p -> !p.offline()).orElse(false));
    try (KafkaProducer<String, String> producer = producer()) {
      producer.send(new ProducerRecord<>("t", 0, null, "acknowledged")).get();
    }
    for (int broker = 1; broker <= 3; broker++) {
      execute(new ClusterCommand.KillBroker(broker));
    }
    assertThatThrownBy(() -> execute(new ClusterCommand.StartBroker(1)))
        .as("within one program it is as with Kafka: the id is taken while its session lasts")
        .hasMessageContaining("broker id 1 is taken");
    cluster.close();

    start();
    awaitSnapshot(s -> partition(s).map(p -> !p.offline()).orElse(false));
    assertThat(consumeAll()).containsExactly("acknowledged");
  }

  @Test
  void settingsOfATopicReachTheSnapshotAndTheClients() throws Exception {
    start();
    execute(new ClusterCommand.CreateTopic("t", 1, 3, Map.of()));
    awaitSnapshot(s -> partition(s).map(p -> !p.offline()).orElse(false));
    execute(new ClusterCommand.SetTopicConfig("t", "min.insync.replicas", Optional.of("2")));
    awaitSnapshot(s -> partition(s).orElseThrow().minInSyncReplicas() == 2);
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "t");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
      Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      assertThat(config.get("min.insync.replicas").value()).isEqualTo("2");
      assertThat(config.get("min.insync.replicas").isDefault()).isFalse();
      assertThat(config.get("retention.ms").value()).isEqualTo("604800000");
      assertThat(admin.describeCluster().nodes().get()).hasSize(3);
      assertThat(admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1)).isNotEmpty();
    }
    assertThatThrownBy(
            () ->
                execute(
                    new ClusterCommand.SetTopicConfig(
                        "t", "retention.ms", Optional.of("tomorrow"))))
        .hasRootCauseInstanceOf(Exception.class)
        .hasMessageContaining("retention.ms");
    assertThat(kinds()).containsSubsequence("CommandAccepted", "CommandFailed");

    execute(new ClusterCommand.DeleteTopic("t"));
    awaitSnapshot(s -> s.topics().isEmpty() && s.partitions().isEmpty());
  }

  @Test
  void aTakenPortFailsOneBrokerAndTheOthersServe() throws Exception {
    try (ServerSocket taken =
        new ServerSocket(
            FreePorts.firstOf(2), 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      cluster = LocalCluster.start(settings().withFirstPort(taken.getLocalPort()).withBrokers(2));
      assertThatThrownBy(() -> cluster.awaitServing(60, TimeUnit.SECONDS))
          .hasMessageContaining("Broker 1 is FAILED")
          .hasMessageContaining(Integer.toString(taken.getLocalPort()))
          .hasMessageContaining("Stop the program");
      awaitSnapshot(s -> s.broker(2).map(b -> b.state()).orElse(null) == BrokerState.SERVING);
    }
    execute(new ClusterCommand.StartBroker(1));
    awaitSnapshot(s -> broker(1).state() == BrokerState.SERVING);
  }

  @Test
  void aFailedDiskTakesItsDirectoryAndTheLastDirectoryItsBroker() throws Exception {
    cluster = LocalCluster.start(settings().withLogDirsPerBroker(2));
    cluster.awaitServing(60, TimeUnit.SECONDS);
    execute(new ClusterCommand.CreateTopic("t", 6, 3, Map.of()));
    awaitSnapshot(
        s ->
            s.partitions().size() == 6
                && s.partitions().values().stream().noneMatch(PartitionView::offline));
    loseDisk("logs-1");
    awaitSnapshot(
        s -> broker(1).storage().directories().stream().filter(d -> !d.online()).count() == 1);
    assertThat(broker(1).state()).isEqualTo(BrokerState.SERVING);
    assertThat(broker(1).failure()).contains("logs-1");
    awaitSnapshot(
        s ->
            s.partitions().values().stream()
                .allMatch(p -> !p.offline() && (p.isr().contains(1) || p.leader() != 1)));
    loseDisk("logs-2");
    awaitSnapshot(s -> broker(1).state() == BrokerState.FAILED);
    assertThat(broker(1).failure()).contains("Mend the disk");
    awaitSnapshot(
        s ->
            s.partitions().values().stream().allMatch(p -> p.leader() > 1 && !p.isr().contains(1)));
    assertThat(broker(2).state()).isEqualTo(BrokerState.SERVING);
  }

  /** The next checkpoint into the directory meets an error. */
  private void loseDisk(String name) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("broker-1").resolve(name))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Test
  void aDirectoryInUseIsRefusedWithWhatToDo() throws Exception {
    start();
    assertThatThrownBy(() -> LocalCluster.start(settings()))
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("Another Vitrine is running");
  }

  @Test
  void commandsThatCannotBeCarriedOutSayWhy() throws Exception {
    start();
    assertThatThrownBy(() -> execute(new ClusterCommand.StartBroker(1)))
        .hasMessageContaining("running already");
    assertThatThrownBy(() -> execute(new ClusterCommand.StopBroker(9)))
        .hasMessageContaining("There is no broker 9");
    assertThatThrownBy(() -> execute(new ClusterCommand.StartZooKeeper()))
        .hasMessageContaining("running already");
  }

  @Test
  void theControllersNodeTakenAwayMakesAnElection() throws Exception {
    start();
    awaitSnapshot(s -> s.controller().brokerId() > 0);
    int epoch = cluster.snapshot().controller().epoch();
    ZooKeeperContents before = look("/controller");
    assertThat(before.chosen().orElseThrow().text())
        .contains("\"brokerid\":" + cluster.snapshot().controller().brokerId());
    assertThat(before.chosen().orElseThrow().node().dataWatchers())
        .as("every broker watches it")
        .hasSize(3);

    execute(new ClusterCommand.ElectController(cluster.snapshot().zooKeeper().connectString()));
    awaitSnapshot(s -> s.controller().epoch() > epoch && s.controller().brokerId() > 0);
    assertThat(cluster.snapshot().controller().history().get(1).end())
        .isNotEqualTo(ControllerView.End.NONE);
    awaitSnapshot(s -> s.controller().history().get(0).failoverMs() >= 0);
    assertThat(cluster.snapshot().controller().history().get(0).steps())
        .extracting(ControllerView.Step::step)
        .containsExactly(FailoverStep.values());
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                look("/controller_epoch")
                    .chosen()
                    .orElseThrow()
                    .text()
                    .equals(Integer.toString(cluster.snapshot().controller().epoch())));
  }

  private ZooKeeperContents look(String path) throws Exception {
    return cluster.look(new ZooKeeperLook(Set.of(), path, "")).get(40, TimeUnit.SECONDS);
  }

  @Test
  void theWholeClusterStopsAndStartsOnItsData() throws Exception {
    start();
    execute(new ClusterCommand.CreateTopic("t", 1, 3, Map.of()));
    awaitSnapshot(s -> partition(s).map(p -> p.isr().size() == 3).orElse(false));
    try (KafkaProducer<String, String> producer = producer()) {
      producer.send(new ProducerRecord<>("t", 0, null, "kept")).get();
    }
    execute(new ClusterCommand.StopCluster());
    awaitSnapshot(
        s ->
            s.brokers().stream().allMatch(b -> b.state() == BrokerState.STOPPED)
                && s.zooKeeper().state() == ZooKeeperView.State.STOPPED);
    assertThat(kinds()).doesNotContain("SessionExpired");

    execute(new ClusterCommand.StartCluster());
    awaitSnapshot(
        s ->
            s.brokers().stream().allMatch(b -> b.state() == BrokerState.SERVING)
                && partition(s).map(p -> p.isr().size() == 3).orElse(false));
    execute(new ClusterCommand.StartCluster());
    assertThat(kinds()).doesNotContain("LogRecovered", "CommandFailed");
  }

  @Test
  void zooKeeperMayGoAndComeBackWhileBrokersServe() throws Exception {
    cluster = LocalCluster.start(settings().withSessionTimeoutMs(6_000));
    cluster.awaitServing(60, TimeUnit.SECONDS);
    execute(new ClusterCommand.CreateTopic("t", 1, 3, Map.of()));
    awaitSnapshot(s -> partition(s).map(p -> !p.offline()).orElse(false));
    try (KafkaProducer<String, String> producer = producer()) {
      producer.send(new ProducerRecord<>("t", 0, null, "with ZooKeeper")).get();
      execute(new ClusterCommand.StopZooKeeper(true));
      awaitSnapshot(
          s ->
              s.brokers().stream()
                  .noneMatch(b -> b.session().state() == SessionView.State.CONNECTED));
      producer.send(new ProducerRecord<>("t", 0, null, "without ZooKeeper")).get();
    }
    execute(new ClusterCommand.StartZooKeeper());
    awaitSnapshot(
        s ->
            s.controller().brokerId() > 0
                && s.brokers().stream()
                    .allMatch(
                        b -> b.session().state() == SessionView.State.CONNECTED && b.registered()));
    assertThat(kinds()).contains("SessionResumed").doesNotContain("SessionExpired");
    execute(new ClusterCommand.CreateTopic("u", 1, 3, Map.of()));
  }

  @Test
  void oneZooKeeperServerOfThreeMayGoAndWithTwoNothingIsDecided() throws Exception {
    cluster = LocalCluster.start(settings().withSessionTimeoutMs(9_000).withZooKeeperMembers(3));
    cluster.awaitServing(90, TimeUnit.SECONDS);
    awaitSnapshot(s -> members(s, MemberRole.FOLLOWER).size() == 2);
    int leader = members(cluster.snapshot(), MemberRole.LEADER).get(0);
    execute(new ClusterCommand.StopZooKeeperMember(leader, true));
    awaitSnapshot(
        s ->
            members(s, MemberRole.STOPPED).equals(List.of(leader))
                && members(s, MemberRole.LEADER).size() == 1
                && members(s, MemberRole.FOLLOWER).size() == 1);
    execute(new ClusterCommand.CreateTopic("t", 1, 3, Map.of()));
    awaitSnapshot(s -> partition(s).map(p -> !p.offline()).orElse(false));

    int follower = members(cluster.snapshot(), MemberRole.FOLLOWER).get(0);
    try (KafkaProducer<String, String> producer = producer()) {
      // Its producer id comes from ZooKeeper.
      producer.send(new ProducerRecord<>("t", 0, null, "with a quorum")).get();
      execute(new ClusterCommand.StopZooKeeperMember(follower, false));
      awaitSnapshot(s -> s.zooKeeper().state() == ZooKeeperView.State.NO_QUORUM);
      producer.send(new ProducerRecord<>("t", 0, null, "without")).get();
    }
    assertThatThrownBy(() -> execute(new ClusterCommand.StopZooKeeperMember(follower, false)))
        .hasMessageContaining("does not run");

    execute(new ClusterCommand.StartZooKeeperMember(leader));
    execute(new ClusterCommand.StartZooKeeper());
    awaitSnapshot(
        s ->
            members(s, MemberRole.FOLLOWER).size() == 2
                && s.zooKeeper().members().stream().allMatch(m -> m.zxid() > 0)
                && s.brokers().stream()
                    .allMatch(b -> b.session().state() == SessionView.State.CONNECTED));
    assertThat(kinds()).doesNotContain("SessionExpired");
  }

  private static List<Integer> members(ClusterSnapshot snapshot, MemberRole role) {
    return snapshot.zooKeeper().members().stream()
        .filter(m -> m.role() == role)
        .map(ZooKeeperView.Member::number)
        .toList();
  }

  @Test
  void theDemoTrafficCountsNothingMissingOverAKill() throws Exception {
    start();
    execute(new ClusterCommand.SwitchTraffic(true));
    awaitSnapshot(s -> s.traffic().received() > 100);
    awaitSnapshot(s -> shared(s, 3));
    execute(new ClusterCommand.SwitchDemoMember(2, false));
    awaitSnapshot(s -> shared(s, 2) && s.demo().members().equals(List.of(1, 3)));
    assertThat(demoGroup(cluster.snapshot()).orElseThrow().story())
        .anySatisfy(
            step -> {
              assertThat(step.cause()).isEqualTo(GroupCause.LEFT);
              assertThat(step.culprit()).startsWith("demo-reader-2-");
            });
    execute(new ClusterCommand.SwitchDemoMember(2, true));
    awaitSnapshot(s -> shared(s, 3) && s.demo().transfersReceived() > 3);
    TransactionView transfers = cluster.snapshot().transactions().byId().get("demo-transfers");
    assertThat(transfers.producerId()).isNotNegative();
    int leader = cluster.snapshot().partitions().get(new TopicPartition("orders", 0)).leader();
    execute(new ClusterCommand.KillBroker(leader));
    awaitSnapshot(
        s -> s.broker(leader).orElseThrow().session().state() == SessionView.State.EXPIRED);
    long before = cluster.snapshot().traffic().acknowledged();
    awaitSnapshot(s -> s.traffic().acknowledged() > before + 300);
    execute(new ClusterCommand.StartBroker(leader));
    execute(new ClusterCommand.SwitchTraffic(false));
    awaitSnapshot(s -> !s.traffic().on());
    TrafficView traffic = cluster.snapshot().traffic();
    assertThat(traffic.missing()).isZero();
    assertThat(traffic.duplicates()).isZero();
    assertThat(traffic.received()).isGreaterThanOrEqualTo(traffic.acknowledged());
    assertThat(cluster.snapshot().demo().groupMissing()).isZero();
    assertThat(cluster.snapshot().demo().transfersWrong()).isZero();
    assertThat(kinds())
        .contains("ProducerInitialized")
        .containsSubsequence("TrafficSwitched", "TrafficInterrupted", "TrafficResumed");
  }

  private static Optional<GroupView> demoGroup(ClusterSnapshot snapshot) {
    return Optional.ofNullable(snapshot.groups().get("demo-readers"));
  }

  /** Whether so many members share all partitions, and some of it is committed. */
  private static boolean shared(ClusterSnapshot snapshot, int members) {
    return demoGroup(snapshot)
        .filter(group -> group.stage() == GroupStage.STABLE && group.members().size() == members)
        .filter(group -> group.members().stream().mapToInt(m -> m.assignment().size()).sum() == 6)
        .filter(group -> group.committed().size() == 6 && group.rebalanceLeftMs() == -1)
        .filter(group -> group.sessionsLeftMs().size() == members)
        .isPresent();
  }

  // ---- helpers
  // -----------------------------------------------------------------------------------

  private LocalClusterSettings settings() {
    return LocalClusterSettings.in(directory)
        .withAnyPorts()
        .withSessionTimeoutMs(1_500)
        .withBrokerOverrides(
            Map.of(
                "replica.lag.time.max.ms", "4000",
                "replica.fetch.backoff.ms", "200",
                "replica.high.watermark.checkpoint.interval.ms", "500",
                "offsets.topic.num.partitions", "3",
                "transaction.state.log.num.partitions", "3"));
  }

  private void start() throws InterruptedException {
    cluster = LocalCluster.start(settings());
    cluster.awaitServing(60, TimeUnit.SECONDS);
  }

  private void execute(ClusterCommand command) throws Exception {
    try {
      cluster.execute(command).get(40, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  private void awaitSnapshot(Predicate<ClusterSnapshot> condition) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> condition.test(cluster.snapshot()));
  }

  private static Optional<PartitionView> partition(ClusterSnapshot snapshot) {
    return Optional.ofNullable(snapshot.partitions().get(T0));
  }

  private BrokerView broker(int id) {
    return cluster.snapshot().broker(id).orElseThrow();
  }

  private String bootstrap() {
    return cluster.snapshot().bootstrapServers();
  }

  private List<String> kinds() {
    return cluster.events().after(0).stream()
        .map(e -> e.event().getClass().getSimpleName())
        .toList();
  }

  private KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", bootstrap(), "acks", "all"),
        new StringSerializer(),
        new StringSerializer());
  }

  private List<String> consumeAll() {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(T0));
      long end = consumer.endOffsets(List.of(T0)).get(T0);
      while (consumer.position(T0) < end) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }

  private Set<String> ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.isAlive() && !threadsBefore.contains(t))
        .map(Thread::getName)
        .filter(
            n ->
                n.startsWith("broker-")
                    || n.startsWith("supervisor-")
                    || n.startsWith("cluster-")
                    || n.startsWith("traffic-")
                    || n.contains("SyncThread")
                    || n.contains("NIOServerCxn")
                    || n.startsWith("kafka-"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
