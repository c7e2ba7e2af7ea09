package io.vitrine.console.data;

import io.vitrine.cluster.data.ReadQuery;
import io.vitrine.cluster.data.RecordFilter;
import io.vitrine.cluster.data.RecordTexts;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the operator filled in to read. Needs no toolkit.
 *
 * @param partition all when empty
 * @param argument an offset, a number of records or a time, as the start wants it
 * @param mostMatches records to be shown, as typed; looked at when reading, not when following
 * @param mostRead records to be read, as typed; likewise
 */
record ReadForm(
    Mode mode,
    String topic,
    Optional<Integer> partition,
    From from,
    String argument,
    RecordFilter filter,
    RecordTexts texts,
    boolean committedOnly,
    String mostMatches,
    String mostRead) {

  /** What becomes of the records. */
  enum Mode {
    /** Goes on at the end; the newest stay. */
    TAIL,
    /** Ends at the end; the first that match stay. */
    READ,
    /** Ends at the end; the newest of each key stays, as compaction would leave it. */
    COMPACTED
  }

  /** Where it begins. */
  enum From {
    END,
    LAST,
    BEGINNING,
    OFFSET,
    TIME;

    /** Whether it wants an argument. */
    boolean wantsArgument() {
      return this == LAST || this == OFFSET || this == TIME;
    }
  }

  private static final DateTimeFormatter DAY_AND_TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd[ ]['T'][HH:mm[:ss]]")
          .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
          .toFormatter();
  private static final Pattern EPOCH_MS = Pattern.compile("\\d{9,15}");
  private static final Pattern AGO = Pattern.compile("-(\\d{1,6})([smhd])");
  private static final Map<String, Long> UNIT_MS =
      Map.of("s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  /**
   * What is to be read.
   *
   * @param zone of times of day
   * @param clock for times counted back from now
   */
  ReadQuery query(ZoneId zone, InstantSource clock) throws WrongInput {
    if (topic.isEmpty()) {
      throw new WrongInput("wrong-topic", "");
    }
    boolean limited = mode == Mode.READ;
    ReadQuery.Start start = mode == Mode.COMPACTED ? new ReadQuery.Beginning() : start(zone, clock);
    try {
      return new ReadQuery(
          topic,
          partition,
          start,
          mode == Mode.TAIL,
          committedOnly,
          filter.by(texts),
          limited ? number(mostMatches, 1, ReadModel.MOST_RECORDS) : ReadQuery.UNLIMITED,
          limited ? number(mostRead, 1, ReadQuery.UNLIMITED) : ReadQuery.UNLIMITED);
    } catch (IllegalArgumentException e) {
      throw new WrongInput("wrong-expression", e.getMessage());
    }
  }

  private ReadQuery.Start start(ZoneId zone, InstantSource clock) throws WrongInput {
    switch (from) {
      case END:
        return new ReadQuery.End();
      case LAST:
        return new ReadQuery.Last(number(argument, 1, ReadQuery.UNLIMITED));
      case OFFSET:
        return new ReadQuery.Offset(number(argument, 0, ReadQuery.UNLIMITED));
      case TIME:
        return new ReadQuery.Time(time(zone, clock));
      default:
        return new ReadQuery.Beginning();
    }
  }

  private long time(ZoneId zone, InstantSource clock) throws WrongInput {
    String text = argument.trim();
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      return clock.millis() - Long.parseLong(ago.group(1)) * UNIT_MS.get(ago.group(2));
    }
    if (EPOCH_MS.matcher(text).matches()) {
      return Long.parseLong(text);
    }
    try {
      return LocalDateTime.parse(text, DAY_AND_TIME).atZone(zone).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw new WrongInput("wrong-time", argument);
    }
  }

  private static long number(String text, long least, long most) throws WrongInput {
    try {
      long value = Long.parseLong(text.trim().replace(",", ""));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new WrongInput("wrong-number", text);
  }
}
