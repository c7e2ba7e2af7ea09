package io.vitrine.cluster.data;

/**
 * How far a reading has come.
 *
 * @param read records read, matching or not
 * @param matched records handed over
 * @param bytes of the records read
 * @param left offsets to go to the end as it was last seen, 0 when all was read; an offset need not
 *     hold a record
 * @param elapsedMs since it began
 * @param reason why it failed, else empty
 */
public record ReadProgress(
    State state, long read, long matched, long bytes, long left, long elapsedMs, String reason) {
  /** What it is at. */
  public enum State {
    /** Looks for brokers, offsets and times. */
    OPENING,
    /** Has more to read. */
    READING,
    /** Has read everything and waits for more. */
    WAITING,
    /** Ended: everything was read that was there when it began. */
    COMPLETE,
    /** Ended: as many matched as were wanted. */
    ENOUGH_MATCHES,
    /** Ended: as many were read as were allowed. */
    ENOUGH_READ,
    /** Ended because somebody stopped it. */
    STOPPED,
    /** Ended because it could not go on. */
    FAILED;

    /** Whether nothing comes any more. */
    public boolean ended() {
      return this != OPENING && this != READING && this != WAITING;
    }
  }

  /** Nothing was read yet. */
  public static ReadProgress opening() {
    return new ReadProgress(State.OPENING, 0, 0, 0, 0, 0, "");
  }
}
