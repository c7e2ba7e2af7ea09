package io.vitrine.console.audit;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A line of the audit log.
 *
 * @param number its place in the file, from 1
 * @param remark whether it tells what became of a command instead of being one
 */
public record AuditLine(long number, Instant when, String text, boolean remark) {
  private static final String REMARK = "# ";

  /** Reads a line: a time, two spaces and a text; empty when it is something else. */
  public static Optional<AuditLine> parse(long number, String line) {
    int gap = line.indexOf("  ");
    if (gap < 0) {
      return Optional.empty();
    }
    try {
      Instant when = Instant.parse(line.substring(0, gap));
      String text = line.substring(gap + 2);
      boolean remark = text.startsWith(REMARK);
      return Optional.of(
          new AuditLine(number, when, remark ? text.substring(REMARK.length()) : text, remark));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** These lines as a shell would run them, the oldest first. */
  static String script(List<AuditLine> lines) {
    return lines.stream()
        .sorted(Comparator.comparingLong(AuditLine::number))
        .map(line -> line.remark() ? REMARK + line.text() : line.text())
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
