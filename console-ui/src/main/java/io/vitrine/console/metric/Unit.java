package io.vitrine.console.metric;

import io.vitrine.console.text.Quantities;
import java.util.Locale;

/** How values are said. */
enum Unit {
  BYTES,
  BYTES_PER_SECOND,
  COUNT,
  /** A mean of counts. */
  MEAN_COUNT,
  PER_SECOND,
  NANOS,
  SHARE;

  private static final int HUNDRED = 100;

  /** A value beside its name; a dash when it is not known. */
  String text(double value, Quantities quantities) {
    if (Double.isNaN(value)) {
      return "–";
    }
    return switch (this) {
      case BYTES -> quantities.bytes(value);
      case BYTES_PER_SECOND -> quantities.bytesPerSecond(value);
      case COUNT -> quantities.count(Math.round(value));
      case MEAN_COUNT -> number(value, quantities);
      case PER_SECOND -> number(value, quantities) + "/s";
      case NANOS -> quantities.nanos(value);
      case SHARE -> String.format(Locale.ROOT, "%.1f %%", value * HUNDRED);
    };
  }

  /** A value at the axis: short, as its neighbours say the rest. */
  String axis(double value, Quantities quantities) {
    if (value == 0) {
      return "0";
    }
    return switch (this) {
      case BYTES, BYTES_PER_SECOND -> whole(quantities.bytes(value));
      case COUNT, MEAN_COUNT, PER_SECOND -> number(value, quantities);
      case NANOS -> whole(quantities.nanos(value));
      case SHARE -> whole(String.format(Locale.ROOT, "%.1f%%", value * HUNDRED));
    };
  }

  /** Whether values are sizes, whose round numbers are powers of two. */
  boolean binary() {
    return this == BYTES || this == BYTES_PER_SECOND;
  }

  private static String number(double value, Quantities quantities) {
    return value >= HUNDRED || value == Math.rint(value)
        ? quantities.count(Math.round(value))
        : String.format(Locale.ROOT, value >= 1 ? "%.1f" : "%.2f", value);
  }

  /** Without zeros after the point. */
  private static String whole(String said) {
    return said.replaceFirst("\\.0+(?=\\D|$)", "");
  }
}
