package io.vitrine.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.BrokerRegistrar;
import io.vitrine.cluster.zookeeper.CreateMode;
import io.vitrine.cluster.zookeeper.CuratorSession;
import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import io.vitrine.cluster.zookeeper.SessionListener;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import io.vitrine.cluster.zookeeper.ZooKeeperSettings;
import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.NodeClients;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.security.ClientSecurity;
import io.vitrine.storage.testing.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** M09: what becomes of a controller whose reign cannot begin, or whose ZooKeeper is away. */
@Timeout(30)
class ControllerTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<ClusterEvent> events = new CopyOnWriteArrayList<>();

  @Test
  void stepsDownWhenItsReignCannotBeginAndRulesOnceItCan(@TempDir Path directory) throws Exception {
    try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(directory, 0, 100);
        ZooKeeperSession session = connect(server);
        NodeClients clients = clients()) {
      new BrokerRegistrar(session).ensureTopLevelNodes();
      byte[] broken = "not a topic".getBytes(StandardCharsets.UTF_8);
      session.create(ZkPaths.topic("broken"), broken, CreateMode.PERSISTENT).join();
      ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
      try (Controller controller = controller(server, session, clients, scheduler)) {
        controller.start();
        await().atMost(SOON).until(() -> count(ClusterEvent.ControllerResigned.class) > 1);
        assertThat(count(ClusterEvent.ControllerReady.class)).isZero();

        session.delete(ZkPaths.topic("broken"), -1).join();

        await().atMost(SOON).until(() -> count(ClusterEvent.ControllerReady.class) == 1);
        assertThat(controller.isActive()).isTrue();
      } finally {
        scheduler.shutdownNow();
      }
    }
  }

  @Test
  void leavesTheNextElectionToOthersForAWhile(@TempDir Path directory) throws Exception {
    try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(directory, 0, 100);
        ZooKeeperSession session = connect(server);
        NodeClients clients = clients()) {
      new BrokerRegistrar(session).ensureTopLevelNodes();
      byte[] broken = "not a topic".getBytes(StandardCharsets.UTF_8);
      session.create(ZkPaths.topic("broken"), broken, CreateMode.PERSISTENT).join();
      ManualScheduler scheduler = new ManualScheduler();
      try (Controller controller = controller(server, session, clients, scheduler)) {
        controller.start();
        // The start, and the deletion of /controller by which it lets others in.
        await().atMost(SOON).until(() -> done("ControllerChange") > 0);
        assertThat(count(ClusterEvent.ControllerElected.class)).isEqualTo(1);
        assertThat(scheduler.waiting()).isEqualTo(1);

        scheduler.advance(100);
        await().atMost(SOON).until(() -> done("Reelect") == 1);
        assertThat(count(ClusterEvent.ControllerElected.class)).isEqualTo(2);
        scheduler.advance(100);
        assertThat(scheduler.waiting()).as("the second pause is longer").isEqualTo(1);

        session.delete(ZkPaths.topic("broken"), -1).join();
        scheduler.advance(100);
        await().atMost(SOON).until(() -> count(ClusterEvent.ControllerReady.class) == 1);
      }
    }
  }

  @Test
  void itsEventsAreSeenWithTheirStates(@TempDir Path directory) throws Exception {
    try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(directory, 0, 100);
        ZooKeeperSession session = connect(server);
        NodeClients clients = clients()) {
      new BrokerRegistrar(session).ensureTopLevelNodes();
      try (Controller controller = controller(server, session, clients, new ManualScheduler())) {
        controller.start();
        controller.listReassignments(Optional.empty()).get(10, TimeUnit.SECONDS);
        await().atMost(SOON).until(() -> done("ListPartitionReassignments") == 1);
      }
      List<String> seen =
          events.stream()
              .filter(ClusterEvent.ControllerEventBegun.class::isInstance)
              .map(event -> (ClusterEvent.ControllerEventBegun) event)
              .map(event -> event.event() + " " + event.state().value())
              .toList();
      assertThat(seen).startsWith("Startup 1").contains("ListPartitionReassignments 15");
    }
  }

  @Test
  void closesWhileItWaitsForAZooKeeperThatIsAway(@TempDir Path directory) throws Exception {
    try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(directory, 0, 100);
        ZooKeeperSession session = connect(server);
        NodeClients clients = clients()) {
      new BrokerRegistrar(session).ensureTopLevelNodes();
      ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
      try (Controller controller = controller(server, session, clients, scheduler)) {
        server.kill();
        controller.start();
        await().atMost(SOON).until(() -> controller.queueLength() == 0);
      } finally {
        scheduler.shutdownNow();
      }
    }
  }

  private long done(String event) {
    return events.stream()
        .filter(
            seen -> seen instanceof ClusterEvent.ControllerEventEnded e && e.event().equals(event))
        .count();
  }

  private long count(Class<? extends ClusterEvent> kind) {
    return events.stream().filter(kind::isInstance).count();
  }

  private Controller controller(
      EmbeddedZooKeeper server,
      ZooKeeperSession session,
      NodeClients clients,
      ScheduledExecutorService scheduler) {
    BrokerConfig config =
        BrokerConfig.parse(Map.of("broker.id", "1", "zookeeper.connect", server.connectString()));
    EventSink sink = (brokerId, event) -> events.add(event);
    return new Controller(
        1,
        () -> config,
        session,
        clients,
        sink,
        InstantSource.system(),
        System::nanoTime,
        scheduler,
        new ControllerThread("broker-1-controller"));
  }

  private static NodeClients clients() {
    return new SocketClients(
        "test-",
        1,
        new ClientSettings("test", 1_000, 1_000, Integer.MAX_VALUE),
        ClientSecurity.plaintext());
  }

  private static ZooKeeperSession connect(EmbeddedZooKeeper server) throws Exception {
    return CuratorSession.connect(
        new ZooKeeperSettings(server.connectString(), 2_000, 5_000),
        "test-",
        new SessionListener() {});
  }
}
