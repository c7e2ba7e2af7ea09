package io.vitrine.console.text;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Numbers as people read them: the raw value is exact, this is the value beside it.
 *
 * <p>Immutable; safe from any thread.
 */
public final class Quantities {
  private static final String[] SIZE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);
  private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);
  private static final long MINUTE_MS = TimeUnit.MINUTES.toMillis(1);

  private final Messages messages;

  /** Numbers in this language. */
  public Quantities(Locale locale) {
    this.messages = Messages.of(Quantities.class, locale);
  }

  /** A whole number with its thousands grouped. */
  public String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A size in bytes with a binary unit, three digits that count; {@code "–"} when unknown. */
  public String bytes(double bytes) {
    if (bytes < 0) {
      return "–";
    }
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < SIZE_UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(
        Locale.ROOT,
        unit == 0 || value >= 100 ? "%.0f %s" : value >= 10 ? "%.1f %s" : "%.2f %s",
        value,
        SIZE_UNITS[unit]);
  }

  /** Bytes a second. */
  public String bytesPerSecond(double bytes) {
    return bytes(bytes) + "/s";
  }

  /** A short time in milliseconds: {@code 84 ms}, {@code 9.5 s}, {@code 3:20 min}. */
  public String millis(long ms) {
    if (ms < 1000) {
      return ms + " ms";
    }
    if (ms < 100_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
    }
    return String.format(Locale.ROOT, "%d:%02d min", ms / MINUTE_MS, ms % MINUTE_MS / 1000);
  }

  /**
   * A short time in nanoseconds: {@code 412 µs}, {@code 3.1 ms}, and as {@link #millis} from 1 s.
   */
  public String nanos(double nanos) {
    if (nanos < 999_500) {
      return String.format(Locale.ROOT, "%.0f µs", nanos / 1_000);
    }
    if (nanos < 1_000_000_000) {
      return String.format(Locale.ROOT, nanos < 100e6 ? "%.1f ms" : "%.0f ms", nanos / 1_000_000);
    }
    return millis(TimeUnit.NANOSECONDS.toMillis((long) nanos));
  }

  /** A long time in milliseconds in the largest unit that divides it; -1 reads "unlimited". */
  public String span(long ms) {
    if (ms < 0) {
      return messages.get("unlimited");
    }
    if (ms >= DAY_MS && ms % DAY_MS == 0) {
      return messages.get("days", ms / DAY_MS);
    }
    if (ms >= HOUR_MS && ms % HOUR_MS == 0) {
      return messages.get("hours", ms / HOUR_MS);
    }
    if (ms >= MINUTE_MS && ms % MINUTE_MS == 0) {
      return messages.get("minutes", ms / MINUTE_MS);
    }
    return millis(ms);
  }

  /** A limit in bytes; -1 reads "unlimited". */
  public String byteLimit(long bytes) {
    return bytes < 0 ? messages.get("unlimited") : bytes(bytes);
  }
}
