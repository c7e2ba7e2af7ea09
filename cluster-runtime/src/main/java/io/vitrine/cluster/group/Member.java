package io.vitrine.cluster.group;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group. Guarded by the group's lock; whoever counts on who waits changes it through
 * {@link Members}.
 */
final class Member {
  private static final Logger LOG = LoggerFactory.getLogger(Member.class);
  private static final byte[] NOTHING = {};

  private final String instanceId;
  private final String clientId;
  private final String clientHost;
  private final String protocolType;
  private String id;
  private int rebalanceTimeoutMs;
  private int sessionTimeoutMs;
  private List<Protocol> protocols;
  private byte[] assignment = NOTHING;

  /** What {@link #assignedPartitions} last read; null when it was not read yet. */
  private List<TopicPartition> assignedPartitions;

  /** It has not been told its id: it cannot heartbeat yet. */
  private boolean isNew;

  private CompletableFuture<JoinGroupResponseData> join;
  private CompletableFuture<SyncGroupResponseData> sync;

  /**
   * @param instanceId null for a dynamic member
   */
  Member(
      String id,
      String instanceId,
      String clientId,
      String clientHost,
      int rebalanceTimeoutMs,
      int sessionTimeoutMs,
      String protocolType,
      List<Protocol> protocols) {
    this.id = id;
    this.instanceId = instanceId;
    this.clientId = clientId;
    this.clientHost = clientHost;
    this.rebalanceTimeoutMs = rebalanceTimeoutMs;
    this.sessionTimeoutMs = sessionTimeoutMs;
    this.protocolType = protocolType;
    this.protocols = List.copyOf(protocols);
  }

  String id() {
    return id;
  }

  /** A static member that came back under another id. */
  void id(String now) {
    id = now;
  }

  Optional<String> instanceId() {
    return Optional.ofNullable(instanceId);
  }

  boolean isStatic() {
    return instanceId != null;
  }

  String clientId() {
    return clientId;
  }

  String clientHost() {
    return clientHost;
  }

  int rebalanceTimeoutMs() {
    return rebalanceTimeoutMs;
  }

  int sessionTimeoutMs() {
    return sessionTimeoutMs;
  }

  void timeouts(int rebalanceMs, int sessionMs) {
    rebalanceTimeoutMs = rebalanceMs;
    sessionTimeoutMs = sessionMs;
  }

  String protocolType() {
    return protocolType;
  }

  List<Protocol> protocols() {
    return protocols;
  }

  void protocols(List<Protocol> now) {
    protocols = List.copyOf(now);
  }

  /**
   * What it has to say to a protocol it knows.
   *
   * @throws IllegalArgumentException when it does not know it
   */
  byte[] metadata(String protocol) {
    return protocols.stream()
        .filter(each -> each.name().equals(protocol))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(id + " does not know " + protocol))
        .metadata();
  }

  /** The first of its protocols that is among these. */
  Optional<String> vote(Set<String> candidates) {
    return protocols.stream().map(Protocol::name).filter(candidates::contains).findFirst();
  }

  byte[] assignment() {
    return assignment;
  }

  void assignment(byte[] now) {
    assignment = now;
    assignedPartitions = null;
  }

  /** What the assignment says to consume; empty for what is no consumer or cannot be read. */
  List<TopicPartition> assignedPartitions() {
    if (assignedPartitions == null) {
      assignedPartitions = readAssignment();
    }
    return assignedPartitions;
  }

  private List<TopicPartition> readAssignment() {
    if (assignment.length == 0 || !ConsumerProtocol.PROTOCOL_TYPE.equals(protocolType)) {
      return List.of();
    }
    try {
      // Version 0 is the beginning of every version.
      ByteBuffer bytes = ByteBuffer.wrap(assignment);
      ConsumerProtocol.deserializeVersion(bytes);
      return List.copyOf(ConsumerProtocol.deserializeAssignment(bytes, (short) 0).partitions());
    } catch (RuntimeException e) {
      // Bytes of a client: whatever they are must not keep its group from going on.
      LOG.debug("the assignment of {} cannot be read: {}", this, e.getMessage());
      return List.of();
    }
  }

  void clearAssignment() {
    assignment(NOTHING);
  }

  boolean isNew() {
    return isNew;
  }

  void isNew(boolean now) {
    isNew = now;
  }

  CompletableFuture<JoinGroupResponseData> join() {
    return join;
  }

  void join(CompletableFuture<JoinGroupResponseData> waiting) {
    join = waiting;
  }

  boolean awaitsJoin() {
    return join != null;
  }

  CompletableFuture<SyncGroupResponseData> sync() {
    return sync;
  }

  void sync(CompletableFuture<SyncGroupResponseData> waiting) {
    sync = waiting;
  }

  boolean awaitsSync() {
    return sync != null;
  }

  /** Whether silence says nothing about it: it waits for an answer of ours. */
  boolean mayBeSilent() {
    return !isNew && (awaitsJoin() || awaitsSync());
  }

  @Override
  public String toString() {
    return isStatic() ? id + " (" + instanceId + ")" : id;
  }
}
