package io.vitrine.cluster.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.GroupChanged;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.event.ClusterEvent.GroupsSampled;
import io.vitrine.cluster.event.StampedEvent;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** M59: what the console is shown of groups follows from what coordinators told. */
class GroupsDraftTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  private final SnapshotProjector projector = new SnapshotProjector(1);
  private long sequence;

  private void told(int broker, ClusterEvent event) {
    sequence++;
    projector.apply(new StampedEvent(sequence, sequence * 100, sequence, broker, event));
  }

  private static GroupChanged at(GroupStage stage, int generation) {
    return new GroupChanged("g", 3, stage, generation, "consumer", "", "", List.of(), "because");
  }

  private GroupView group() {
    return projector.snapshot().groups().get("g");
  }

  @Test
  void aGroupIsWhatItsCoordinatorLastTold() {
    told(1, at(GroupStage.PREPARING_REBALANCE, 0));
    told(1, at(GroupStage.PREPARING_REBALANCE, 0));
    assertThat(group().sinceNanos()).as("since it came to its stage").isEqualTo(100);
    told(2, at(GroupStage.STABLE, 1));
    assertThat(group().coordinator()).isEqualTo(2);
    assertThat(group().sinceNanos()).isEqualTo(300);
    assertThat(group().reason()).isEqualTo("because");
    told(2, at(GroupStage.DEAD, 1));
    assertThat(projector.snapshot().groups()).isEmpty();
  }

  @Test
  void offsetsAreThoseOfTheCoordinator() {
    told(1, at(GroupStage.EMPTY, 0));
    told(1, new GroupsSampled(1, Map.of("g", Map.of(PARTITION, 5L), "other", Map.of())));
    told(2, new GroupsSampled(1, Map.of("g", Map.of(PARTITION, 9L))));
    assertThat(group().committed()).containsExactly(Map.entry(PARTITION, 5L));
    told(1, at(GroupStage.PREPARING_REBALANCE, 0));
    assertThat(group().committed()).as("kept until the next sample").hasSize(1);
    assertThat(projector.snapshot().groups()).containsOnlyKeys("g");
  }
}
