package io.vitrine.console.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventJournal;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.SnapshotProjector;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.testing.FakeCluster;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The story of the killed broker, as it is recorded. */
class MetricRecorderTest {
  private final FakeCluster cluster = new FakeCluster();
  private final MetricRecorder recorder = new MetricRecorder(cluster);
  private final MetricHistory history = recorder.history();

  @Test
  void aRowASecondAndNoMore() {
    cluster.tell(SampleSnapshots.events(Chapter.CALM));

    Stretch all = all(SeriesKey.broker(Quantity.BYTES_IN, 1));
    assertThat(all.rows()).isBetween(10, 14);
    for (int i = 1; i < all.rows(); i++) {
      assertThat(all.nanos()[i] - all.nanos()[i - 1])
          .isGreaterThanOrEqualTo(MetricRecorder.INTERVAL_NANOS);
    }
  }

  @Test
  void theNewestRowSaysWhatTheSnapshotSays() {
    cluster.tell(SampleSnapshots.events(Chapter.CALM));
    // The last row is not older than a second.
    cluster.pass(TimeUnit.SECONDS.toMillis(1));
    cluster.tell(SampleSnapshots.events(Chapter.CALM));
    ClusterSnapshot snapshot = cluster.snapshot();

    var row = Readings.of(snapshot, List.of(), 1);
    assertThat(row.get(SeriesKey.broker(Quantity.BYTES_IN, 2)))
        .isEqualTo(snapshot.broker(2).orElseThrow().rates().bytesIn())
        .isPositive();
    assertThat(row.get(SeriesKey.broker(Quantity.LEADERS, 1)))
        .isEqualTo(snapshot.partitions().values().stream().filter(p -> p.leader() == 1).count());
    assertThat(row.get(SeriesKey.whole(Quantity.UNDER_REPLICATED))).isZero();
    assertThat(row.get(SeriesKey.whole(Quantity.HEAP_USED)))
        .isEqualTo(snapshot.process().newest().heapUsedBytes());
    double total = row.get(SeriesKey.broker(Quantity.PRODUCE_TOTAL, 1));
    double parts =
        List.of(
                Quantity.PRODUCE_QUEUE,
                Quantity.PRODUCE_LOCAL,
                Quantity.PRODUCE_REMOTE,
                Quantity.PRODUCE_RESPONSE_QUEUE,
                Quantity.PRODUCE_SEND)
            .stream()
            .mapToDouble(part -> row.get(SeriesKey.broker(part, 1)))
            .sum();
    assertThat(parts).isCloseTo(total, within(total * 0.01));
  }

  @Test
  void ofABrokerThatIsDeadNothingIsRecorded() {
    cluster.tell(SampleSnapshots.events(Chapter.FAILED_OVER));

    SeriesKey victim = SeriesKey.broker(Quantity.BYTES_IN, SampleSnapshots.VICTIM);
    double[] line = all(victim).columns().get(victim);
    assertThat(line[5]).isPositive();
    assertThat(line[line.length - 1]).isNaN();
    SeriesKey trouble = SeriesKey.whole(Quantity.UNDER_REPLICATED);
    double[] under = all(trouble).columns().get(trouble);
    assertThat(under[5]).isZero();
    assertThat(under[under.length - 1])
        .isEqualTo(
            cluster.snapshot().partitions().values().stream()
                .filter(PartitionView::underReplicated)
                .count());
  }

  @Test
  void whatHappenedIsMarkedAndCounted() {
    cluster.tell(SampleSnapshots.events(Chapter.REJOINED));

    SeriesKey shrinks = SeriesKey.whole(Quantity.ISR_SHRINKS);
    Stretch all = all(shrinks);
    assertThat(all.marks())
        .extracting(EventMark::kind)
        .containsSubsequence(
            EventMark.Kind.CONTROLLER,
            EventMark.Kind.KILLED,
            EventMark.Kind.SESSION_OVER,
            EventMark.Kind.SERVING);
    double counted = 0;
    double[] line = all.columns().get(shrinks);
    for (int i = 1; i < line.length; i++) {
      counted += line[i] * (all.nanos()[i] - all.nanos()[i - 1]) / 1e9;
    }
    long told =
        SampleSnapshots.events(Chapter.REJOINED).stream()
            .filter(e -> e.event() instanceof ClusterEvent.IsrShrunk)
            .count();
    assertThat(counted).isCloseTo(told, within(1e-6));
  }

  @Test
  void whatABrokerTellsNobodyIsNotTakenForNothing() {
    List<StampedEvent> events = new ArrayList<>();
    EventJournal journal = new EventJournal(10, InstantSource.system(), () -> 1);
    journal.listen(events::add);
    journal.report(1, new ClusterEvent.BrokerRegistered(7, "host", 9092, "", null));
    journal.report(1, new ClusterEvent.BrokerServing("host", 9092, 0));
    journal.report(1, new ClusterEvent.TopicCreated("orders", "id", Map.of(0, List.of(1))));
    journal.report(
        1,
        new ClusterEvent.BrokerSampled(
            List.of(),
            ClusterEvent.RequestSample.untold(),
            new ClusterEvent.StorageSample(List.of())));

    var row = Readings.of(SnapshotProjector.fold(events, 1), List.of(), 1);

    assertThat(row.keySet())
        .extracting(SeriesKey::quantity)
        .containsExactlyInAnyOrder(
            Quantity.LEADERS, Quantity.UNDER_REPLICATED, Quantity.UNDER_MIN_ISR, Quantity.OFFLINE);
  }

  @Test
  void theLagOfAGroupIsWhatItCouldReadAndHasNotCommitted() {
    cluster.tell(SampleSnapshots.events(Chapter.SHARED));

    assertThat(history.of(Quantity.LAG)).contains("demo-readers");
    var row = Readings.of(cluster.snapshot(), List.of(), 1);
    long expected =
        cluster.snapshot().groups().get("demo-readers").committed().entrySet().stream()
            .mapToLong(
                each -> {
                  PartitionView partition = cluster.snapshot().partitions().get(each.getKey());
                  return partition.replica(partition.leader()).orElseThrow().highWatermark()
                      - each.getValue();
                })
            .sum();
    assertThat(row.get(SeriesKey.group("demo-readers"))).isEqualTo(expected);
  }

  @Test
  void aClosedRecorderRecordsNothingMoreAndKeepsWhatItHas() {
    cluster.tell(SampleSnapshots.events(Chapter.CALM));
    long rows = history.version();
    recorder.close();
    cluster.tell(SampleSnapshots.events(Chapter.FAILED_OVER));

    assertThat(history.version()).isEqualTo(rows);
    assertThat(cluster.listeners()).isZero();
  }

  private Stretch all(SeriesKey key) {
    return history.stretch(List.of(key), 0, TimeUnit.HOURS.toNanos(1), Integer.MAX_VALUE);
  }
}
