package io.vitrine.console.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.GroupView;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.group.GroupPage.GroupRow;
import io.vitrine.console.group.GroupPage.MemberRow;
import io.vitrine.console.group.GroupPage.OffsetRow;
import io.vitrine.console.group.TransactionPage.OpenRow;
import io.vitrine.console.live.Facts;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** M59: what is shown of groups and transactions follows from the snapshot. */
class GroupPageTest {
  private final ClusterSnapshot snapshot = SampleSnapshots.snapshot(Chapter.SHARED);
  private final GroupView readers = snapshot.groups().get("demo-readers");

  private Frame later(long ms) {
    return new Frame(
        snapshot, List.of(), snapshot.nanos() + TimeUnit.MILLISECONDS.toNanos(ms), false);
  }

  @Test
  void lagIsWhatCouldBeReadAndIsNotCommitted() {
    List<OffsetRow> offsets = GroupPage.offsets(snapshot, readers);
    assertThat(offsets).hasSize(6);
    OffsetRow second = offsets.get(2);
    assertThat(second.partition()).isEqualTo(new TopicPartition("orders", 2));
    assertThat(second.lag()).isEqualTo(34).isEqualTo(second.end() - second.committed());
    assertThat(second.client()).isEqualTo("demo-reader-1");
    assertThat(GroupPage.groups(snapshot))
        .filteredOn(row -> row.id().equals("demo-readers"))
        .extracting(GroupRow::lag)
        .containsExactly(1L + 34 + 3 + 4 + 5);
  }

  @Test
  void whatIsNotKnownIsNotZero() {
    TopicPartition gone = new TopicPartition("gone", 0);
    assertThat(GroupPage.end(snapshot, gone)).isEqualTo(GroupPage.UNKNOWN);
  }

  @Test
  void sessionsRunOutWhileNobodyTells() {
    MemberRow third = GroupPage.members(later(700), readers).get(1);
    assertThat(third.member().clientId()).isEqualTo("demo-reader-3");
    assertThat(third.sessionLeftMs()).isEqualTo(2_000);
    assertThat(GroupPage.members(later(60_000), readers).get(1).sessionLeftMs()).isZero();
  }

  @Test
  void aRebalanceCountsDownAndAStableGroupDoesNot() {
    GroupView billing = snapshot.groups().get("billing");
    assertThat(GroupPage.rebalanceLeftMs(later(4_000), billing)).isEqualTo(180_000);
    assertThat(GroupPage.rebalanceLeftMs(later(0), readers)).isEqualTo(GroupPage.UNKNOWN);
  }

  @Test
  void theCoordinatorIsTheLeaderOfThePartitionTheIdHashesTo() {
    GroupPage.Coordination by = GroupPage.coordination(snapshot, readers);
    assertThat(by.hash() % by.partitions()).isEqualTo(by.partition());
    assertThat(by.leader()).isEqualTo(readers.coordinator());
  }

  @Test
  void aTransactionNobodyKnowsHangs() {
    List<OpenRow> open = TransactionPage.open(later(0));
    assertThat(open).hasSize(3);
    assertThat(open)
        .filteredOn(row -> row.open().hanging())
        .extracting(row -> row.open().partition())
        .containsExactly(new TopicPartition("audit", 1));
    assertThat(open.get(0).heldBack()).isEqualTo(open.get(0).end() - 131);
  }

  @Test
  void aTransactionGrowsOlderWhileNobodyTells() {
    assertThat(TransactionPage.transactions(later(500)).get(0).openMs()).isEqualTo(2_900);
  }

  @Test
  void membersOfTheDemoCanLeaveAndComeBack() {
    Facts facts =
        new GroupFacts(Locale.ENGLISH)
            .facts(new Selection.Group("demo-readers"), later(0))
            .orElseThrow();
    assertThat(facts.actions())
        .extracting(action -> ((Facts.Command) action).command())
        .containsExactly(
            new ClusterCommand.SwitchDemoMember(1, false),
            new ClusterCommand.SwitchDemoMember(2, true),
            new ClusterCommand.SwitchDemoMember(3, false));
    assertThat(new GroupFacts(Locale.KOREAN).facts(new Selection.Group("no-such"), later(0)))
        .isEmpty();
  }

  @Test
  void aMemberIsNamedWithoutItsLongNumber() {
    assertThat(GroupPane.shortened("demo-reader-1-3f0c1b52-77aa-4d0e-9c41-0b6f8d1e2a31"))
        .isEqualTo("demo-reader-1");
    assertThat(GroupPane.shortened("short")).isEqualTo("short");
  }
}
