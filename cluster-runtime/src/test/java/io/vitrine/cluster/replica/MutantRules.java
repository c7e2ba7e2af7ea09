package io.vitrine.cluster.replica;

import net.bytebuddy.implementation.bind.annotation.Argument;

/** The replicas' rules, broken: the simulation must see it. */
public final class MutantRules {
  private MutantRules() {}

  /** Advances the high watermark early: what the leader has is committed. */
  public static final class CommitAtOnce {
    private CommitAtOnce() {}

    /** In the place of {@link HighWatermarks#ofLeader}. */
    public static long ofLeader(@Argument(0) long current, @Argument(1) long leaderEnd) {
      return Math.max(current, leaderEnd);
    }
  }
}
