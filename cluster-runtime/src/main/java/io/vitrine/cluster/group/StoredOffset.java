package io.vitrine.cluster.group;

/**
 * A committed offset and where it lies in the log: of two commits the later one in the log wins,
 * whatever order their transactions end in.
 *
 * @param batchOffset of the first record of its batch; {@link #NOT_APPENDED} until it is known
 */
record StoredOffset(long batchOffset, CommittedOffset committed) {
  static final long NOT_APPENDED = -1;

  boolean isAppended() {
    return batchOffset != NOT_APPENDED;
  }

  boolean isOlderThan(StoredOffset other) {
    return batchOffset < other.batchOffset;
  }
}
