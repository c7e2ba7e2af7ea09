package io.vitrine.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every change the operator made, a line each: time and the equivalent command line.
 *
 * <p>Safe from any thread but the JavaFX thread, since it writes a file. A line that cannot be
 * written is logged; the change itself goes on.
 */
final class AuditLog {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  private final Path file;
  private final InstantSource clock;

  AuditLog(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  synchronized void write(String commandLine) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(
          file,
          clock.instant() + "  " + commandLine + System.lineSeparator(),
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.warn("{} takes no line: {}", file, e.toString());
    }
  }
}
