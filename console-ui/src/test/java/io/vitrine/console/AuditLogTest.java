package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.console.audit.AuditLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was changed is kept and found again. */
class AuditLogTest {
  private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");

  @TempDir private Path folder;

  @Test
  void linesComeBackTheNewestFirst() throws IOException {
    AuditLog log = log();
    log.write("kafka-topics.sh --create --topic a");
    log.write("# refused: topic a is there already  <-  kafka-topics.sh --create --topic a");

    assertThat(log.newest(10))
        .containsExactly(
            new AuditLine(
                2,
                NOW,
                "refused: topic a is there already  <-  kafka-topics.sh --create --topic a",
                true),
            new AuditLine(1, NOW, "kafka-topics.sh --create --topic a", false));
  }

  @Test
  void onlyTheNewestAreReadAndTheVersionTellsOfEachWrite() throws IOException {
    AuditLog log = log();
    assertThat(log.newest(2)).isEmpty();
    for (int i = 0; i < 5; i++) {
      log.write("command " + i);
    }

    assertThat(log.version()).isEqualTo(5);
    assertThat(log.newest(2)).extracting(AuditLine::text).containsExactly("command 4", "command 3");
  }

  @Test
  void whatSomebodyElseWroteIsLeftOut() throws IOException {
    AuditLog log = log();
    log.write("one");
    Files.writeString(log.file(), "a note\n\nmore  words\n", StandardOpenOption.APPEND);
    log.write("two");

    assertThat(log.newest(10)).extracting(AuditLine::number).containsExactly(5L, 1L);
  }

  private AuditLog log() {
    return new AuditLog(folder.resolve("deeper").resolve("audit.log"), InstantSource.fixed(NOW));
  }
}
