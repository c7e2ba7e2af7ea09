package io.vitrine.cluster.replica;

import io.vitrine.storage.epoch.EpochEnd;

/** Where a follower cuts its log. Pure functions. */
final class Truncations {
  private Truncations() {}

  /**
   * After the leader said that the logs part.
   *
   * @param leaderEnd the largest epoch the leader knows up to the follower's last one, and its end
   * @param ownEnd the follower's own end for that epoch, or for the largest it knows below
   * @param ownLogEnd the follower's log end
   * @param highWatermark the follower's, used when the leader knows nothing of the epoch
   * @return where to cut, and whether that was all: when the follower does not know the leader's
   *     epoch the logs may still differ below, and the leader must be asked again
   */
  static Cut onDivergence(EpochEnd leaderEnd, EpochEnd ownEnd, long ownLogEnd, long highWatermark) {
    if (leaderEnd.endOffset() < 0) {
      return new Cut(highWatermark, true);
    }
    if (leaderEnd.epoch() < 0 || ownEnd.endOffset() < 0) {
      return new Cut(Math.min(leaderEnd.endOffset(), ownLogEnd), true);
    }
    if (ownEnd.epoch() != leaderEnd.epoch()) {
      return new Cut(Math.min(ownEnd.endOffset(), ownLogEnd), false);
    }
    return new Cut(Math.min(Math.min(ownEnd.endOffset(), leaderEnd.endOffset()), ownLogEnd), true);
  }

  /**
   * A cut.
   *
   * @param last whether the logs are known to be equal below it
   */
  record Cut(long offset, boolean last) {}

  /** What to do when the leader does not have the offset asked for. */
  sealed interface OutOfRange {
    /** The leader's log is shorter, after an unclean election: cut there. */
    record CutAt(long offset) implements OutOfRange {}

    /** The leader has deleted what comes next: throw all away and begin at its start. */
    record StartAt(long offset) implements OutOfRange {}

    /** The leader has grown meanwhile: ask again from the own end. */
    record GoOn(long offset) implements OutOfRange {}
  }

  static OutOfRange onOutOfRange(long ownLogEnd, long leaderLogEnd, long leaderLogStart) {
    if (leaderLogEnd < ownLogEnd) {
      return new OutOfRange.CutAt(leaderLogEnd);
    }
    return leaderLogStart > ownLogEnd
        ? new OutOfRange.StartAt(leaderLogStart)
        : new OutOfRange.GoOn(ownLogEnd);
  }
}
