package io.vitrine.console;

import io.vitrine.console.audit.AuditLine;
import io.vitrine.console.audit.AuditTrail;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every change the operator made, a line each: time and the equivalent command line. What was
 * refused or failed is remarked after it.
 *
 * <p>Safe from any thread but the JavaFX thread, since it writes a file. A line that cannot be
 * written is logged; the change itself goes on.
 */
final class AuditLog implements AuditTrail {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  private final Path file;
  private final InstantSource clock;
  private final AtomicLong version = new AtomicLong();

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
      version.incrementAndGet();
    } catch (IOException e) {
      LOG.warn("{} takes no line: {}", file, e.toString());
    }
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public long version() {
    return version.get();
  }

  @Override
  public synchronized List<AuditLine> newest(int most) throws IOException {
    if (Files.notExists(file)) {
      return List.of();
    }
    Deque<AuditLine> newest = new ArrayDeque<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        AuditLine.parse(number, line).ifPresent(newest::addFirst);
        if (newest.size() > most) {
          newest.removeLast();
        }
      }
    }
    return List.copyOf(newest);
  }
}
