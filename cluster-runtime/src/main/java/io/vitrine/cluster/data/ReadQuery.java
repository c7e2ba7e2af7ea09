package io.vitrine.cluster.data;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is to be read.
 *
 * @param partition all of the topic when empty
 * @param follow goes on at the end and waits for more; else the reading ends at what was the end
 *     when it began
 * @param committedOnly as {@code isolation.level=read_committed}
 * @param wanted which records are handed over; asked on the reading's thread
 * @param mostMatches ends the reading after so many, at least 1
 * @param mostRead likewise, matching or not
 */
public record ReadQuery(
    String topic,
    Optional<Integer> partition,
    Start start,
    boolean follow,
    boolean committedOnly,
    Predicate<DataRecord> wanted,
    long mostMatches,
    long mostRead) {
  /** No limit. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  public ReadQuery {
    if (topic.isEmpty()) {
      throw new IllegalArgumentException("no topic");
    }
    if (mostMatches < 1 || mostRead < 1) {
      throw new IllegalArgumentException("a limit below 1");
    }
  }

  /** Everything of a topic that is there now. */
  public static ReadQuery all(String topic) {
    return new ReadQuery(
        topic,
        Optional.empty(),
        new Beginning(),
        false,
        true,
        record -> true,
        UNLIMITED,
        UNLIMITED);
  }

  /** Where each partition begins. */
  public sealed interface Start {}

  /** At its oldest record. */
  public record Beginning() implements Start {}

  /** At what comes next. */
  public record End() implements Start {}

  /** So many offsets before its end; fewer records when some of them are gone. */
  public record Last(long offsets) implements Start {}

  /** At an offset, or the nearest there is. */
  public record Offset(long offset) implements Start {}

  /** At the first record that is not older. */
  public record Time(long timestampMs) implements Start {}
}
