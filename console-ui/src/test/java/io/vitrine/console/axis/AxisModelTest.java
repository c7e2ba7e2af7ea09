package io.vitrine.console.axis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.GroupCause;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.axis.AxisModel.BrokerLane;
import io.vitrine.console.axis.AxisModel.ClientLane;
import io.vitrine.console.axis.AxisModel.Condition;
import io.vitrine.console.axis.AxisModel.ControllerLane;
import io.vitrine.console.axis.AxisModel.GroupLane;
import io.vitrine.console.axis.AxisModel.Kind;
import io.vitrine.console.axis.AxisModel.Lane;
import io.vitrine.console.axis.AxisModel.LaneId;
import io.vitrine.console.axis.AxisModel.Stretch;
import io.vitrine.console.axis.AxisModel.TransactionLane;
import io.vitrine.console.axis.AxisModel.ZooKeeperLane;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AxisModelTest {
  @Test
  void brokersComeFirstThenControllerZooKeeperAndClients() {
    assertThat(at(Chapter.CALM).lanes())
        .extracting(Lane::id)
        .containsExactly(
            new BrokerLane(1),
            new BrokerLane(2),
            new BrokerLane(3),
            new ControllerLane(),
            new ZooKeeperLane(),
            new ClientLane());
  }

  @Test
  void aKilledBrokerIsUnknownUntilItsSessionRunsOut() {
    Lane dead = lane(at(Chapter.SESSION_RUNNING_OUT), new BrokerLane(SampleSnapshots.VICTIM));

    assertThat(dead.stretches())
        .extracting(Stretch::condition)
        .containsExactly(Condition.STARTING, Condition.UP, Condition.UNKNOWN);
    assertThat(last(dead).toNanos()).isEqualTo(Stretch.OPEN);
    assertThat(dead.marks()).extracting(AxisModel.Mark::kind).contains(Kind.KILLED);
  }

  @Test
  void theUnknownStretchIsAsLongAsTheSession() {
    Lane dead = lane(at(Chapter.FAILED_OVER), new BrokerLane(SampleSnapshots.VICTIM));

    Stretch unknown = last(dead);
    assertThat(unknown.condition()).isEqualTo(Condition.UNKNOWN);
    assertThat((unknown.toNanos() - unknown.fromNanos()) / 1_000_000).isBetween(18_000L, 18_200L);
  }

  @Test
  void clientsAreInterruptedInBetween() {
    Lane clients = lane(at(Chapter.FAILED_OVER), new ClientLane());

    assertThat(clients.stretches())
        .extracting(Stretch::condition)
        .containsExactly(Condition.UP, Condition.INTERRUPTED, Condition.UP);
  }

  @Test
  void aStartedBrokerIsUpAgain() {
    Lane back = lane(at(Chapter.REJOINED), new BrokerLane(SampleSnapshots.VICTIM));

    assertThat(last(back).condition()).isEqualTo(Condition.UP);
    assertThat(last(back).toNanos()).isEqualTo(Stretch.OPEN);
  }

  @Test
  void stretchesOfALaneNeverOverlap() {
    for (Lane lane : at(Chapter.REJOINED).lanes()) {
      List<Stretch> stretches = lane.stretches();
      for (int i = 1; i < stretches.size(); i++) {
        assertThat(stretches.get(i).fromNanos())
            .isGreaterThanOrEqualTo(stretches.get(i - 1).toNanos());
      }
    }
  }

  @Test
  void groupsAndTransactionsHaveLanesOnceThereAreAny() {
    assertThat(at(Chapter.SHARED).ids()).contains(new GroupLane());
    AxisModel model = at(Chapter.CALM);
    model.apply(
        stamped(90, new ClusterEvent.ProducerInitialized("transfers", 3, 7, (short) 0, 60_000)));

    assertThat(model.ids()).endsWith(new TransactionLane());
    assertThat(lane(model, new TransactionLane()).marks())
        .extracting(AxisModel.Mark::kind)
        .containsExactly(Kind.PRODUCER);
  }

  @Test
  void aGroupThatSharesOutAnewIsAStretch() {
    AxisModel model = new AxisModel();
    model.apply(stamped(10, group(GroupStage.PREPARING_REBALANCE, GroupCause.JOINED)));
    model.apply(stamped(20, group(GroupStage.COMPLETING_REBALANCE, GroupCause.ALL_JOINED)));
    model.apply(stamped(30, group(GroupStage.STABLE, GroupCause.SHARED_OUT)));

    Lane groups = lane(model, new GroupLane());
    assertThat(groups.stretches())
        .containsExactly(new Stretch(Condition.REBALANCING, 10, 30, "readers", 1));
    assertThat(groups.marks())
        .extracting(AxisModel.Mark::kind)
        .containsExactly(Kind.REBALANCE, Kind.SHARED_OUT);
  }

  @Test
  void marksThatFallTogetherAreOneOfTheMostSeriousKind() {
    AxisModel model = new AxisModel();
    TopicPartition partition = new TopicPartition("orders", 0);
    for (int i = 0; i < 1_000; i++) {
      model.apply(
          stamped(
              i * 10,
              i == 500
                  ? new ClusterEvent.BrokerKilled(1, 1)
                  : new ClusterEvent.IsrExpanded(partition, 1, List.of(1))));
    }

    List<AxisModel.Mark> all = model.lanes(0, 10_000, 1_000).get(0).marks();
    assertThat(all).hasSize(10).extracting(AxisModel.Mark::count).containsOnly(100);
    assertThat(all.get(5).kind()).isEqualTo(Kind.KILLED);
    assertThat(all.get(5).firstNanos()).isEqualTo(5_000);
    assertThat(all.get(5).lastNanos()).isEqualTo(5_990);
    assertThat(all.get(4).kind()).isEqualTo(Kind.ISR_EXPANDED);
    assertThat(model.lanes(2_000, 2_050, 0).get(0).marks())
        .extracting(AxisModel.Mark::lastSequence)
        .containsExactly(200L, 201L, 202L, 203L, 204L, 205L);
  }

  @Test
  void aMillionMarksAreKeptAndTheOldestGoThen() {
    AxisModel model = new AxisModel();
    ClusterEvent event = new ClusterEvent.IsrExpanded(new TopicPartition("a", 0), 1, List.of(1));
    for (int i = 0; i < 1_200_000; i++) {
      model.apply(stamped(i * 10L, event));
    }

    int count =
        model.lanes(Long.MIN_VALUE, Long.MAX_VALUE, 10_000_000L).get(0).marks().stream()
            .mapToInt(AxisModel.Mark::count)
            .sum();
    assertThat(count).isBetween(524_288, 1_048_576);
    assertThat(model.lanes(11_999_990L, 12_000_000L, 0).get(0).marks()).hasSize(1);
  }

  private static StampedEvent stamped(long nanos, ClusterEvent event) {
    return new StampedEvent(nanos / 10, nanos, nanos, 1, event);
  }

  private static ClusterEvent group(GroupStage stage, GroupCause cause) {
    return new ClusterEvent.GroupChanged(
        "readers", 0, stage, 1, "consumer", "range", "m", List.of(), cause, "m", "");
  }

  private static AxisModel at(Chapter chapter) {
    AxisModel model = new AxisModel();
    SampleSnapshots.events(chapter).forEach(model::apply);
    return model;
  }

  private static Lane lane(AxisModel model, LaneId id) {
    return model.lanes().stream().filter(l -> l.id().equals(id)).findFirst().orElseThrow();
  }

  private static Stretch last(Lane lane) {
    return lane.stretches().get(lane.stretches().size() - 1);
  }
}
