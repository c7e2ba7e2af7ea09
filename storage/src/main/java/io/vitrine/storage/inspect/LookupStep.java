package io.vitrine.storage.inspect;

/**
 * One step of finding a record.
 *
 * @param kind of work
 * @param text what was looked at and what it said
 */
public record LookupStep(Kind kind, String text) {
  /** Where the work is done. */
  public enum Kind {
    SEGMENT,
    TIME_INDEX,
    OFFSET_INDEX,
    SCAN,
    FOUND,
    NOT_FOUND
  }
}
