package io.vitrine.cluster.group;

import java.util.Locale;
import java.util.Set;

/** What a group is at, and from where it may come there. */
enum GroupState {
  /** No members; it stays for the sake of its offsets. Also a group that only commits. */
  EMPTY("Empty"),
  /** Members are gathered: joins wait, heartbeats tell to rejoin. */
  PREPARING_REBALANCE("PreparingRebalance"),
  /** All are in; the leader is to say who gets what. Syncs wait. */
  COMPLETING_REBALANCE("CompletingRebalance"),
  /** Everybody has their assignment. */
  STABLE("Stable"),
  /** Deleted, or coordinated elsewhere; never left. */
  DEAD("Dead");

  private final String text;

  GroupState(String text) {
    this.text = text;
  }

  /** Whether a group in this state may go to another. */
  boolean mayBecome(GroupState next) {
    return switch (next) {
      case EMPTY, COMPLETING_REBALANCE -> this == PREPARING_REBALANCE;
      case PREPARING_REBALANCE -> mayRebalance();
      case STABLE -> this == COMPLETING_REBALANCE;
      case DEAD -> true;
    };
  }

  boolean mayRebalance() {
    return this == STABLE || this == COMPLETING_REBALANCE || this == EMPTY;
  }

  /** Whether it is among names compared without regard to case. */
  boolean isIn(Set<String> lowerCaseNames) {
    return lowerCaseNames.contains(text.toLowerCase(Locale.ROOT));
  }

  /** Its name in answers. */
  @Override
  public String toString() {
    return text;
  }
}
