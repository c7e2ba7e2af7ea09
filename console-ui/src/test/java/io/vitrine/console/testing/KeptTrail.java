package io.vitrine.console.testing;

import io.vitrine.console.audit.AuditLine;
import io.vitrine.console.audit.AuditTrail;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An audit log of what a test kept: the entries that begin with "audit ", a second apart. */
public final class KeptTrail implements AuditTrail {
  private static final String MARK = "audit ";
  private static final Instant BEGIN = Instant.parse("2026-01-01T09:00:00Z");

  private final List<String> kept;

  /** A log over a list that grows. */
  public KeptTrail(List<String> kept) {
    this.kept = kept;
  }

  @Override
  public Path file() {
    return Path.of("/home/operator/.local/share/vitrine/audit.log");
  }

  @Override
  public long version() {
    return kept.size();
  }

  @Override
  public List<AuditLine> newest(int most) {
    List<AuditLine> lines = new ArrayList<>();
    for (String entry : kept) {
      if (entry.startsWith(MARK)) {
        long number = lines.size() + 1;
        AuditLine.parse(number, BEGIN.plusSeconds(number) + "  " + entry.substring(MARK.length()))
            .ifPresent(lines::add);
      }
    }
    Collections.reverse(lines);
    return lines.subList(0, Math.min(most, lines.size()));
  }
}
