package io.vitrine.cluster.replica;

import java.util.List;
import java.util.function.IntPredicate;

/** Up to where records are safe. Pure functions. */
final class HighWatermarks {
  private HighWatermarks() {}

  /**
   * The leader's high watermark: the smallest log end among the leader, the maximal ISR, and
   * followers that are caught up and may join the ISR soon. It never falls, and it stands still
   * while the ISR is smaller than {@code min.insync.replicas} (new in 3.9).
   *
   * @param current the high watermark so far
   * @param minIsr {@code min.insync.replicas}, not capped
   * @param alive which brokers live
   */
  static long ofLeader(
      long current,
      long leaderEnd,
      IsrState isr,
      int minIsr,
      List<RemoteReplica> followers,
      long nowMs,
      long lagTimeMaxMs,
      IntPredicate alive) {
    if (isr.isr().size() < effectiveMinIsr(minIsr, followers.size())) {
      return current;
    }
    long smallest = leaderEnd;
    for (RemoteReplica follower : followers) {
      FollowerProgress progress = follower.progress();
      if (progress.logEndOffset() < smallest
          && (isr.maximal().contains(follower.brokerId())
              || progress.isCaughtUp(leaderEnd, nowMs, lagTimeMaxMs)
                  && alive.test(follower.brokerId()))) {
        smallest = progress.logEndOffset();
      }
    }
    return Math.max(current, smallest);
  }

  /** A follower's: what the leader said, as far as it has the records. */
  static long ofFollower(long leaderHighWatermark, long ownLogEnd) {
    return Math.min(leaderHighWatermark, ownLogEnd);
  }

  /** {@code min.insync.replicas} cannot ask for more than there are. */
  static int effectiveMinIsr(int minIsr, int followers) {
    return Math.min(minIsr, followers + 1);
  }
}
