package io.vitrine.cluster.group;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.JoinGroupResponseData;

/**
 * The members of a group: who leads, who is static under which id, which protocols all have in
 * common, how many wait for the rebalance. Guarded by the group's lock.
 */
final class Members {
  private final Map<String, Member> byId = new LinkedHashMap<>();
  private final Map<String, String> idsOfInstances = new HashMap<>();
  private final Map<String, Integer> supporters = new HashMap<>();

  /** Ids that were given out and not yet used. */
  private final Set<String> pending = new HashSet<>();

  private String leaderId;
  private int awaitingJoin;

  // ---- who there is --------------------------------------------------------------------------

  boolean has(String id) {
    return byId.containsKey(id);
  }

  /** The member of this id, which must be one. */
  Member get(String id) {
    return byId.get(id);
  }

  int size() {
    return byId.size();
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  /** All members, in the order they came; a copy. */
  List<Member> all() {
    return new ArrayList<>(byId.values());
  }

  Set<String> ids() {
    return byId.keySet();
  }

  Optional<String> idOfInstance(String instanceId) {
    return Optional.ofNullable(idsOfInstances.get(instanceId));
  }

  /** Null when there is no leader. */
  String leaderId() {
    return leaderId;
  }

  boolean isLeader(String id) {
    return id.equals(leaderId);
  }

  boolean isPending(String id) {
    return pending.contains(id);
  }

  void addPending(String id) {
    pending.add(id);
  }

  /** The longest any of them may take to rejoin. */
  int rebalanceTimeoutMs() {
    return byId.values().stream().mapToInt(Member::rebalanceTimeoutMs).max().orElse(0);
  }

  // ---- coming and going ----------------------------------------------------------------------

  /**
   * @param join its request that waits; null for one that was loaded
   */
  void add(Member member, CompletableFuture<JoinGroupResponseData> join) {
    member
        .instanceId()
        .ifPresent(
            instance -> {
              if (idsOfInstances.putIfAbsent(instance, member.id()) != null) {
                throw new IllegalStateException(instance + " is a member already");
              }
            });
    if (leaderId == null) {
      leaderId = member.id();
    }
    byId.put(member.id(), member);
    count(member, 1);
    await(member, join);
    pending.remove(member.id());
  }

  void remove(String id) {
    Member gone = byId.remove(id);
    if (gone != null) {
      count(gone, -1);
      if (gone.awaitsJoin()) {
        awaitingJoin--;
      }
      gone.instanceId().ifPresent(idsOfInstances::remove);
    }
    if (isLeader(id)) {
      leaderId = byId.keySet().stream().findFirst().orElse(null);
    }
    pending.remove(id);
  }

  /** A static member came back: it goes on under another id. */
  Member replace(String instanceId, String oldId, String newId) {
    Member member = byId.remove(oldId);
    member.id(newId);
    byId.put(newId, member);
    if (isLeader(oldId)) {
      leaderId = newId;
    }
    idsOfInstances.put(instanceId, newId);
    return member;
  }

  /** What a member says when it joins again. */
  void update(
      Member member,
      List<Protocol> protocols,
      int rebalanceTimeoutMs,
      int sessionTimeoutMs,
      CompletableFuture<JoinGroupResponseData> join) {
    count(member, -1);
    member.protocols(protocols);
    count(member, 1);
    member.timeouts(rebalanceTimeoutMs, sessionTimeoutMs);
    await(member, join);
  }

  /** For a loaded group, whose leader was written down. */
  void leader(String id) {
    leaderId = id;
  }

  // ---- joining -------------------------------------------------------------------------------

  private void await(Member member, CompletableFuture<JoinGroupResponseData> join) {
    awaitingJoin += (join == null ? 0 : 1) - (member.awaitsJoin() ? 1 : 0);
    member.join(join);
  }

  /** Takes the waiting request of a member, for it to be answered; empty when none waits. */
  Optional<CompletableFuture<JoinGroupResponseData>> takeJoin(Member member) {
    Optional<CompletableFuture<JoinGroupResponseData>> waiting = Optional.ofNullable(member.join());
    await(member, null);
    return waiting;
  }

  int awaitingJoin() {
    return awaitingJoin;
  }

  boolean allJoined() {
    return byId.size() == awaitingJoin && pending.isEmpty();
  }

  Collection<Member> notRejoined() {
    return byId.values().stream().filter(member -> !member.awaitsJoin()).toList();
  }

  /**
   * Makes sure that the leader is one who joined.
   *
   * @return false when there is no leader, or nobody joined
   */
  boolean electJoinedLeader() {
    if (leaderId == null) {
      return false;
    }
    if (byId.get(leaderId).awaitsJoin()) {
      return true;
    }
    Optional<Member> joined = byId.values().stream().filter(Member::awaitsJoin).findFirst();
    joined.ifPresent(member -> leaderId = member.id());
    return joined.isPresent();
  }

  // ---- protocols -----------------------------------------------------------------------------

  private void count(Member member, int change) {
    member.protocols().forEach(each -> supporters.merge(each.name(), change, Integer::sum));
  }

  /** Whether all members know one of these. */
  boolean allSupportOneOf(List<Protocol> protocols) {
    return protocols.stream().anyMatch(each -> supporters.getOrDefault(each.name(), 0) == size());
  }

  /**
   * The protocol most members prefer among those all know; of several the one first voted for.
   *
   * @throws IllegalStateException when there is none
   */
  String preferredProtocol() {
    Set<String> candidates =
        supporters.entrySet().stream()
            .filter(each -> each.getValue() == size())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    Map<String, Integer> votes = new LinkedHashMap<>();
    for (Member member : byId.values()) {
      member.vote(candidates).ifPresent(vote -> votes.merge(vote, 1, Integer::sum));
    }
    String preferred = null;
    for (Map.Entry<String, Integer> each : votes.entrySet()) {
      if (preferred == null || each.getValue() > votes.get(preferred)) {
        preferred = each.getKey();
      }
    }
    if (preferred == null) {
      throw new IllegalStateException("the members have no protocol in common");
    }
    return preferred;
  }
}
