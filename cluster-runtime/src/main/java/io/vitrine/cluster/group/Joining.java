package io.vitrine.cluster.group;

import java.util.List;

/**
 * A request to join.
 *
 * @param memberId empty for one that has none yet
 * @param instanceId null for a dynamic member
 * @param requiresKnownId whether a newcomer is given an id first and has to come again with it
 * @param skipsAssignment whether a leader can be told that there is nothing to share out
 * @param clientHost as Kafka writes addresses: with a slash before it
 * @param reason the client's, null when it gave none
 */
record Joining(
    String memberId,
    String instanceId,
    boolean requiresKnownId,
    boolean skipsAssignment,
    String clientId,
    String clientHost,
    int rebalanceTimeoutMs,
    int sessionTimeoutMs,
    String protocolType,
    List<Protocol> protocols,
    String reason) {
  Joining {
    protocols = List.copyOf(protocols);
  }
}
