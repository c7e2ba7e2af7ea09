package io.vitrine.storage.inspect;

import java.util.List;

/**
 * One step of finding a record.
 *
 * @param saying what was seen, in other languages than English by its name
 * @param arguments of the saying, in words
 * @param segment base offset of the segment it was seen in, -1 none
 * @param at the first byte that was looked at: of the log, or of the index for steps in an index;
 *     -1 none
 */
public record LookupStep(Saying saying, List<String> arguments, long segment, long at) {
  public LookupStep {
    arguments = List.copyOf(arguments);
  }

  /** Where the work is done. */
  public enum Kind {
    SEGMENT,
    TIME_INDEX,
    OFFSET_INDEX,
    SCAN,
    FOUND,
    NOT_FOUND
  }

  /** What can be said of a step. */
  public enum Saying {
    SEGMENT_LAST(Kind.SEGMENT, "segment {0} is the last one that begins at or before {1}"),
    SEGMENT_TOO_OLD(Kind.SEGMENT, "segment {0} has nothing newer than {1}"),
    SEGMENT_FIRST_NEW(
        Kind.SEGMENT,
        "segment {0} is the first with a timestamp of at least {1}: its largest is {2}"),
    TIME_EMPTY(Kind.TIME_INDEX, "the index has no entries"),
    TIME_NOT_ABOVE(
        Kind.TIME_INDEX, "entries {0} to {1}: entry {2}, {3} → offset {4}, is not above {5}"),
    TIME_ABOVE(Kind.TIME_INDEX, "entries {0} to {1}: entry {2}, {3} → offset {4}, is above {5}"),
    OFFSET_EMPTY(Kind.OFFSET_INDEX, "the index has no entries"),
    OFFSET_NOT_ABOVE(
        Kind.OFFSET_INDEX, "entries {0} to {1}: entry {2}, {3} → position {4}, is not above {5}"),
    OFFSET_ABOVE(
        Kind.OFFSET_INDEX, "entries {0} to {1}: entry {2}, {3} → position {4}, is above {5}"),
    SCAN_BEGINS(Kind.OFFSET_INDEX, "the scan begins at position {0}"),
    BATCH_PASSED(Kind.SCAN, "batch at position {0}, {1} bytes, offsets {2} to {3}: go on"),
    BATCH_HERE(Kind.SCAN, "batch at position {0}, {1} bytes, offsets {2} to {3}: this one"),
    SEGMENT_READ(Kind.SCAN, "no index knows keys: segment {0} read, {1} records, {2} with the key"),
    FOUND(Kind.FOUND, "record at offset {0}, timestamp {1}, key {2}"),
    NO_SEGMENT(Kind.NOT_FOUND, "there is no segment"),
    BEFORE_FIRST(Kind.NOT_FOUND, "the first segment begins at {0}"),
    BEHIND_END(Kind.NOT_FOUND, "the log ends before offset {0}"),
    NO_RECORD_NEW(Kind.NOT_FOUND, "no record there is that new"),
    NO_SEGMENT_NEW(Kind.NOT_FOUND, "no segment has a timestamp that new"),
    NO_RECORD_OF_KEY(Kind.NOT_FOUND, "no record has the key {0}"),
    DAMAGED(Kind.NOT_FOUND, "{0}");

    private final Kind kind;
    private final String english;

    Saying(Kind kind, String english) {
      this.kind = kind;
      this.english = english;
    }
  }

  /** Where the work is done. */
  public Kind kind() {
    return saying.kind;
  }

  /** What was looked at and what it said, in English. */
  public String text() {
    String text = saying.english;
    for (int i = arguments.size() - 1; i >= 0; i--) {
      text = text.replace("{" + i + "}", arguments.get(i));
    }
    return text;
  }
}
