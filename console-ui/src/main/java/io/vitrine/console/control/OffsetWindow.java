package io.vitrine.console.control;

import java.util.stream.LongStream;

/**
 * The stretch of offsets a ruler shows: the end of the logs, wide enough for what differs.
 *
 * @param low first offset shown
 * @param high first offset not shown, above {@code low}
 * @param first the oldest offset there is, at most {@code low}
 */
public record OffsetWindow(long low, long high, long first) {
  private static final long LEAST = 40;

  /**
   * A window that holds all these offsets near its right end.
   *
   * @param first the oldest offset there is
   * @param marks log ends and high watermarks; unknown ones are negative and left out
   */
  public static OffsetWindow around(long first, LongStream marks) {
    long[] known = marks.filter(m -> m >= 0).toArray();
    if (known.length == 0) {
      return new OffsetWindow(0, LEAST, 0);
    }
    long most = LongStream.of(known).max().orElse(0);
    long least = LongStream.of(known).min().orElse(0);
    long width = nice(Math.max(LEAST, Math.round((most - least) * 1.5)));
    // The right end moves in steps, so that the eye can see the logs grow.
    long step = Math.max(1, width / 8);
    long high = (most / step + 1) * step + step / 2;
    long low = Math.max(Math.max(0, first), high - width);
    return new OffsetWindow(low, Math.max(high, low + LEAST), Math.max(0, Math.min(first, low)));
  }

  /** Where an offset lies between 0 (left) and 1 (right); offsets outside are at the ends. */
  public double at(long offset) {
    return Math.max(0, Math.min(1, (offset - low) / (double) (high - low)));
  }

  /** How many offsets are shown. */
  public long width() {
    return high - low;
  }

  /** The next of 1, 2, 5 times a power of ten, times four, at or above. */
  private static long nice(long value) {
    for (long power = 10; ; power *= 10) {
      for (long digit : new long[] {1, 2, 4, 5, 8}) {
        if (digit * power >= value) {
          return digit * power;
        }
      }
    }
  }
}
