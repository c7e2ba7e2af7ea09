package io.vitrine.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.testing.FakeCluster;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class SnapshotFeedTest {
  private final FakeCluster cluster = new FakeCluster();
  private final Queue<Runnable> hops = new ArrayDeque<>();
  private final SnapshotFeed feed = new SnapshotFeed(cluster, hops::add, cluster::nanos);
  private final List<Frame> frames = new ArrayList<>();

  @Test
  void manySnapshotsMakeOneHopAndOneFrame() {
    feed.resume();
    land();
    feed.subscribe(frames::add);
    frames.clear();

    cluster.tell(SampleSnapshots.events(Chapter.CALM));

    assertThat(hops).hasSize(1);
    land();
    assertThat(frames).hasSize(1);
    assertThat(frames.get(0).snapshot()).isSameAs(cluster.snapshot());
  }

  @Test
  void everyEventComesOnceAndInOrder() {
    feed.resume();
    feed.subscribe(frames::add);
    cluster.tell(SampleSnapshots.events(Chapter.CALM));
    land();
    cluster.tell(SampleSnapshots.events(Chapter.FAILED_OVER));
    land();

    List<Long> seen =
        frames.stream().flatMap(f -> f.events().stream()).map(StampedEvent::sequence).toList();
    List<Long> kept = cluster.events().after(0).stream().map(StampedEvent::sequence).toList();
    assertThat(seen).isEqualTo(kept);
  }

  @Test
  void noFrameHoldsAnEventNewerThanItsSnapshot() {
    feed.resume();
    feed.subscribe(frames::add);
    cluster.tell(SampleSnapshots.events(Chapter.FAILED_OVER));
    land();

    for (Frame frame : frames) {
      assertThat(frame.events()).allMatch(e -> e.sequence() <= frame.snapshot().sequence());
    }
  }

  @Test
  void aPauseStopsAskingAndTheNextFrameBringsWhatHappened() {
    feed.resume();
    cluster.tell(SampleSnapshots.events(Chapter.CALM));
    land();
    feed.subscribe(frames::add);

    feed.pause();
    assertThat(cluster.listeners()).isZero();
    assertThat(frames.get(frames.size() - 1).paused()).isTrue();
    frames.clear();
    cluster.tell(SampleSnapshots.events(Chapter.FAILED_OVER));
    feed.tick();
    land();
    assertThat(frames).isEmpty();

    feed.resume();
    land();
    assertThat(frames).hasSize(1);
    assertThat(frames.get(0).events()).isNotEmpty();
    assertThat(frames.get(0).snapshot()).isSameAs(cluster.snapshot());
  }

  @Test
  void aHopUnderWayWhenThePauseBeginsIsNotShown() {
    feed.resume();
    land();
    feed.subscribe(frames::add);
    cluster.tell(SampleSnapshots.events(Chapter.CALM));
    feed.pause();
    frames.clear();

    land();

    assertThat(frames).isEmpty();
  }

  @Test
  void timePassesWithoutEvents() {
    feed.resume();
    cluster.tell(SampleSnapshots.events(Chapter.CALM));
    land();
    feed.subscribe(frames::add);
    cluster.pass(1500);

    feed.tick();

    Frame last = frames.get(frames.size() - 1);
    assertThat(last.ageMs()).isEqualTo(1500);
    assertThat(last.events()).isEmpty();
  }

  @Test
  void aClosedFeedListensNoMore() {
    feed.resume();
    feed.close();

    assertThat(cluster.listeners()).isZero();
  }

  private void land() {
    while (!hops.isEmpty()) {
      hops.remove().run();
    }
  }
}
