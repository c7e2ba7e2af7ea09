package io.vitrine.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.cluster.zookeeper.BrokerRegistrar;
import io.vitrine.cluster.zookeeper.CreateMode;
import io.vitrine.cluster.zookeeper.CuratorSession;
import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import io.vitrine.cluster.zookeeper.ModelSession;
import io.vitrine.cluster.zookeeper.SessionListener;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperModel;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import io.vitrine.cluster.zookeeper.ZooKeeperSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M09, M11: one winner an election, and a controller that was replaced writes nothing. */
class FencingTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  @Test
  void aReplacedControllerChangesNothing(@TempDir Path directory) throws Exception {
    try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(directory, 0, 100);
        ZooKeeperSession one = connect(server, "one-");
        ZooKeeperSession two = connect(server, "two-")) {
      new BrokerRegistrar(one).ensureTopLevelNodes();
      new TopicStore(one)
          .createTopic("t", Map.of(), Map.of(0, List.of(1, 2)), Optional.of(Uuid.randomUuid()))
          .join();
      ControllerElection.Won first =
          new ControllerElection(one, 1, InstantSource.system()).tryToWin().orElseThrow();
      ControllerElection other = new ControllerElection(two, 2, InstantSource.system());
      assertThat(other.tryToWin()).as("one wins").isEmpty();
      assertThat(other.current()).isEqualTo(Optional.of(1));
      FencedStore zombie = new FencedStore(one, first.epoch(), first.epochVersion());
      PartitionState state = new PartitionState(1, 0, List.of(1, 2), 0, first.epoch(), false);
      assertThat(zombie.create(Map.of(PARTITION, state)).done()).containsKey(PARTITION);

      two.delete(ZkPaths.CONTROLLER, -1).join();
      ControllerElection.Won second = other.tryToWin().orElseThrow();
      assertThat(second.epoch()).isEqualTo(first.epoch() + 1);

      PartitionState written = zombie.states(List.of(PARTITION)).get(PARTITION);
      assertThatThrownBy(
              () ->
                  zombie.update(
                      Map.of(PARTITION, written.next(2, List.of(2), false, first.epoch()))))
          .isInstanceOf(ControllerMovedException.class);
      assertThatThrownBy(() -> zombie.deleteTopic("t", List.of(PARTITION)))
          .isInstanceOf(ControllerMovedException.class);
      FencedStore live = new FencedStore(two, second.epoch(), second.epochVersion());
      assertThat(live.states(List.of(PARTITION)).get(PARTITION)).isEqualTo(written);
      FencedStore.Written done =
          live.update(Map.of(PARTITION, written.next(2, List.of(2), false, second.epoch())));
      assertThat(done.done().get(PARTITION).partitionEpoch()).isEqualTo(1);
      assertThat(live.update(Map.of(PARTITION, written)).outdated())
          .as("an outdated partition epoch is no fencing")
          .containsExactly(PARTITION);
    }
  }

  @Test
  void aNodeLeftFromAnEndedReignGivesWayToANewElection(@TempDir Path directory) throws Exception {
    try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(directory, 0, 100);
        ZooKeeperSession session = connect(server, "one-")) {
      new BrokerRegistrar(session).ensureTopLevelNodes();
      ControllerElection election = new ControllerElection(session, 1, InstantSource.system());
      ControllerElection.Won first = election.tryToWin().orElseThrow();

      ControllerElection.Won second = election.tryToWin().orElseThrow();

      assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
      election.giveUp(first.epochVersion());
      assertThat(election.current()).as("an older epoch gives up nothing").contains(1);
      election.giveUp(second.epochVersion());
      assertThat(election.current()).isEmpty();
    }
  }

  @Test
  void anotherReignThatCameAndWentBetweenTwoReadsIsNoReasonToGiveUp() {
    ZooKeeperModel model = new ZooKeeperModel((path, before, after, version) -> {});
    ControllerElection other =
        new ControllerElection(new ModelSession(model, () -> {}, 2), 2, InstantSource.system());
    ModelSession admin = new ModelSession(model, () -> {}, 3);
    admin.create(ZkPaths.CONTROLLER_EPOCH, new byte[] {'5'}, CreateMode.PERSISTENT).join();
    AtomicInteger operations = new AtomicInteger();
    ModelSession slow =
        new ModelSession(
            model,
            () -> {
              if (operations.incrementAndGet() == 2) {
                other.giveUp(other.tryToWin().orElseThrow().epochVersion());
              }
            },
            1);

    ControllerElection.Won won =
        new ControllerElection(slow, 1, InstantSource.system()).tryToWin().orElseThrow();

    assertThat(won.epoch()).as("the other's was 6").isEqualTo(7);
  }

  private static ZooKeeperSession connect(EmbeddedZooKeeper server, String name) throws Exception {
    return CuratorSession.connect(
        new ZooKeeperSettings(server.connectString(), 2_000, 5_000),
        name,
        new SessionListener() {});
  }
}
