package io.vitrine.cluster.replica;

/**
 * How far a follower is, as its leader knows it from the follower's fetches. Times are milliseconds
 * of the broker's monotonic clock.
 *
 * <p>Asking for offset n says "I have all below n": there is no other acknowledgement.
 *
 * @param logStartOffset the follower's, -1 not known
 * @param logEndOffset the offset it asked for last, -1 not known
 * @param lastFetchLeaderEndOffset the leader's log end when it answered the last fetch, -1 never
 * @param lastFetchMs when it fetched last, {@link #NEVER} before
 * @param lastCaughtUpMs the last time it had everything the leader had, {@link #NEVER} before
 * @param brokerEpoch as the follower told, -1 not told
 */
record FollowerProgress(
    long logStartOffset,
    long logEndOffset,
    long lastFetchLeaderEndOffset,
    long lastFetchMs,
    long lastCaughtUpMs,
    long brokerEpoch) {

  /** So long ago that every limit has passed, and no difference overflows. */
  static final long NEVER = Long.MIN_VALUE / 2;

  private static final long UNKNOWN = -1;

  /** A follower of whom nothing is known. */
  static final FollowerProgress NONE =
      new FollowerProgress(UNKNOWN, UNKNOWN, UNKNOWN, NEVER, NEVER, UNKNOWN);

  /**
   * After a fetch. It is caught up now when it asked for the leader's end; it was caught up at its
   * previous fetch when it now asks for what was the end then.
   */
  FollowerProgress fetched(
      long fetchOffset, long followerLogStart, long nowMs, long leaderEnd, long epoch) {
    long caughtUpMs = lastCaughtUpMs;
    if (fetchOffset >= leaderEnd) {
      caughtUpMs = Math.max(lastCaughtUpMs, nowMs);
    } else if (fetchOffset >= lastFetchLeaderEndOffset) {
      caughtUpMs = Math.max(lastCaughtUpMs, lastFetchMs);
    }
    return new FollowerProgress(
        followerLogStart,
        fetchOffset,
        Math.max(leaderEnd, lastFetchLeaderEndOffset),
        nowMs,
        caughtUpMs,
        epoch);
  }

  /** When a broker begins to lead: nothing is known, and an ISR member gets the whole lag time. */
  static FollowerProgress atNewLeader(boolean inSync, long nowMs) {
    return new FollowerProgress(UNKNOWN, UNKNOWN, UNKNOWN, NEVER, inSync ? nowMs : NEVER, UNKNOWN);
  }

  /** When the same leader goes on in a newer epoch. */
  FollowerProgress atNewEpoch(boolean inSync, long leaderEnd, long nowMs) {
    long sinceMs = inSync ? nowMs : NEVER;
    return new FollowerProgress(
        logStartOffset, logEndOffset, leaderEnd, sinceMs, sinceMs, brokerEpoch);
  }

  /** Equal to the leader, or it was within the limit: both must fail for it to be out of sync. */
  boolean isCaughtUp(long leaderEnd, long nowMs, long lagTimeMaxMs) {
    return logEndOffset == leaderEnd || nowMs - lastCaughtUpMs <= lagTimeMaxMs;
  }

  /** How long ago, -1 for never. */
  static long age(long nowMs, long thenMs) {
    return thenMs == NEVER ? -1 : Math.max(0, nowMs - thenMs);
  }
}
