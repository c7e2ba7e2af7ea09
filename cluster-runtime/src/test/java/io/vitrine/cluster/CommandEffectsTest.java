package io.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandEffectsTest {
  private final ClusterSnapshot calm = SampleSnapshots.snapshot(Chapter.CALM);
  private final ClusterSnapshot over = SampleSnapshots.snapshot(Chapter.FAILED_OVER);

  @Test
  void aKillLosesLeadersForTheSessionTimeoutAndAStopDoesNot() {
    CommandEffects kill = CommandEffects.of(new ClusterCommand.KillBroker(2), calm);
    CommandEffects stop = CommandEffects.of(new ClusterCommand.StopBroker(2), calm);
    int led = (int) calm.partitions().values().stream().filter(p -> p.leader() == 2).count();
    assertThat(led).isPositive();
    assertThat(kill.leadersLost()).isEqualTo(led);
    assertThat(kill.leaderlessMs()).isEqualTo(SampleSnapshots.SESSION_TIMEOUT_MS);
    assertThat(kill.leadersMoved()).isEqualTo(led);
    assertThat(stop.leadersLost()).isZero();
    assertThat(stop.leadersMoved()).isEqualTo(led);
    assertThat(stop.offline()).isZero();
    assertThat(stop.controllerMoves()).isFalse();
  }

  @Test
  void theControllersStopMovesTheController() {
    assertThat(
            CommandEffects.of(new ClusterCommand.StopBroker(SampleSnapshots.CONTROLLER), calm)
                .controllerMoves())
        .isTrue();
  }

  @Test
  void theSecondBrokerToGoTakesPartitionsBelowMinIsr() {
    assertThat(CommandEffects.of(new ClusterCommand.StopBroker(3), calm).belowMinIsr()).isZero();
    assertThat(CommandEffects.of(new ClusterCommand.StopBroker(3), over).belowMinIsr())
        .isEqualTo(9);
  }

  @Test
  void tendingLogsTakesWhatRetentionWouldTakeAnyway() {
    assertThat(CommandEffects.of(new ClusterCommand.TendLogs(), calm).none()).isTrue();
  }

  @Test
  void stoppingABrokerThatDoesNotRunDoesNothing() {
    assertThat(CommandEffects.of(new ClusterCommand.KillBroker(2), over).none()).isTrue();
  }

  @Test
  void anElectionMovesWhatThePreferredLeaderCanTakeBack() {
    ClusterSnapshot rejoined = SampleSnapshots.snapshot(Chapter.REJOINED);
    int notPreferred =
        (int) rejoined.partitions().values().stream().filter(PartitionView::notPreferred).count();
    assertThat(notPreferred).isPositive();
    assertThat(
            CommandEffects.of(new ClusterCommand.ElectPreferredLeaders(Set.of()), rejoined)
                .leadersMoved())
        .isEqualTo(notPreferred);
    assertThat(
            CommandEffects.of(new ClusterCommand.ElectPreferredLeaders(Set.of()), over)
                .leadersMoved())
        .as("broker 2 is away")
        .isZero();
  }

  @Test
  void deletingATopicLosesItsRecordsOnceAndItsBytesOnEveryReplica() {
    CommandEffects effects = CommandEffects.of(new ClusterCommand.DeleteTopic("audit"), calm);
    assertThat(effects.recordsLost()).isEqualTo(120 + 160);
    assertThat(effects.bytesLost()).isEqualTo(280L * 1_100 * 3);
  }

  @Test
  void shorterRetentionLosesWhatIsOlder() {
    assertThat(retention("retention.ms", "1000").recordsLost()).isPositive();
    assertThat(retention("retention.ms", "-1").none()).isTrue();
    assertThat(retention("retention.bytes", "1").recordsLost()).isPositive();
    assertThat(retention("retention.bytes", "no number").none()).isTrue();
  }

  private CommandEffects retention(String key, String value) {
    return CommandEffects.of(
        new ClusterCommand.SetTopicConfig("orders", key, Optional.of(value)), calm);
  }
}
