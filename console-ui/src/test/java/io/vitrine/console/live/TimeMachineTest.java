package io.vitrine.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.testing.FakeCluster;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimeMachineTest {
  private static final long SECOND = 1_000_000_000L;

  private final FakeCluster cluster = new FakeCluster();
  private final SnapshotFeed feed = new SnapshotFeed(cluster, Runnable::run, cluster::nanos);
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final TimeMachine machine =
      new TimeMachine(cluster.history(), feed, background::add, Runnable::run);
  private final List<Frame> screen = new ArrayList<>();

  @BeforeEach
  void tell() {
    cluster.tell(SampleSnapshots.events(Chapter.FAILED_OVER));
    feed.resume();
    feed.subscribe(screen::add);
    screen.clear();
  }

  @Test
  void theScreenShowsTheMomentAndThePresentGoesOnBesides() {
    List<Frame> present = new ArrayList<>();
    feed.follow(present::add);
    StampedEvent killed = killed();

    machine.goTo(killed.nanos() - 1);
    work();

    assertThat(machine.past()).isTrue();
    assertThat(feed.frame().past()).isTrue();
    assertThat(feed.frame().nowNanos()).isEqualTo(killed.nanos() - 1);
    assertThat(victim(feed.frame())).isEqualTo(BrokerState.SERVING);
    present.clear();
    screen.clear();
    cluster.pass(500);
    feed.tick();
    assertThat(present).hasSize(1);
    assertThat(screen).isEmpty();
    assertThat(feed.present().nowNanos()).isEqualTo(cluster.nanos());
  }

  @Test
  void whatHappenedMeanwhileIsToldWhenTheScreenIsBack() {
    machine.goTo(killed().nanos());
    work();
    long lastSeen = feed.present().snapshot().sequence();
    cluster.tell(SampleSnapshots.events(Chapter.REJOINED));

    machine.backToNow();

    assertThat(machine.past()).isFalse();
    assertThat(feed.frame().past()).isFalse();
    assertThat(feed.frame().snapshot()).isSameAs(cluster.snapshot());
    assertThat(feed.frame().events()).isEqualTo(cluster.events().after(lastSeen)).isNotEmpty();
    machine.goTo(killed().nanos());
    work();
    machine.backToNow();
    assertThat(feed.frame().events()).isEmpty();
  }

  @Test
  void whileAMomentIsLookedUpOnlyTheNewestWishIsKept() {
    long end = cluster.nanos();
    for (int i = 1; i <= 100; i++) {
      machine.goTo(end - i * SECOND / 10);
    }

    assertThat(background).hasSize(1);
    work();

    assertThat(screen.stream().filter(Frame::past)).hasSize(2);
    assertThat(feed.frame().nowNanos()).isEqualTo(end - 10 * SECOND);
  }

  @Test
  void stepsGoFromEventToEventAndBackToNow() {
    List<StampedEvent> all = cluster.events().after(0);
    int last = all.size() - 1;

    machine.step(false);
    work();
    assertThat(machine.event()).contains(all.get(last));
    machine.step(false);
    machine.step(false);
    machine.step(false);
    work();
    assertThat(machine.event()).contains(all.get(last - 3));
    assertThat(feed.frame().snapshot().sequence()).isEqualTo(all.get(last - 3).sequence());
    for (int i = 0; i < 3; i++) {
      machine.step(true);
      work();
    }
    assertThat(machine.event()).contains(all.get(last));
    machine.step(true);
    work();
    assertThat(machine.past()).isFalse();
    assertThat(feed.frame().past()).isFalse();
  }

  @Test
  void beforeTheFirstEventThereIsNothingToStepTo() {
    machine.goTo(Long.MIN_VALUE + 1);
    work();
    StampedEvent first = cluster.events().after(0).get(0);
    for (int i = 0; i < 20; i++) {
      machine.step(false);
      work();
    }

    assertThat(machine.event()).contains(first);
    assertThat(machine.past()).isTrue();
  }

  @Test
  void timePassesAtAPaceUntilThePresentIsReached() {
    long end = cluster.nanos();
    machine.goTo(end - 10 * SECOND);
    work();
    machine.play(4);
    assertThat(machine.plays()).isTrue();

    machine.pass(SECOND);
    work();
    assertThat(feed.frame().nowNanos()).isEqualTo(end - 6 * SECOND);
    machine.pass(2 * SECOND);
    work();

    assertThat(machine.past()).isFalse();
    assertThat(machine.plays()).isFalse();
    machine.pass(SECOND);
    assertThat(background).isEmpty();
  }

  @Test
  void fromThePresentItPlaysAllThereIs() {
    machine.play(1);
    work();

    assertThat(feed.frame().nowNanos())
        .isEqualTo(cluster.history().orElseThrow().extent().orElseThrow().firstNanos());
  }

  @Test
  void whatIsOnItsWayDoesNotArriveAfterTheReturn() {
    machine.goTo(killed().nanos());
    machine.backToNow();
    work();

    assertThat(feed.frame().past()).isFalse();
    assertThat(screen).noneMatch(Frame::past);
  }

  @Test
  void whereNothingIsKeptThereIsNoPast() {
    TimeMachine none = new TimeMachine(Optional.empty(), feed, background::add, Runnable::run);

    none.goTo(0);
    none.step(false);
    none.play(1);

    assertThat(none.past()).isFalse();
    assertThat(background).isEmpty();
  }

  @Test
  void anotherMachineGoesOnWhereTheFeedIs() {
    machine.goTo(killed().nanos());
    work();
    machine.close();

    TimeMachine next = new TimeMachine(cluster.history(), feed, background::add, Runnable::run);
    work();

    assertThat(next.past()).isTrue();
    assertThat(next.event()).contains(killed());
  }

  private void work() {
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }

  private StampedEvent killed() {
    return cluster.events().after(0).stream()
        .filter(e -> e.event() instanceof ClusterEvent.BrokerKilled)
        .findFirst()
        .orElseThrow();
  }

  private static BrokerState victim(Frame frame) {
    return frame.snapshot().broker(SampleSnapshots.VICTIM).orElseThrow().state();
  }
}
