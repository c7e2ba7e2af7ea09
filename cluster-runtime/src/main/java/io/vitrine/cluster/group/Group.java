package io.vitrine.cluster.group;

import io.vitrine.cluster.group.GroupRecord.MemberRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One group: its state, its members, its offsets.
 *
 * <p>Everything is guarded by the lock of {@link #locked}. What others are to be told is put off
 * with {@link #afterwards} until the lock is free. Knows no clock: who changes the state says when.
 */
final class Group {
  private static final Logger LOG = LoggerFactory.getLogger(Group.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> afterwards = new ArrayList<>();

  private final String id;
  private final int partition;
  private final Members members = new Members();
  private final Set<String> pendingSync = new HashSet<>();
  private final GroupOffsets offsets = new GroupOffsets();
  private final GroupTimers timers = new GroupTimers();
  private GroupState state = GroupState.EMPTY;
  private long stateTimestampMs;
  private int generation;

  /** Null when nobody ever joined; null also for the protocol's name while nobody is a member. */
  private String protocolType;

  private String protocolName;

  /** A group that was empty waits a while for more than its first member. */
  private boolean gathering;

  private boolean newMemberAdded;

  /** Topics the members consume; empty when it is not known, which is no consumer group. */
  private Optional<Set<String>> subscribedTopics = Optional.empty();

  /**
   * @param partition of {@code __consumer_offsets} it is kept in
   */
  Group(String id, int partition, long nowMs) {
    this.id = id;
    this.partition = partition;
    this.stateTimestampMs = nowMs;
  }

  /** A group as it was written down: with members it is stable, without it is empty. */
  static Group of(String id, int partition, GroupRecord record) {
    Group group = new Group(id, partition, record.stateTimestampMs());
    group.state = record.members().isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
    group.generation = record.generation();
    String type = record.protocolType();
    group.protocolType = type == null || type.isEmpty() ? null : type;
    group.protocolName = record.protocol();
    for (MemberRecord each : record.members()) {
      Member member =
          new Member(
              each.memberId(),
              each.instanceId(),
              each.clientId(),
              each.clientHost(),
              each.rebalanceTimeoutMs(),
              each.sessionTimeoutMs(),
              type,
              List.of(new Protocol(record.protocol(), each.subscription())));
      member.assignment(each.assignment());
      group.members.add(member, null);
    }
    group.members.leader(record.leader());
    group.subscribedTopics = group.computeSubscribedTopics();
    return group;
  }

  // ---- the lock ------------------------------------------------------------------------------

  /** Does something under the lock, then what it put off. May be called under the lock again. */
  <T> T locked(Supplier<T> work) {
    List<Runnable> put = List.of();
    lock.lock();
    try {
      return work.get();
    } finally {
      if (lock.getHoldCount() == 1 && !afterwards.isEmpty()) {
        put = List.copyOf(afterwards);
        afterwards.clear();
      }
      lock.unlock();
      put.forEach(Runnable::run);
    }
  }

  void locked(Runnable work) {
    locked(
        () -> {
          work.run();
          return null;
        });
  }

  /** To be done once the lock is free: answers, for one. Never throws. */
  void afterwards(Runnable work) {
    afterwards.add(work);
  }

  // ---- what it is ----------------------------------------------------------------------------

  String id() {
    return id;
  }

  int partition() {
    return partition;
  }

  GroupState state() {
    return state;
  }

  boolean is(GroupState asked) {
    return state == asked;
  }

  long stateTimestampMs() {
    return stateTimestampMs;
  }

  int generation() {
    return generation;
  }

  String protocolType() {
    return protocolType;
  }

  String protocolName() {
    return protocolName;
  }

  Members members() {
    return members;
  }

  GroupOffsets offsets() {
    return offsets;
  }

  GroupTimers timers() {
    return timers;
  }

  /** Members that have not asked for their assignment in this generation. */
  Set<String> pendingSync() {
    return pendingSync;
  }

  boolean isGathering() {
    return gathering;
  }

  void gathering(boolean now) {
    gathering = now;
  }

  /** Whether somebody came since the gathering began, or was prolonged. */
  boolean newMemberAdded() {
    return newMemberAdded;
  }

  void newMemberAdded(boolean now) {
    newMemberAdded = now;
  }

  boolean isConsumerGroup() {
    return ConsumerProtocol.PROTOCOL_TYPE.equals(protocolType);
  }

  Optional<Set<String>> subscribedTopics() {
    return subscribedTopics;
  }

  /** To be on the safe side, everything is subscribed when it is not known. */
  boolean isSubscribedTo(String topic) {
    return subscribedTopics.map(topics -> topics.contains(topic)).orElse(true);
  }

  /** Whether a member with these protocols fits in. */
  boolean supports(String type, List<Protocol> protocols) {
    return state == GroupState.EMPTY
        ? !type.isEmpty() && !protocols.isEmpty()
        : type.equals(protocolType) && members.allSupportOneOf(protocols);
  }

  // ---- what becomes of it --------------------------------------------------------------------

  /**
   * @throws IllegalStateException when the state cannot follow
   */
  void become(GroupState next, long nowMs) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(id + " cannot become " + next + " from " + state);
    }
    state = next;
    stateTimestampMs = nowMs;
  }

  /** The first member says what kind of group it is. */
  void protocolType(String type) {
    protocolType = type;
  }

  /** All have joined: a new generation, empty if nobody has. */
  void nextGeneration(long nowMs) {
    generation++;
    protocolName = members.isEmpty() ? null : members.preferredProtocol();
    subscribedTopics = computeSubscribedTopics();
    become(members.isEmpty() ? GroupState.EMPTY : GroupState.COMPLETING_REBALANCE, nowMs);
    pendingSync.clear();
  }

  void remove(String memberId) {
    members.remove(memberId);
    pendingSync.remove(memberId);
    timers.cancelSession(memberId);
  }

  private Optional<Set<String>> computeSubscribedTopics() {
    if (!isConsumerGroup()) {
      return Optional.empty();
    }
    if (members.isEmpty()) {
      return Optional.of(Set.of());
    }
    if (protocolName == null) {
      return Optional.empty();
    }
    Set<String> topics = new HashSet<>();
    try {
      for (Member member : members.all()) {
        // Version 0 is the beginning of every version.
        ByteBuffer metadata = ByteBuffer.wrap(member.metadata(protocolName));
        ConsumerProtocol.deserializeVersion(metadata);
        topics.addAll(ConsumerProtocol.deserializeSubscription(metadata, (short) 0).topics());
      }
    } catch (SchemaException e) {
      LOG.warn("group={} what its members subscribe to cannot be read: {}", id, e.getMessage());
      return Optional.empty();
    }
    return Optional.of(topics);
  }

  /**
   * As it is to be written down.
   *
   * @param assignment of every member
   */
  GroupRecord record(Map<String, byte[]> assignment) {
    return new GroupRecord(
        protocolType == null ? "" : protocolType,
        generation,
        protocolName,
        members.leaderId(),
        stateTimestampMs,
        members.all().stream()
            .map(
                member ->
                    new MemberRecord(
                        member.id(),
                        member.instanceId().orElse(null),
                        member.clientId(),
                        member.clientHost(),
                        member.rebalanceTimeoutMs(),
                        member.sessionTimeoutMs(),
                        member.metadata(protocolName),
                        assignment.get(member.id())))
            .toList());
  }

  /** Forgets offsets that are older than the retention, as far as nobody may need them. */
  List<TopicPartition> removeExpiredOffsets(long nowMs, long retentionMs) {
    if (protocolType == null) {
      // Simple consumers: each offset by itself.
      return offsets.removeExpired(
          nowMs, retentionMs, CommittedOffset::commitTimestampMs, Set.of());
    }
    if (state == GroupState.EMPTY) {
      return offsets.removeExpired(
          nowMs,
          retentionMs,
          offset ->
              stateTimestampMs == GroupRecord.NO_TIMESTAMP
                  ? offset.commitTimestampMs()
                  : stateTimestampMs,
          Set.of());
    }
    if (isConsumerGroup() && subscribedTopics.isPresent() && state == GroupState.STABLE) {
      return offsets.removeExpired(
          nowMs, retentionMs, CommittedOffset::commitTimestampMs, subscribedTopics.get());
    }
    return List.of();
  }

  @Override
  public String toString() {
    return id + " (" + state + ", generation " + generation + ")";
  }
}
