package io.vitrine.console.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of the audit log are read back, and stay a script that a shell can run. */
class AuditLineTest {
  private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");

  @Test
  void aCommandAndARemarkAreToldApart() {
    assertThat(AuditLine.parse(7, NOW + "  kill -9 $(pgrep -f a  b)"))
        .contains(new AuditLine(7, NOW, "kill -9 $(pgrep -f a  b)", false));
    assertThat(AuditLine.parse(8, NOW + "  # refused: no"))
        .contains(new AuditLine(8, NOW, "refused: no", true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "words", "two  words", "2026-05-04T03:02:01Z one space"})
  void otherLinesAreNone(String line) {
    assertThat(AuditLine.parse(1, line)).isEmpty();
  }

  @Test
  void theScriptBeginsWithTheOldestAndKeepsRemarksAsComments() {
    assertThat(
            AuditLine.script(
                List.of(
                    new AuditLine(2, NOW, "refused: no", true),
                    new AuditLine(1, NOW, "kafka-topics.sh --list", false))))
        .isEqualTo("kafka-topics.sh --list\n# refused: no\n");
  }
}
