package io.vitrine.console.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.SessionView;
import io.vitrine.cluster.snapshot.SnapshotProjector;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.live.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterViewModelTest {
  private final ClusterViewModel model = new ClusterViewModel();

  @Test
  void nothingIsKnownBeforeTheFirstEvent() {
    ClusterPage page = model.page(new Frame(ClusterSnapshot.empty(), List.of(), 0, false));

    assertThat(page.loading()).isTrue();
    assertThat(page.brokers()).isEmpty();
  }

  @Test
  void theControllersCardWearsItsEpoch() {
    ClusterPage page = at(Chapter.CALM, 0);

    assertThat(page.brokers())
        .extracting(ClusterPage.Card::controllerEpoch)
        .containsExactly(1, -1, -1);
    assertThat(page.zooKeeper().controller()).isEqualTo(SampleSnapshots.CONTROLLER);
  }

  @Test
  void leadersAddUpToThePartitions() {
    ClusterPage page = at(Chapter.CALM, 0);

    assertThat(page.brokers().stream().mapToInt(ClusterPage.Card::leaders).sum()).isEqualTo(11);
    assertThat(page.brokers()).allMatch(c -> c.partitions() == 11);
  }

  @Test
  void theSessionCountsDownWithTheClockNotWithSnapshots() {
    ClusterPage.Session session = victim(at(Chapter.SESSION_RUNNING_OUT, 0)).session();
    ClusterPage.Session later = victim(at(Chapter.SESSION_RUNNING_OUT, 2_500)).session();

    assertThat(session.state()).isEqualTo(SessionView.State.RUNNING_OUT);
    assertThat(session.leftMs() - later.leftMs()).isEqualTo(2_500);
    assertThat(session.share()).isCloseTo(session.leftMs() / 18_000.0, within(1e-9));
  }

  @Test
  void theCountdownEndsAtZero() {
    assertThat(victim(at(Chapter.SESSION_RUNNING_OUT, 60_000)).session().leftMs()).isZero();
  }

  @Test
  void aDeadBrokersNumbersGrowOld() {
    ClusterPage.Card card = victim(at(Chapter.SESSION_RUNNING_OUT, 0));

    assertThat(card.state()).isEqualTo(BrokerState.KILLED);
    assertThat(card.running()).isFalse();
    assertThat(card.stale()).isTrue();
    assertThat(at(Chapter.SESSION_RUNNING_OUT, 0).traffic().leaderless()).isEqualTo(3);
  }

  @Test
  void followersCopyFromLeadersWhileTheyLive() {
    ClusterPage page = null;
    SnapshotProjector projector = new SnapshotProjector(1);
    for (StampedEvent event : SampleSnapshots.events(Chapter.CALM)) {
      projector.apply(event);
      page = model.page(frame(projector.snapshot(), 0));
    }

    assertThat(page).isNotNull();
    assertThat(page.fetches()).hasSize(6).allMatch(s -> s.recordsPerSecond() > 0);
    assertThat(page.brokers().get(0).history()).hasSizeBetween(10, 60);
  }

  @Test
  void nobodyCopiesFromOrToADeadBroker() {
    ClusterPage page = at(Chapter.FAILED_OVER, 0);

    assertThat(page.fetches())
        .noneMatch(s -> s.from() == SampleSnapshots.VICTIM || s.to() == SampleSnapshots.VICTIM);
  }

  private ClusterPage at(Chapter chapter, long laterMs) {
    return model.page(frame(SampleSnapshots.snapshot(chapter), laterMs));
  }

  private static Frame frame(ClusterSnapshot snapshot, long laterMs) {
    return new Frame(snapshot, List.of(), snapshot.nanos() + laterMs * 1_000_000, false);
  }

  private static ClusterPage.Card victim(ClusterPage page) {
    return page.brokers().stream()
        .filter(c -> c.id() == SampleSnapshots.VICTIM)
        .findFirst()
        .orElseThrow();
  }
}
