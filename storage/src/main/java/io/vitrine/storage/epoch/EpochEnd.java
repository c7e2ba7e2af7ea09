package io.vitrine.storage.epoch;

/**
 * Where a leader epoch ends.
 *
 * @param epoch the asked epoch or the largest known below it, -1 unknown
 * @param endOffset first offset of the next epoch, or the log end offset; -1 unknown
 */
public record EpochEnd(int epoch, long endOffset) {
  /** Nothing is known of the asked epoch. */
  public static final EpochEnd UNDEFINED = new EpochEnd(-1, -1);
}
