package io.vitrine.console.controller;

import io.vitrine.console.text.Quantities;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as the view writes them. Immutable. */
final class Times {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private final ZoneId zone;
  private final Quantities quantities;

  Times(ZoneId zone, Quantities quantities) {
    this.zone = zone;
    this.quantities = quantities;
  }

  /** The time of day. */
  String clock(long wallMs) {
    return CLOCK.format(Instant.ofEpochMilli(wallMs).atZone(zone));
  }

  /** A short time with what counts of it: below ten milliseconds in hundredths. */
  String nanos(long nanos) {
    return nanos < 0
        ? "–"
        : nanos < 10_000_000
            ? String.format(Locale.ROOT, "%.2f ms", nanos / 1e6)
            : quantities.millis(nanos / 1_000_000);
  }
}
