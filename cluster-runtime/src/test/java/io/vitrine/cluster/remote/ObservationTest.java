package io.vitrine.cluster.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.remote.Observation.Told;
import io.vitrine.cluster.remote.RemoteState.Keeper;
import io.vitrine.cluster.remote.RemoteState.Offsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class ObservationTest {
  private static final Uuid ID = Uuid.fromString("AAAAAAAAAAAAAAAAAAAAAQ");
  private static final TopicPartition T0 = new TopicPartition("t", 0);
  private static final RemoteState CALM = state(List.of(1, 2), 1, 4, List.of(1, 2), ID);

  @Test
  void whatIsThereAtFirstIsLoadedAndWhatComesLaterIsNew() {
    List<Told> first = Observation.between(RemoteState.nothing(), CALM, 0);

    assertThat(events(first))
        .extracting(e -> e.getClass().getSimpleName())
        .startsWith(
            "BrokerRegistered",
            "BrokerServing",
            "BrokerRegistered",
            "BrokerServing",
            "ControllerElected",
            "TopicCreated",
            "PartitionStateWritten");
    assertThat(reasons(first)).containsExactly(ElectionReason.LOADED);

    RemoteState empty =
        new RemoteState(
            CALM.brokers(),
            1,
            7,
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Keeper.NONE);
    assertThat(reasons(Observation.between(empty, CALM, 0)))
        .containsExactly(ElectionReason.NEW_PARTITION);
  }

  @Test
  void theSameTwiceTellsMeasurementsAlone() {
    assertThat(events(Observation.between(CALM, CALM, 0)))
        .isNotEmpty()
        .allMatch(ClusterEvent.Sample.class::isInstance);
  }

  @Test
  void whyALeaderIsAnotherIsNotToldButWhyAnIsrShrankOftenIs() {
    assertThat(reasons(CALM, state(List.of(1, 2), 2, 5, List.of(1, 2), ID)))
        .containsExactly(ElectionReason.OBSERVED);
    assertThat(reasons(CALM, state(List.of(1, 2), 1, 4, List.of(1), ID)))
        .containsExactly(ElectionReason.ALTER_PARTITION);
    assertThat(reasons(CALM, state(List.of(1), 1, 4, List.of(1), ID)))
        .containsExactly(ElectionReason.REPLICA_OFFLINE);
    assertThat(reasons(CALM, state(List.of(1, 2), 1, 5, List.of(1, 2), ID)))
        .as("the same leader in another epoch was elected anew")
        .containsExactly(ElectionReason.OBSERVED);
    assertThat(reasons(CALM, state(List.of(1, 2), 1, -1, List.of(1, 2), ID)))
        .as("an epoch that is not told is no other one")
        .isEmpty();
  }

  @Test
  void aBrokerThatIsGoneHasGoneForAReasonNobodyTells() {
    assertThat(events(Observation.between(CALM, state(List.of(1), 1, 4, List.of(1), ID), 0)))
        .filteredOn(ClusterEvent.BrokerFailed.class::isInstance)
        .singleElement()
        .extracting(e -> ((ClusterEvent.BrokerFailed) e).reason())
        .asString()
        .contains("not told why");
  }

  @Test
  void aTopicOfTheSameNameWithAnotherIdIsAnotherTopic() {
    RemoteState anew =
        state(List.of(1, 2), 1, 0, List.of(1, 2), Uuid.fromString("AAAAAAAAAAAAAAAAAAAAAg"));

    assertThat(events(Observation.between(CALM, anew, 0)))
        .anyMatch(ClusterEvent.TopicCreated.class::isInstance);
    assertThat(reasons(CALM, anew)).containsExactly(ElectionReason.NEW_PARTITION);
  }

  private static List<ElectionReason> reasons(RemoteState before, RemoteState now) {
    return reasons(Observation.between(before, now, 0));
  }

  private static List<ElectionReason> reasons(List<Told> told) {
    return events(told).stream()
        .filter(ClusterEvent.PartitionStateWritten.class::isInstance)
        .map(e -> ((ClusterEvent.PartitionStateWritten) e).reason())
        .toList();
  }

  private static List<ClusterEvent> events(List<Told> told) {
    return new ArrayList<>(told.stream().map(Told::event).toList());
  }

  private static RemoteState state(
      List<Integer> brokers, int leader, int leaderEpoch, List<Integer> isr, Uuid id) {
    Map<Integer, Node> nodes = new TreeMap<>();
    brokers.forEach(b -> nodes.put(b, node(b)));
    TopicPartitionInfo partition =
        new TopicPartitionInfo(
            0,
            node(leader),
            List.of(node(1), node(2)),
            isr.stream().map(ObservationTest::node).toList());
    return new RemoteState(
        nodes,
        1,
        7,
        Map.of("t", new TopicDescription("t", false, List.of(partition), null, id)),
        Map.of(),
        Map.of(T0, new Offsets(leaderEpoch, 0, 10, 10)),
        Map.of(),
        Map.of(),
        Map.of(),
        Keeper.NONE);
  }

  private static Node node(int id) {
    return new Node(id, "127.0.0.1", 9091 + id);
  }
}
