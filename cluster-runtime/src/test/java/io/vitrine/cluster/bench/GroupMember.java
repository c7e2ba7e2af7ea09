package io.vitrine.cluster.bench;

import io.vitrine.protocol.client.NodeClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.common.utils.Utils;

/**
 * A member of a group on a connection of its own that does what a consumer does, with nothing
 * around it: joins, assigns when it leads (to every member its id), synchronises, sends heartbeats,
 * and joins again when one says so. Fifty of them cost the machine next to nothing, where fifty
 * consumers would be measured themselves.
 *
 * <p>Lives on the thread of its executor, apart from {@link #commit}.
 */
final class GroupMember {
  private static final int REBALANCE_TIMEOUT_MS = 60_000;
  private static final int SESSION_TIMEOUT_MS = 60_000;
  private static final String TOPIC = "bench";
  private static final byte[] SUBSCRIPTION =
      Utils.toArray(ConsumerProtocol.serializeSubscription(new Subscription(List.of(TOPIC))));

  private final NodeClient coordinator;
  private final String groupId;
  private final long heartbeatMs;
  private final ScheduledExecutorService executor;
  private final Consumer<GroupMember> assigned;
  private final Consumer<RuntimeException> failed;
  private volatile String memberId = "";
  private volatile int generation = -1;
  private boolean stable;
  private boolean left;

  /**
   * @param coordinator closed by its owner
   * @param heartbeatMs between heartbeats
   * @param assigned hears, on the executor, whenever there is an assignment
   * @param failed hears what ends this member
   */
  GroupMember(
      NodeClient coordinator,
      String groupId,
      long heartbeatMs,
      ScheduledExecutorService executor,
      Consumer<GroupMember> assigned,
      Consumer<RuntimeException> failed) {
    this.coordinator = coordinator;
    this.groupId = groupId;
    this.heartbeatMs = heartbeatMs;
    this.executor = executor;
    this.assigned = assigned;
    this.failed = failed;
  }

  int generation() {
    return generation;
  }

  /** Whether it has its assignment in that generation. */
  boolean isStableIn(int wanted) {
    return stable && generation == wanted;
  }

