package io.vitrine.console.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.console.control.CommandPalette.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is typed finds what was meant, the nearest first. */
class CommandPaletteTest {
  private final List<Entry> entries =
      List.of(
          entry("Action", "Stop broker 1", "", false),
          entry("Action", "Stop ZooKeeper", "", false),
          entry("Topic setting", "retention.ms", "How long records are kept.", true),
          entry("Broker setting", "log.retention.ms", "How long records are kept.", true),
          entry("Term", "Retention", "보존", true),
          entry("Term", "Tombstone", "툼스톤", true));

  @Test
  void beforeAnythingIsTypedOnlyWhatCanBeDoneIsListed() {
    assertThat(names(" ")).containsExactly("Stop broker 1", "Stop ZooKeeper");
  }

  @Test
  void whatIsCalledSoComesFirstThenWhatHasAWordThatBeginsSo() {
    assertThat(names("retention")).containsExactly("retention.ms", "Retention", "log.retention.ms");
  }

  @Test
  void wordsMayStandInAnyOrder() {
    assertThat(names("1 stop")).containsExactly("Stop broker 1");
  }

  @Test
  void theOtherLanguageAndTheKindAreSearchedToo() {
    assertThat(names("툼스톤")).containsExactly("Tombstone");
    assertThat(names("topic kept")).containsExactly("retention.ms");
  }

  @Test
  void nothingIsFoundForWhatIsNot() {
    assertThat(names("quorum")).isEmpty();
  }

  private List<String> names(String typed) {
    return CommandPalette.found(entries, typed).stream().map(Entry::text).toList();
  }

  private static Entry entry(String kind, String text, String detail, boolean whenTyped) {
    return new Entry(kind, text, detail, "", whenTyped, () -> {});
  }
}
