package io.vitrine.cluster.group;

import java.util.List;

/**
 * A generation of a group as it is written down.
 *
 * @param protocolType empty for a group without one
 * @param protocol null for a group without members
 * @param leader null likewise
 * @param stateTimestampMs when the group came to its state; -1 where the writer did not say it
 */
record GroupRecord(
    String protocolType,
    int generation,
    String protocol,
    String leader,
    long stateTimestampMs,
    List<MemberRecord> members) {
  static final long NO_TIMESTAMP = -1;

  GroupRecord {
    members = List.copyOf(members);
  }

  /**
   * A member of it.
   *
   * @param instanceId null for a dynamic member
   */
  record MemberRecord(
      String memberId,
      String instanceId,
      String clientId,
      String clientHost,
      int rebalanceTimeoutMs,
      int sessionTimeoutMs,
      byte[] subscription,
      byte[] assignment) {}
}
