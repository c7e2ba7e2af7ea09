package io.vitrine.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.zookeeper.BrokerIdNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** M25: which partitions go back to their preferred leader by themselves. */
class PreferredRebalanceTest {
  private static final int PARTITIONS = 10;
  private static final int PERCENT = 10;

  private final ControllerContext context = new ControllerContext();

  @BeforeEach
  void tenPartitionsThatBrokerOneShouldLead() {
    for (int id = 1; id <= 2; id++) {
      context.brokers().put(id, new LiveBroker(node(id), id));
    }
    Map<Integer, List<Integer>> assignment = new TreeMap<>();
    for (int p = 0; p < PARTITIONS; p++) {
      assignment.put(p, List.of(1, 2));
    }
    assignment.forEach(
        (number, replicas) ->
            context.setAssignment(new TopicPartition("t", number), Assignment.of(replicas)));
    for (int p = 0; p < PARTITIONS; p++) {
      lead(p, 1, List.of(1, 2));
    }
  }

  @Test
  void aTenthElsewhereIsBorne() {
    lead(0, 2, List.of(2, 1));
    assertThat(PreferredRebalance.due(context, PERCENT)).isEmpty();
    lead(1, 2, List.of(2, 1));
    assertThat(PreferredRebalance.due(context, PERCENT))
        .containsExactly(new TopicPartition("t", 0), new TopicPartition("t", 1));
  }

  @Test
  void onlyWhoIsInSyncAndLiveGetsItBack() {
    lead(0, 2, List.of(2));
    lead(1, 2, List.of(2, 1));
    assertThat(PreferredRebalance.due(context, PERCENT))
        .containsExactly(new TopicPartition("t", 1));
    context.shuttingDown().add(1);
    assertThat(PreferredRebalance.due(context, PERCENT)).isEmpty();
  }

  @Test
  void aReassignmentUnderWayIsNoReasonToWait() {
    lead(0, 2, List.of(2, 1));
    lead(1, 2, List.of(2, 1));
    context.setAssignment(
        new TopicPartition("t", 0), Assignment.of(List.of(1, 2)).reassignTo(List.of(1, 3)));
    assertThat(PreferredRebalance.due(context, PERCENT)).hasSize(2);
  }

  @Test
  void aTopicThatGoesIsLeftAlone() {
    lead(0, 2, List.of(2, 1));
    lead(1, 2, List.of(2, 1));
    context.deleting().add("t");
    assertThat(PreferredRebalance.due(context, PERCENT)).isEmpty();
  }

  private void lead(int partition, int leader, List<Integer> isr) {
    context
        .states()
        .put(new TopicPartition("t", partition), new PartitionState(leader, 0, isr, 0, 1, false));
  }

  private static BrokerIdNode node(int id) {
    return new BrokerIdNode(
        5, id, "h", 1, List.of("PLAINTEXT://h:1"), Map.of(), Optional.empty(), 0);
  }
}