  /** Begins to join. */
  void join() {
    stable = false;
    JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
    protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(SUBSCRIPTION));
    ask(
        new JoinGroupRequest.Builder(
            new JoinGroupRequestData()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setProtocolType("consumer")
                .setProtocols(protocols)
                .setSessionTimeoutMs(SESSION_TIMEOUT_MS)
                .setRebalanceTimeoutMs(REBALANCE_TIMEOUT_MS)),
        ApiKeys.JOIN_GROUP,
        response -> joined(((JoinGroupResponse) response).data()));
  }

  private void joined(JoinGroupResponseData answer) {
    switch (Errors.forCode(answer.errorCode())) {
      case NONE -> {
        memberId = answer.memberId();
        generation = answer.generationId();
        sync(answer);
      }
      case MEMBER_ID_REQUIRED -> {
        memberId = answer.memberId();
        join();
      }
      // The topic of groups was made a moment ago, or its partition is being loaded.
      case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS ->
          executor.schedule(this::join, heartbeatMs, TimeUnit.MILLISECONDS);
      default -> fail("join", Errors.forCode(answer.errorCode()));
    }
  }

  private void sync(JoinGroupResponseData joined) {
    List<SyncGroupRequestAssignment> shares =
        joined.leader().equals(memberId)
            ? joined.members().stream()
                .map(
                    each ->
                        new SyncGroupRequestAssignment()
                            .setMemberId(each.memberId())
                            .setAssignment(assignment(each.memberId())))
                .toList()
            : List.of();
    ask(
        new SyncGroupRequest.Builder(
            new SyncGroupRequestData()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setGenerationId(generation)
                .setProtocolType("consumer")
                .setProtocolName(joined.protocolName())
                .setAssignments(shares)),
        ApiKeys.SYNC_GROUP,
        response -> synced(((SyncGroupResponse) response).data()));
  }

  private void synced(SyncGroupResponseData answer) {
    switch (Errors.forCode(answer.errorCode())) {
      case NONE -> {
        if (!Arrays.equals(answer.assignment(), assignment(memberId))) {
          failed.accept(new IllegalStateException(memberId + " got another's assignment"));
          return;
        }
        stable = true;
        assigned.accept(this);
        heartbeatLater();
      }
      case REBALANCE_IN_PROGRESS -> join();
      default -> fail("sync", Errors.forCode(answer.errorCode()));
    }
  }

  /** As a consumer's, with the member's id in it. */
  private static byte[] assignment(String memberId) {
    return Utils.toArray(
        ConsumerProtocol.serializeAssignment(
            new Assignment(
                List.of(new TopicPartition(TOPIC, 0)),
                ByteBuffer.wrap(memberId.getBytes(StandardCharsets.UTF_8)))));
  }

  private void heartbeatLater() {
    executor.schedule(this::heartbeat, heartbeatMs, TimeUnit.MILLISECONDS);
  }

  private void heartbeat() {
    if (left) {
      return;
    }
    ask(
        new HeartbeatRequest.Builder(
            new HeartbeatRequestData()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setGenerationId(generation)),
        ApiKeys.HEARTBEAT,
        response -> {
          Errors error = ((HeartbeatResponse) response).error();
          if (error == Errors.NONE) {
            heartbeatLater();
          } else if (error == Errors.REBALANCE_IN_PROGRESS) {
            join();
          } else {
            fail("heartbeat", error);
          }
        });
  }

  /** Leaves for good; completes when it is out. What was asked before is of no interest then. */
  CompletableFuture<Void> leave() {
    left = true;
    return coordinator
        .send(
            new LeaveGroupRequest.Builder(
                groupId, List.of(new MemberIdentity().setMemberId(memberId).setReason("enough"))),
            ApiKeys.LEAVE_GROUP.latestVersion())
        .thenAccept(
            response -> {
              Errors error = ((LeaveGroupResponse) response).error();
              if (error != Errors.NONE) {
                fail("leave", error);
              }
            });
  }

  /**
   * Commits an offset of some partitions of a topic; from any thread, once it has its assignment.
   *
   * @param done hears the answer's error, or what went wrong, on the connection's thread
   */
  void commit(String topic, int partitions, long offset, BiConsumer<Errors, Throwable> done) {
    OffsetCommitRequestTopic committed = new OffsetCommitRequestTopic().setName(topic);
    for (int partition = 0; partition < partitions; partition++) {
      committed
          .partitions()
          .add(
              new OffsetCommitRequestPartition()
                  .setPartitionIndex(partition)
                  .setCommittedOffset(offset)
                  .setCommittedMetadata(""));
    }
    coordinator
        .send(
            new OffsetCommitRequest.Builder(
                new OffsetCommitRequestData()
                    .setGroupId(groupId)
                    .setMemberId(memberId)
                    .setGenerationIdOrMemberEpoch(generation)
                    .setTopics(List.of(committed))),
            ApiKeys.OFFSET_COMMIT.latestVersion())
        .whenComplete(
            (response, failure) ->
                done.accept(
                    failure == null ? worst((OffsetCommitResponse) response) : null, failure));
  }

  private static Errors worst(OffsetCommitResponse response) {
    for (Map.Entry<Errors, Integer> each : response.errorCounts().entrySet()) {
      if (each.getKey() != Errors.NONE) {
        return each.getKey();
      }
    }
    return Errors.NONE;
  }

  private void ask(
      AbstractRequest.Builder<?> request, ApiKeys key, Consumer<AbstractResponse> answered) {
    coordinator
        .send(request, key.latestVersion())
        .whenCompleteAsync(
            (response, failure) -> {
              if (left) {
                return;
              }
              if (failure == null) {
                answered.accept(response);
              } else {
                failed.accept(new IllegalStateException(key + " of " + groupId, failure));
              }
            },
            executor);
  }

  private void fail(String what, Errors error) {
    failed.accept(new IllegalStateException(what + " of " + groupId + ": " + error));
  }
}
