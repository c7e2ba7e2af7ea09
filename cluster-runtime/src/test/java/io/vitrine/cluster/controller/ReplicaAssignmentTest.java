package io.vitrine.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.admin.AdminUtils;
import org.apache.kafka.admin.BrokerMetadata;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.junit.jupiter.api.Test;

/** M22, M23: for the same start and shift, the lists Apache Kafka 3.9.2 makes. */
class ReplicaAssignmentTest {

  @Test
  void spreadsAsKafkaDoes() {
    Random random = new Random(22);
    for (int run = 0; run < 500; run++) {
      int brokers = 1 + random.nextInt(9);
      compare(random, brokers, 0);
    }
  }

  @Test
  void alternatesRacksAsKafkaDoes() {
    Random random = new Random(23);
    for (int run = 0; run < 500; run++) {
      int brokers = 2 + random.nextInt(9);
      compare(random, brokers, 1 + random.nextInt(brokers));
    }
  }

  private static void compare(Random random, int brokers, int racks) {
    Map<Integer, Optional<String>> ours = new TreeMap<>();
    List<BrokerMetadata> theirs = new ArrayList<>();
    for (int i = 0; i < brokers; i++) {
      Optional<String> rack =
          racks == 0 ? Optional.empty() : Optional.of("rack" + random.nextInt(racks));
      ours.put(10 + i, rack);
      theirs.add(new BrokerMetadata(10 + i, rack));
    }
    int partitions = 1 + random.nextInt(30);
    int factor = 1 + random.nextInt(brokers);
    int start = random.nextInt(brokers);
    // Kafka's function takes one number for start and shift.
    Map<Integer, List<Integer>> made =
        ReplicaAssignment.spread(ours, partitions, factor, start, start, 0);
    assertThat(made)
        .as("%d brokers, %d racks, %d x %d from %d", brokers, racks, partitions, factor, start)
        .isEqualTo(AdminUtils.assignReplicasToBrokers(theirs, partitions, factor, start, 0));
  }

  @Test
  void countsDifferByOneAtMostAndNoBrokerHoldsAPartitionTwice() {
    Map<Integer, Optional<String>> brokers =
        Map.of(1, Optional.empty(), 2, Optional.empty(), 3, Optional.empty());
    Map<Integer, List<Integer>> made = ReplicaAssignment.spread(brokers, 31, 2, new Random(1));
    Map<Integer, Integer> leaders = new TreeMap<>();
    made.values()
        .forEach(
            replicas -> {
              assertThat(replicas).doesNotHaveDuplicates().hasSize(2);
              leaders.merge(replicas.get(0), 1, Integer::sum);
            });
    assertThat(leaders.values()).allMatch(count -> count == 10 || count == 11);
  }

  @Test
  void refusesWhatCannotBe() {
    Map<Integer, Optional<String>> mixed = Map.of(1, Optional.of("a"), 2, Optional.empty());
    assertThatThrownBy(() -> ReplicaAssignment.spread(mixed, 1, 1, new Random(1)))
        .isInstanceOf(InvalidReplicationFactorException.class)
        .hasMessageContaining("broker.rack");
    assertThatThrownBy(() -> ReplicaAssignment.spread(mixed, 1, 3, new Random(1)))
        .isInstanceOf(InvalidReplicationFactorException.class)
        .hasMessageContaining("3");
  }
}
