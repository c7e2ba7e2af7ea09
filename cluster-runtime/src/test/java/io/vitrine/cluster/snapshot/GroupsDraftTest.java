package io.vitrine.cluster.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.GroupCause;
import io.vitrine.cluster.event.ClusterEvent.GroupChanged;
import io.vitrine.cluster.event.ClusterEvent.GroupMember;
import io.vitrine.cluster.event.ClusterEvent.GroupSample;
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
  private static final GroupMember MEMBER =
      new GroupMember("m-1", "", "m", "/h", false, false, 45_000, 300_000, List.of(PARTITION));

  private final SnapshotProjector projector = new SnapshotProjector(1);
  private long sequence;

  private void told(int broker, ClusterEvent event) {
    sequence++;
    projector.apply(new StampedEvent(sequence, sequence * 100, sequence, broker, event));
  }

  private static GroupChanged at(GroupStage stage, int generation) {
    return new GroupChanged(
        "g",
        3,
        stage,
        generation,
        "consumer",
        "",
        "",
        List.of(MEMBER),
        GroupCause.JOINED,
        "m-1",
        "because");
  }

  private static GroupSample sample(long offset) {
    return new GroupSample(Map.of(PARTITION, offset), 2_000, Map.of("m-1", 44_000L));
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
    assertThat(group().lastStep())
        .contains(
            new GroupView.Step(
                300, 3, 2, GroupStage.STABLE, 1, 1, GroupCause.JOINED, "m-1", "because"));
    assertThat(group().memberOf(PARTITION)).contains(MEMBER);
    told(2, at(GroupStage.DEAD, 1));
    assertThat(projector.snapshot().groups()).isEmpty();
  }

  @Test
  void aStoryKeepsItsNewestSteps() {
    for (int generation = 0; generation < GroupView.STORY_LIMIT + 5; generation++) {
      told(1, at(GroupStage.STABLE, generation));
    }
    assertThat(group().story()).hasSize(GroupView.STORY_LIMIT);
    assertThat(group().story().get(0).generation()).isEqualTo(5);
  }

  @Test
  void offsetsAndTimeoutsAreThoseOfTheCoordinator() {
    told(1, at(GroupStage.EMPTY, 0));
    told(1, new GroupsSampled(1, Map.of("g", sample(5), "other", sample(1))));
    told(2, new GroupsSampled(1, Map.of("g", sample(9))));
    assertThat(group().committed()).containsExactly(Map.entry(PARTITION, 5L));
    assertThat(group().rebalanceLeftMs()).isEqualTo(2_000);
    assertThat(group().sessionsLeftMs()).containsEntry("m-1", 44_000L);
    assertThat(group().sampledNanos()).isEqualTo(200);
    told(1, at(GroupStage.PREPARING_REBALANCE, 0));
    assertThat(group().committed()).as("kept until the next sample").hasSize(1);
    assertThat(projector.snapshot().groups()).containsOnlyKeys("g");
  }
}
