package io.vitrine.cluster.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterHistory.Cursor;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ClusterHistoryTest {
  private static final List<StampedEvent> STORY = SampleSnapshots.events(Chapter.REJOINED);

  /** The story, told a few events at a time as a publisher does. */
  private static ClusterHistory told(ClusterHistory history, List<StampedEvent> story) {
    SnapshotProjector projector = new SnapshotProjector(1);
    history.begin(List.of(), projector);
    for (int i = 0; i < story.size(); i += 7) {
      List<StampedEvent> some = story.subList(i, Math.min(story.size(), i + 7));
      some.forEach(projector::apply);
      history.add(some, projector);
    }
    return history;
  }

  @Test
  void everyMomentIsTheFoldOfWhatHappenedBefore() {
    ClusterHistory history = told(new ClusterHistory(), STORY);
    Cursor cursor = history.cursor();
    Random random = new Random(3);

    for (int i = 0; i < 120; i++) {
      int upTo = random.nextInt(STORY.size());
      assertThat(cursor.upTo(STORY.get(upTo).sequence()))
          .isEqualTo(SnapshotProjector.fold(STORY.subList(0, upTo + 1), 1));
    }
  }

  @Test
  void goingOnEventByEventIsTheSameAsGoingThere() {
    ClusterHistory history = told(new ClusterHistory(), STORY);
    Cursor cursor = history.cursor();
    SnapshotProjector projector = new SnapshotProjector(1);

    for (StampedEvent event : STORY) {
      projector.apply(event);
      if (event.sequence() % 5 == 0) {
        assertThat(cursor.upTo(event.sequence())).isEqualTo(projector.snapshot());
      }
    }
  }

  @Test
  void whereMeasurementsAreGoneDecisionsAreStillExact() {
    ClusterHistory history = told(new ClusterHistory(10_000, 2_000, 50), STORY);
    Cursor cursor = history.cursor();

    for (int upTo = 0; upTo < STORY.size(); upTo += 23) {
      ClusterSnapshot expected = SnapshotProjector.fold(STORY.subList(0, upTo + 1), 1);
      ClusterSnapshot found = cursor.upTo(STORY.get(upTo).sequence());
      assertThat(found.topics()).isEqualTo(expected.topics());
      assertThat(found.controller()).isEqualTo(expected.controller());
      assertThat(found.brokers())
          .extracting(BrokerView::state)
          .isEqualTo(expected.brokers().stream().map(BrokerView::state).toList());
      assertThat(found.partitions().values())
          .extracting(PartitionView::isr)
          .isEqualTo(expected.partitions().values().stream().map(PartitionView::isr).toList());
    }
  }

  @Test
  void aMomentIsFoundByItsTime() {
    ClusterHistory history = told(new ClusterHistory(), STORY);
    StampedEvent killed =
        STORY.stream()
            .filter(e -> e.event() instanceof ClusterEvent.BrokerKilled)
            .findFirst()
            .orElseThrow();
    Cursor cursor = history.cursor();

    assertThat(state(cursor.at(killed.nanos() - 1))).isEqualTo(BrokerState.SERVING);
    assertThat(state(cursor.at(killed.nanos()))).isEqualTo(BrokerState.KILLED);
    assertThat(state(cursor.at(Long.MAX_VALUE - 1))).isEqualTo(BrokerState.SERVING);
    assertThat(cursor.at(Long.MIN_VALUE).brokers()).isEmpty();
    assertThat(history.extent().orElseThrow().firstNanos()).isEqualTo(STORY.get(0).nanos());
  }

  @Test
  void beginsWithWhatHappenedBefore() {
    int half = STORY.size() / 2;
    SnapshotProjector projector = new SnapshotProjector(1);
    STORY.subList(0, half).forEach(projector::apply);
    ClusterHistory history = new ClusterHistory();
    List<StampedEvent> proper =
        STORY.subList(0, half).stream()
            .filter(e -> !(e.event() instanceof ClusterEvent.Sample))
            .toList();
    history.begin(proper, projector);

    ClusterSnapshot now = projector.snapshot();
    assertThat(history.cursor().upTo(now.sequence())).isEqualTo(now);
    assertThat(history.after(0)).contains(proper.get(0));
    assertThat(history.cursor().upTo(proper.get(10).sequence()).topics())
        .isEqualTo(SnapshotProjector.fold(proper.subList(0, 11), 1).topics());
  }

  @Test
  void manyEventsStayFewStatesApart() {
    ClusterHistory history = new ClusterHistory(60_000, 400, 1_000);
    List<StampedEvent> events = new ArrayList<>();
    TopicPartition partition = new TopicPartition("orders", 0);
    for (int i = 1; i <= 100_000; i++) {
      events.add(
          new StampedEvent(
              i,
              i * 10_000_000L,
              i * 10L,
              1,
              new ClusterEvent.PartitionStateWritten(
                  partition,
                  i % 3,
                  i,
                  List.of(0, 1, 2),
                  i,
                  ClusterEvent.ElectionReason.PREFERRED)));
    }
    told(history, events);
    Cursor cursor = history.cursor();

    ClusterHistory.Extent extent = history.extent().orElseThrow();
    assertThat(extent.events()).isBetween(58_000, 62_000);
    assertThat(extent.firstSequence()).isBetween(35_000L, 60_000L);
    for (long at = extent.firstSequence(); at < 100_000; at += 7_919) {
      assertThat(cursor.upTo(at).partitions().get(partition).leaderEpoch()).isEqualTo((int) at);
    }
    assertThat(cursor.upTo(5).sequence()).isEqualTo(extent.firstSequence());
  }

  @Test
  void theFirstMomentThatIsKnownHasNoEventBefore() {
    ClusterHistory history = told(new ClusterHistory(), STORY);
    StampedEvent first = history.after(0).orElseThrow();

    assertThat(history.before(first.sequence())).isEmpty();
    assertThat(history.before(first.sequence() + 1)).contains(first);
  }

  private static BrokerState state(ClusterSnapshot snapshot) {
    return snapshot.broker(SampleSnapshots.VICTIM).orElseThrow().state();
  }
}
