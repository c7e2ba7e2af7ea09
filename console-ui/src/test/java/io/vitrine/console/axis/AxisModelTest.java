package io.vitrine.console.axis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.axis.AxisModel.BrokerLane;
import io.vitrine.console.axis.AxisModel.ClientLane;
import io.vitrine.console.axis.AxisModel.Condition;
import io.vitrine.console.axis.AxisModel.ControllerLane;
import io.vitrine.console.axis.AxisModel.Kind;
import io.vitrine.console.axis.AxisModel.Lane;
import io.vitrine.console.axis.AxisModel.LaneId;
import io.vitrine.console.axis.AxisModel.Stretch;
import io.vitrine.console.axis.AxisModel.ZooKeeperLane;
import java.util.List;
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
