package io.vitrine.console.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Listing;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Session;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Znode;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.zookeeper.ZnodeModel.SessionRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** M01, M05, M06: what is asked of ZooKeeper, and what follows from the answers. */
class ZnodeModelTest {
  private static final long SECOND = 1_000_000_000;

  private final ZnodeModel model = new ZnodeModel();

  private static Frame at(long nanos) {
    return new Frame(ClusterSnapshot.empty(), List.of(), nanos, false);
  }

  @Test
  void zooKeeperIsAskedNowAndThenAndAtOnceForSomethingElse() {
    assertThat(model.due(at(SECOND))).isPresent();
    assertThat(model.due(at(SECOND))).as("an answer is awaited").isEmpty();
    model.found(contents(List.of()), SECOND);
    assertThat(model.due(at(SECOND + 100))).isEmpty();
    model.choose("/controller");
    assertThat(model.due(at(SECOND + 100)).map(ZooKeeperLook::chosen)).contains("/controller");
    model.found(contents(List.of()), SECOND + 100);
    assertThat(model.due(at(2 * SECOND))).isPresent();
  }

  @Test
  void nobodyIsAskedDuringAPause() {
    assertThat(model.due(new Frame(ClusterSnapshot.empty(), List.of(), SECOND, true))).isEmpty();
  }

  @Test
  void anAnswerThatNeverComesIsNotWaitedForForEver() {
    assertThat(model.due(at(SECOND))).isPresent();
    assertThat(model.due(at(3 * SECOND))).isEmpty();
    assertThat(model.due(at(7 * SECOND))).isPresent();
  }

  @Test
  void whatChangedIsMarkedForAWhile() {
    model.found(contents(List.of(node("/a", 1, 1), node("/b", 2, 2))), SECOND);
    assertThat(model.justChanged("/a", SECOND)).as("all is new at first").isFalse();
    model.found(
        contents(List.of(node("/a", 1, 9), node("/b", 2, 2), node("/c", 10, 10))), 2 * SECOND);
    assertThat(model.justChanged("/a", 2 * SECOND)).isTrue();
    assertThat(model.justChanged("/b", 2 * SECOND)).isFalse();
    assertThat(model.justChanged("/c", 2 * SECOND)).isTrue();
    assertThat(model.justChanged("/a", 2 * SECOND + ZnodeModel.MARK_NANOS)).isFalse();
  }

  @Test
  void whatWasKnownStaysWhenNothingCanBeRead() {
    model.found(contents(List.of(node("/a", 1, 1))), SECOND);
    model.unknown("No ZooKeeper server decides.");
    assertThat(model.unknown()).contains("No ZooKeeper server decides.");
    assertThat(model.children("/")).hasSize(1);
    assertThat(model.ageMs(at(4 * SECOND))).isEqualTo(3_000);
    model.found(contents(List.of()), 5 * SECOND);
    assertThat(model.unknown()).isEmpty();
  }

  @Test
  void sessionsRunOutWhileNobodyTellsAndAreBrokers() {
    ClusterSnapshot snapshot = SampleSnapshots.snapshot(Chapter.CALM);
    long second = snapshot.broker(2).orElseThrow().session().id();
    model.found(
        new ZooKeeperContents(
            1,
            7,
            1,
            1,
            Map.of(),
            List.of(),
            false,
            Optional.empty(),
            List.of(
                new Session(99, 6_000, -1, 0, "", 0),
                new Session(second, 18_000, 12_000, 1, "127.0.0.1:5", 1))),
        snapshot.nanos());
    List<SessionRow> rows =
        model.sessions(new Frame(snapshot, List.of(), snapshot.nanos() + 3 * SECOND, false));
    assertThat(rows.get(0).broker()).hasValue(2);
    assertThat(rows.get(0).leftMs()).isEqualTo(9_000);
    assertThat(rows.get(0).share()).isEqualTo(0.5);
    assertThat(rows.get(1).broker()).isEmpty();
    assertThat(rows.get(1).share()).as("not known is not zero").isEqualTo(-1);
  }

  @Test
  void aNodeSpeaksOfWhatItIsNamedAfter() {
    assertThat(ZnodeModel.subject("/controller")).isEqualTo(new Selection.Controller());
    assertThat(ZnodeModel.subject("/brokers/ids/3")).isEqualTo(new Selection.Broker(3));
    assertThat(ZnodeModel.subject("/config/topics/t")).isEqualTo(new Selection.Topic("t"));
    assertThat(ZnodeModel.subject("/brokers/topics/t/partitions/4/state"))
        .isEqualTo(new Selection.Partition(new TopicPartition("t", 4)));
    assertThat(ZnodeModel.subject("/admin")).isEqualTo(new Selection.ZooKeeper());
  }

  @Test
  void whatIsChosenElsewhereIsGoneToAndItsBranchesOpen() {
    model.follow(new Selection.Partition(new TopicPartition("t", 4)));
    assertThat(model.chosen()).isEqualTo("/brokers/topics/t/partitions/4/state");
    assertThat(model.isOpen("/brokers/topics/t/partitions/4")).isTrue();
    model.choose("/config/topics/t");
    model.follow(new Selection.Topic("t"));
    assertThat(model.chosen()).as("it is looked at already").isEqualTo("/config/topics/t");
  }

  @Test
  void aClosedBranchClosesWhatIsBelow() {
    model.open("/config", true);
    model.open("/config/topics", true);
    model.open("/config", false);
    assertThat(model.isOpen("/config/topics")).isFalse();
    model.open("/", false);
    assertThat(model.isOpen("/")).isTrue();
  }

  private static Znode node(String path, long created, long modified) {
    return new Znode(
        path, 0, created, modified, created, 0, 0, 0, 0, 0, 0, 0, List.of(), List.of());
  }

  private static ZooKeeperContents contents(List<Znode> top) {
    return new ZooKeeperContents(
        1,
        7,
        top.size(),
        0,
        Map.of("/", new Listing(top, 0)),
        List.of(),
        false,
        Optional.empty(),
        List.of());
  }
}
