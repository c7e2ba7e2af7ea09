package io.vitrine.console.axis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.axis.FailoverStory.Ending;
import io.vitrine.console.axis.FailoverStory.Phase;
import io.vitrine.console.axis.FailoverStory.Step;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FailoverTellerTest {
  private static final TopicPartition A = new TopicPartition("a", 0);
  private static final TopicPartition B = new TopicPartition("a", 1);
  private static final int NOBODY = EventSink.NO_BROKER;

  private final List<StampedEvent> events = new ArrayList<>();

  @Test
  void aCalmClusterHasNoStory() {
    assertThat(FailoverTeller.tell(SampleSnapshots.events(Chapter.CALM))).isEmpty();
  }

  @Test
  void untilTheSessionRunsOutOnlyTheClientNotices() {
    FailoverStory story = only(SampleSnapshots.events(Chapter.SESSION_RUNNING_OUT));

    assertThat(story.broker()).isEqualTo(SampleSnapshots.VICTIM);
    assertThat(story.ending()).isEqualTo(Ending.KILLED);
    assertThat(story.partitionsLed()).isEqualTo(3);
    assertThat(story.wasController()).isFalse();
    assertThat(story.stepsInOrder()).containsExactly(Step.CLIENT_ERROR);
    assertThat(story.brackets()).isEmpty();
    assertThat(story.over()).isFalse();
  }

  @Test
  void theWholeFailoverIsToldInOrderAndMeasured() {
    FailoverStory story = only(SampleSnapshots.events(Chapter.FAILED_OVER));

    assertThat(story.stepsInOrder())
        .containsExactly(
            Step.CLIENT_ERROR,
            Step.SESSION_LOST,
            Step.CONTROLLER_NOTICES,
            Step.ELECTED,
            Step.ORDERS_SENT,
            Step.LEADER_READY,
            Step.CLIENT_SUCCESS);
    assertThat(story.brackets())
        .extracting(FailoverStory.Bracket::phase)
        .containsExactly(
            Phase.DETECTION, Phase.ELECTION, Phase.PROPAGATION, Phase.CLIENT_RECOVERY, Phase.TOTAL);
    assertThat(millis(story, Phase.DETECTION)).isBetween(18_000L, 18_100L);
    assertThat(millis(story, Phase.PROPAGATION)).isEqualTo(9);
    assertThat(millis(story, Phase.CLIENT_RECOVERY)).isEqualTo(84);
    assertThat(story.newLeader()).isNotEqualTo(SampleSnapshots.VICTIM).isPositive();
    assertThat(story.over()).isTrue();
  }

  @Test
  void phasesAddUpToTheTotal() {
    FailoverStory story = only(SampleSnapshots.events(Chapter.FAILED_OVER));

    long parts =
        story.brackets().stream()
            .filter(b -> b.phase() != Phase.TOTAL)
            .mapToLong(b -> b.toNanos() - b.fromNanos())
            .sum();
    FailoverStory.Bracket total = story.bracket(Phase.TOTAL).orElseThrow();
    assertThat(parts).isEqualTo(total.toNanos() - total.fromNanos());
  }

  @Test
  void aDeadControllerIsNoticedByItsSuccessor() {
    at(0, 1, new ClusterEvent.ControllerElected(7));
    at(1, 1, written(A, 1, ElectionReason.NEW_PARTITION));
    at(10, 1, new ClusterEvent.BrokerKilled(5, 6000));
    at(6_010, 1, new ClusterEvent.SessionExpired(5));
    at(6_020, 2, new ClusterEvent.ControllerElected(8));
    at(6_040, 2, written(A, 3, ElectionReason.OFFLINE));
    at(6_050, 3, new ClusterEvent.BecameLeader(A, 1, 100));

    FailoverStory story = only(events);

    assertThat(story.wasController()).isTrue();
    assertThat(story.at(Step.CONTROLLER_ELECTED)).hasValue(ms(6_020));
    assertThat(story.at(Step.CONTROLLER_NOTICES)).hasValue(ms(6_020));
    assertThat(millis(story, Phase.ELECTION)).isEqualTo(20);
    // Without traffic the outage ends when the new leader serves.
    assertThat(millis(story, Phase.TOTAL)).isEqualTo(6_040);
  }

  @Test
  void aControlledShutdownIsNoticedAtOnce() {
    at(0, 1, written(A, 2, ElectionReason.NEW_PARTITION));
    at(1, 1, written(B, 2, ElectionReason.NEW_PARTITION));
    at(10, 2, new ClusterEvent.BrokerStopping());
    at(14, 1, written(A, 1, ElectionReason.CONTROLLED_SHUTDOWN));
    at(16, 1, written(B, 3, ElectionReason.CONTROLLED_SHUTDOWN));
    at(18, 1, new ClusterEvent.BecameLeader(A, 1, 50));
    at(20, 3, new ClusterEvent.BecameLeader(B, 1, 50));
    at(60, 2, new ClusterEvent.SessionClosed(9));
    at(70, 2, new ClusterEvent.BrokerStopped(60));

    FailoverStory story = only(events);

    assertThat(story.ending()).isEqualTo(Ending.STOPPED);
    assertThat(story.partitionsLed()).isEqualTo(2);
    assertThat(millis(story, Phase.DETECTION)).isEqualTo(4);
    assertThat(millis(story, Phase.ELECTION)).isEqualTo(2);
    assertThat(millis(story, Phase.PROPAGATION)).isEqualTo(4);
    assertThat(story.newLeader()).isEqualTo(3);
  }

  @Test
  void electionsOfOtherPartitionsAreNotPartOfIt() {
    at(0, 1, written(A, 2, ElectionReason.NEW_PARTITION));
    at(1, 1, written(B, 3, ElectionReason.NEW_PARTITION));
    at(10, 2, new ClusterEvent.BrokerKilled(5, 6000));
    at(20, 1, written(B, 1, ElectionReason.OFFLINE));
    at(21, 1, new ClusterEvent.BecameLeader(B, 1, 5));

    assertThat(only(events).stepsInOrder()).isEmpty();
  }

  @Test
  void startingTheBrokerAgainEndsItsStory() {
    at(0, 2, new ClusterEvent.BrokerKilled(5, 6000));
    at(10, 2, new ClusterEvent.BrokerStarting());
    at(20, NOBODY, new ClusterEvent.TrafficInterrupted(A, "timeout"));

    FailoverStory story = only(events);

    assertThat(story.over()).isTrue();
    assertThat(story.stepsInOrder()).isEmpty();
  }

  @Test
  void eachEndIsAStoryOfItsOwn() {
    at(0, 2, new ClusterEvent.BrokerKilled(5, 6000));
    at(10, 3, new ClusterEvent.BrokerKilled(6, 6000));
    at(6_000, 2, new ClusterEvent.SessionExpired(5));

    List<FailoverStory> stories = FailoverTeller.tell(events);

    assertThat(stories).extracting(FailoverStory::broker).containsExactly(2, 3);
    assertThat(stories.get(0).at(Step.SESSION_LOST)).hasValue(ms(6_000));
    assertThat(stories.get(1).at(Step.SESSION_LOST)).isEmpty();
  }

  private static FailoverStory only(List<StampedEvent> told) {
    List<FailoverStory> stories = FailoverTeller.tell(told);
    assertThat(stories).hasSize(1);
    return stories.get(0);
  }

  private static long millis(FailoverStory story, Phase phase) {
    return story.bracket(phase).orElseThrow().millis();
  }

  private void at(long ms, int broker, ClusterEvent event) {
    events.add(new StampedEvent(events.size() + 1, ms(ms), ms, broker, event));
  }

  private static long ms(long ms) {
    return ms * 1_000_000;
  }

  private static ClusterEvent.PartitionStateWritten written(
      TopicPartition id, int leader, ElectionReason reason) {
    return new ClusterEvent.PartitionStateWritten(id, leader, 1, List.of(leader), 1, reason);
  }
}
