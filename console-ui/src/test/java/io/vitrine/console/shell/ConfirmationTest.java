package io.vitrine.console.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.CommandEffects;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ConfirmationTest {
  private final ClusterSnapshot calm = SampleSnapshots.snapshot(Chapter.CALM);
  private final Messages texts = Messages.of(Confirmation.class, Locale.ENGLISH);
  private final Quantities quantities = new Quantities(Locale.ENGLISH);

  @Test
  void whatCanBeTakenBackIsNotAskedFor() {
    assertThat(of(new ClusterCommand.StartBroker(1))).isEmpty();
    assertThat(of(new ClusterCommand.ElectPreferredLeaders(Set.of()))).isEmpty();
    assertThat(of(new ClusterCommand.CreateTopic("t", 1, 1, Map.of()))).isEmpty();
    assertThat(of(new ClusterCommand.SwitchTraffic(true))).isEmpty();
    assertThat(of(new ClusterCommand.RollSegment(new TopicPartition("orders", 0)))).isEmpty();
    assertThat(of(new ClusterCommand.TendLogs())).isEmpty();
  }

  @Test
  void aKillStatesItsEffectFirst() {
    Confirmation question = of(new ClusterCommand.KillBroker(2)).orElseThrow();

    assertThat(question.title()).isEqualTo("Kill broker 2?");
    assertThat(question.effects().get(0))
        .isEqualTo("Partitions without a leader: 3, for up to 18.0 s, until the session runs out");
    assertThat(question.effects()).contains("Leaders that move to another broker: 3");
    assertThat(question.typed()).isEmpty();
  }

  @Test
  void killingTheControllerSaysSo() {
    assertThat(of(new ClusterCommand.KillBroker(1)).orElseThrow().effects())
        .contains("Another broker becomes controller.");
  }

  @Test
  void deletingATopicWantsItsNameTyped() {
    Confirmation question = of(new ClusterCommand.DeleteTopic("orders")).orElseThrow();

    assertThat(question.typed()).contains("orders");
    assertThat(question.effects().get(0)).startsWith("Records deleted for good: ");
  }

  @Test
  void aLongerRetentionNeedsNoName() {
    Confirmation question =
        of(new ClusterCommand.SetTopicConfig("orders", "retention.ms", Optional.of("-1")))
            .orElseThrow();

    assertThat(question.typed()).isEmpty();
    assertThat(question.effects()).containsExactly("Nothing that clients would notice.");
  }

  private Optional<Confirmation> of(ClusterCommand command) {
    return Confirmation.of(command, CommandEffects.of(command, calm), texts, quantities);
  }
}
