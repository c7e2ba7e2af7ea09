package io.vitrine.console.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.FailoverStep;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.ControllerTrail;
import io.vitrine.cluster.snapshot.ControllerView;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.controller.ControllerPage.BrokerRow;
import io.vitrine.console.controller.ControllerPage.Reign;
import io.vitrine.console.live.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;

/** M09 to M13: what is shown of controllers follows from the snapshot. */
class ControllerPageTest {
  private static ControllerPage page(Chapter chapter, long laterMs) {
    ClusterSnapshot snapshot = SampleSnapshots.snapshot(chapter);
    return ControllerPage.of(
        new Frame(snapshot, List.of(), snapshot.nanos() + laterMs * 1_000_000, false));
  }

  @Test
  void beforeTheFirstNewsNothingIsSaid() {
    ControllerPage page =
        ControllerPage.of(new Frame(ClusterSnapshot.empty(), List.of(), 5, false));
    assertThat(page.loading()).isTrue();
    assertThat(page.broker()).isEqualTo(-1);
    assertThat(page.heldMs()).isEqualTo(-1);
    assertThat(page.reigns()).isEmpty();
  }

  @Test
  void rungsFollowEachOtherInTime() {
    ControllerPage page = page(Chapter.DEPOSED, 1_000);
    assertThat(page.reigns()).extracting(reign -> reign.view().epoch()).containsExactly(2, 1);
    Reign now = page.reigns().get(0);
    Reign before = page.reigns().get(1);
    assertThat(now.lasts()).isTrue();
    assertThat(now.view().brokerId()).isEqualTo(SampleSnapshots.NEXT);
    assertThat(now.view().failoverMs()).isEqualTo(84);
    assertThat(now.to()).isEqualTo(1);
    assertThat(before.from()).isZero();
    assertThat(before.to()).isPositive().isLessThanOrEqualTo(now.from());
    assertThat(page.heldMs()).isBetween(2_000L, 4_000L);
  }

  @Test
  void theStepsOfTheFailoverFollowEachOther() {
    ControllerPage page = page(Chapter.DEPOSED, 0);
    assertThat(page.steps())
        .extracting(step -> step.view().step())
        .containsExactly(FailoverStep.values());
    assertThat(page.steps().get(0).from()).isZero();
    for (int i = 1; i < page.steps().size(); i++) {
      assertThat(page.steps().get(i).from()).isEqualTo(page.steps().get(i - 1).to());
    }
    assertThat(page.steps().get(10).to()).isEqualTo(1);
    assertThat(page(Chapter.CALM, 0).steps()).as("nobody told").isEmpty();
  }

  @Test
  void whoWasDeposedAndStillGaveOrdersIsAZombie() {
    Reign zombie = page(Chapter.DEPOSED, 0).reigns().get(1);
    assertThat(zombie.view().end()).isEqualTo(ControllerView.End.SESSION_OVER);
    assertThat(zombie.refused()).isEqualTo(3);
    assertThat(zombie.zombie()).isTrue();
    assertThat(page(Chapter.DEPOSED, 0).trail().refused())
        .extracting(ControllerTrail.Order::error)
        .containsOnly("STALE_CONTROLLER_EPOCH");
  }

  @Test
  void aBrokerWhosePreferredPartitionsAreLedElsewhereIsOutOfBalance() {
    assertThat(page(Chapter.CALM, 0).brokers()).noneMatch(BrokerRow::imbalanced);
    ControllerPage moved = page(Chapter.FAILED_OVER, 0);
    BrokerRow victim =
        moved.brokers().stream()
            .filter(row -> row.id() == SampleSnapshots.VICTIM)
            .findFirst()
            .orElseThrow();
    assertThat(victim.preferred()).isEqualTo(3);
    assertThat(victim.elsewhere()).isEqualTo(3);
    assertThat(victim.imbalancePercent()).isEqualTo(100);
    assertThat(victim.imbalanced()).isTrue();
    assertThat(victim.live()).isFalse();
    assertThat(moved.notPreferred()).isEqualTo(3);
    assertThat(moved.leaderless()).isZero();
  }

  @Test
  void theOpenOrderOfTheEndIsOpen() {
    ControllerPage page = page(Chapter.DEPOSED, 0);
    assertThat(page.trail().orders().get(0).fate()).isEqualTo(ControllerTrail.Fate.OPEN);
    assertThat(page.work().event()).isEqualTo("AlterPartitionReceived");
    assertThat(page.work().queueLength()).isEqualTo(2);
    assertThat(page.brokers().get(0).orders().open()).isEqualTo(1);
  }
}
