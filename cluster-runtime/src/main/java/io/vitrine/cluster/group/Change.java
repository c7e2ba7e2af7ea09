package io.vitrine.cluster.group;

import io.vitrine.cluster.event.ClusterEvent.GroupCause;

/**
 * Why a group became another.
 *
 * @param member whose doing it was, empty if nobody's
 * @param detail what the client gave as its reason, or an error; empty when there is nothing
 */
record Change(GroupCause cause, String member, String detail) {

  /** Nobody's doing. */
  static Change of(GroupCause cause) {
    return of(cause, "");
  }

  static Change of(GroupCause cause, String detail) {
    return new Change(cause, "", detail);
  }

  /**
   * A member's doing.
   *
   * @param reason as the client gave it; may be null
   */
  static Change by(Member member, GroupCause cause, String reason) {
    return new Change(cause, member.id(), reason == null ? "" : reason);
  }

  /** In words, for logs. */
  @Override
  public String toString() {
    return (member.isEmpty() ? "" : member + " ")
        + cause.words()
        + (detail.isEmpty() ? "" : ": " + detail);
  }
}
