package io.vitrine.cluster.group;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.coordinator.CoordinatorRuntime;
import io.vitrine.cluster.coordinator.Ids;
import io.vitrine.cluster.coordinator.InternalTopic;
import io.vitrine.cluster.coordinator.LoadObserver;
import io.vitrine.cluster.event.ClusterEvent.GroupSample;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.event.ClusterEvent.GroupsSampled;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.purgatory.WheelTimer;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.replica.TransactionalBatches;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of this package: the groups this broker coordinates.
 *
 * <p>Safe from any thread. Every call finds the group's partition first: 24 for an id that cannot
 * be one, 15 before the start and after the end, 14 while the partition is loaded, 16 when another
 * broker leads it. Times of groups are counted by the purgatory's timer; state and commit
 * timestamps are of the wall clock.
 */
public final class GroupCoordinator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCoordinator.class);
  private static final short FIRST_WITH_MEMBER_ID_REQUIRED = 4;
  private static final short FIRST_WITH_SKIPPED_ASSIGNMENT = 9;
  private static final String CLASSIC = "classic";

  private final BrokerConfig config;
  private final ReplicaManager replicas;
  private final WheelTimer timer;
  private final InstantSource wall;
  private final ScheduledExecutorService scheduler;
  private final CoordinatorRuntime<GroupPartition> runtime;
  private final Membership membership;
  private final OffsetCommits offsets;
  private final LongAdder expired = new LongAdder();
  private final LongAdder deleted = new LongAdder();
  private volatile boolean active;
  private volatile ScheduledFuture<?> expiry;

  /**
   * @param threadPrefix such as {@code broker-1-}
   * @param topic {@code __consumer_offsets}, with the partitions it has if it exists
   * @param timer counts sessions and rebalances; owned by the caller
   * @param scheduler looks for old offsets; owned by the caller
   * @param uuids new ones, for member ids
   */
  public GroupCoordinator(
      int brokerId,
      String threadPrefix,
      BrokerConfig config,
      InternalTopic topic,
      ReplicaManager replicas,
      WheelTimer timer,
      InstantSource wall,
      ScheduledExecutorService scheduler,
      Supplier<UUID> uuids,
      EventSink events) {
    this.config = config;
    this.replicas = replicas;
    this.timer = timer;
    this.wall = wall;
    this.scheduler = scheduler;
    this.runtime =
        new CoordinatorRuntime<>(
            threadPrefix + "group",
            topic,
            replicas,
            config.offsetsLoadBufferSize(),
            CoordinatorRuntime.Outcomes.onThread(threadPrefix + "group-appends"),
            this::newPartition);
    GroupLog log = new GroupLog(runtime::append, config, wall);
    this.membership =
        new Membership(config, timer, wall, log, uuids, new GroupEvents(brokerId, events));
    this.offsets = new OffsetCommits(log, membership, config.offsetMetadataMaxBytes());
  }

  private GroupPartition newPartition(int number, int leaderEpoch) {
    return new GroupPartition(number, wall::millis, membership);
  }

  /** Begins to hear of leadership, before the broker's first order. */
  public void start() {
    runtime.start();
    active = true;
    expiry =
        scheduler.scheduleWithFixedDelay(
            this::removeExpired,
            0,
            config.offsetsRetentionCheckIntervalMs(),
            TimeUnit.MILLISECONDS);
  }

  /** The topic the groups are kept in. */
  public InternalTopic topic() {
    return runtime.topic();
  }

  // ---- membership ----------------------------------------------------------------------------

  /**
   * JoinGroup.
   *
   * @param version of the request
   * @param clientHost as Kafka writes addresses: with a slash before it
   */
  public CompletableFuture<JoinGroupResponseData> join(
      JoinGroupRequestData request, short version, String clientId, String clientHost) {
    String memberId = request.memberId();
    Errors error = refused(request.groupId(), false);
    if (error == Errors.NONE
        && (request.sessionTimeoutMs() < config.groupMinSessionTimeoutMs()
            || request.sessionTimeoutMs() > config.groupMaxSessionTimeoutMs())) {
      error = Errors.INVALID_SESSION_TIMEOUT;
    }
    if (error != Errors.NONE) {
      return CompletableFuture.completedFuture(GroupAnswers.joinRefused(memberId, error));
    }
    GroupPartition partition;
    try {
      partition = runtime.stateFor(request.groupId());
    } catch (ApiException e) {
      return CompletableFuture.completedFuture(
          GroupAnswers.joinRefused(memberId, Errors.forException(e)));
    }
    // An id is given by a group: without the group nobody gave it.
    Optional<Group> group =
        memberId.isEmpty()
            ? Optional.of(partition.findOrCreate(request.groupId()))
            : partition.find(request.groupId());
    if (group.isEmpty()) {
      return CompletableFuture.completedFuture(
          GroupAnswers.joinRefused(memberId, Errors.UNKNOWN_MEMBER_ID));
    }
    return membership.join(
        group.get(),
        new Joining(
            memberId,
            request.groupInstanceId(),
            version >= FIRST_WITH_MEMBER_ID_REQUIRED && request.groupInstanceId() == null,
            version >= FIRST_WITH_SKIPPED_ASSIGNMENT,
            clientId,
            clientHost,
            request.rebalanceTimeoutMs(),
            request.sessionTimeoutMs(),
            request.protocolType(),
            request.protocols().valuesList().stream()
                .map(each -> new Protocol(each.name(), each.metadata()))
                .toList(),
            request.reason()));
  }

  /** SyncGroup. While loading, 27: the client joins again without looking for the coordinator. */
  public CompletableFuture<SyncGroupResponseData> sync(SyncGroupRequestData request) {
    Found found = find(request.groupId(), false);
    if (found.error() != Errors.NONE || found.group().isEmpty()) {
      Errors error =
          switch (found.error()) {
            case NONE -> Errors.UNKNOWN_MEMBER_ID;
            case COORDINATOR_LOAD_IN_PROGRESS -> Errors.REBALANCE_IN_PROGRESS;
            default -> found.error();
          };
      return CompletableFuture.completedFuture(GroupAnswers.syncRefused(error));
    }
    Map<String, byte[]> shares = new HashMap<>();
    request.assignments().forEach(each -> shares.put(each.memberId(), each.assignment()));
    return membership.sync(
        found.group().get(),
        request.generationId(),
        request.memberId(),
        request.groupInstanceId(),
        request.protocolType(),
        request.protocolName(),
        shares);
  }

  /** Heartbeat. While loading all is well: members are known when it is done. */
  public Errors heartbeat(HeartbeatRequestData request) {
    Found found = find(request.groupId(), false);
    if (found.error() == Errors.COORDINATOR_LOAD_IN_PROGRESS) {
      return Errors.NONE;
    }
    if (found.error() != Errors.NONE) {
      return found.error();
    }
    return found
        .group()
        .map(
            group ->
                membership.heartbeat(
                    group, request.generationId(), request.memberId(), request.groupInstanceId()))
        .orElse(Errors.UNKNOWN_MEMBER_ID);
  }

  /** LeaveGroup, as version 3 and later say it: a list of members. */
  public LeaveGroupResponseData leave(LeaveGroupRequestData request) {
    LeaveGroupResponseData answer = new LeaveGroupResponseData();
    Found found = find(request.groupId(), false);
    if (found.error() != Errors.NONE) {
      return answer.setErrorCode(found.error().code());
    }
    if (found.group().isEmpty()) {
      request.members().forEach(each -> answer.members().add(left(each, Errors.UNKNOWN_MEMBER_ID)));
      return answer;
    }
    Group group = found.group().get();
    group.locked(
        () -> {
          if (group.is(GroupState.DEAD)) {
            answer.setErrorCode(Errors.COORDINATOR_NOT_AVAILABLE.code());
          } else {
            request
                .members()
                .forEach(each -> answer.members().add(left(each, membership.leave(group, each))));
          }
        });
    return answer;
  }

  private static MemberResponse left(MemberIdentity member, Errors error) {
    return new MemberResponse()
        .setMemberId(member.memberId())
        .setGroupInstanceId(member.groupInstanceId())
        .setErrorCode(error.code());
  }

  // ---- offsets -------------------------------------------------------------------------------

  /** OffsetCommit; an error, or none, for every partition. */
  public CompletableFuture<Map<TopicPartition, Errors>> commit(
      String groupId, Committer committer, Map<TopicPartition, CommittedOffset> committed) {
    Errors error = refused(groupId, true);
    if (error == Errors.NONE) {
      try {
        GroupPartition partition = runtime.stateFor(groupId);
        Optional<Group> group = partition.find(groupId);
        if (group.isEmpty() && committer.generation() < 0) {
          // It manages its members itself.
          group = Optional.of(partition.findOrCreateForOffsets(groupId));
        }
        if (group.isPresent()) {
          return offsets.commit(group.get(), committer, committed);
        }
        error = Errors.ILLEGAL_GENERATION;
      } catch (ApiException e) {
        error = Errors.forException(e);
      }
    }
    return CompletableFuture.completedFuture(forAll(committed, error));
  }

  /**
   * TxnOffsetCommit: the offsets count when the transaction is committed, see {@link
   * #transactionEnded}. Whether it knows of this group is verified with its coordinator first.
   *
   * @param knowsAbortable whether the producer understands TRANSACTION_ABORTABLE (120)
   */
  public CompletableFuture<Map<TopicPartition, Errors>> commitInTransaction(
      String groupId,
      Committer committer,
      String transactionalId,
      long producerId,
      short producerEpoch,
      boolean knowsAbortable,
      Map<TopicPartition, CommittedOffset> committed) {
    Found found = find(groupId, false);
    if (found.error() != Errors.NONE) {
      return CompletableFuture.completedFuture(forAll(committed, found.error()));
    }
    Group group = found.partition().findOrCreateForOffsets(groupId);
    TopicPartition target = topic().partition(group.partition());
    CompletableFuture<Map<TopicPartition, Errors>> outcome = new CompletableFuture<>();
    replicas.verify(
        new TransactionalBatches(
            transactionalId,
            producerId,
            producerEpoch,
            Map.of(target, RecordBatch.NO_SEQUENCE),
            knowsAbortable),
        verified -> {
          Errors refused = verified.refused().getOrDefault(target, Errors.NONE);
          if (refused != Errors.NONE) {
            outcome.complete(forAll(committed, AppendErrors.ofOffsets(refused)));
            return;
          }
          offsets
              .commitInTransaction(
                  found.partition(),
                  group,
                  committer,
                  new Transactional(producerId, producerEpoch, verified.guards()),
                  committed)
              .thenAccept(outcome::complete);
        });
    return outcome;
  }

  private static Map<TopicPartition, Errors> forAll(
      Map<TopicPartition, CommittedOffset> committed, Errors error) {
    Map<TopicPartition, Errors> outcome = new LinkedHashMap<>();
    committed.keySet().forEach(partition -> outcome.put(partition, error));
    return outcome;
  }

  /**
   * The markers of a producer's transaction are in the log of these partitions of {@code
   * __consumer_offsets}. Returns at once.
   */
  public void transactionEnded(long producerId, Collection<Integer> partitions, boolean committed) {
    List<Integer> ended = List.copyOf(partitions);
    runtime.afterLoading(
        () -> {
          for (int partition : ended) {
            try {
              runtime.stateOf(partition).producerEnded(producerId, committed);
            } catch (ApiException e) {
              LOG.info(
                  "{} moved while producer {}'s transaction ended: {}",
                  topic().partition(partition),
                  producerId,
                  e.getMessage());
            }
          }
        });
  }

  /**
   * OffsetFetch, for one group.
   *
   * @param requireStable whether 88 is told instead of an offset that a transaction may change
   * @param asked empty for all partitions with a committed offset
   * @throws ApiException why the group cannot be looked at here
   */
  public Map<TopicPartition, FetchedOffset> fetchOffsets(
      String groupId, boolean requireStable, Optional<List<TopicPartition>> asked) {
    Found found = find(groupId, true);
    if (found.error() != Errors.NONE) {
      throw found.error().exception();
    }
    return OffsetCommits.fetch(found.group(), requireStable, asked);
  }

  /**
   * OffsetDelete.
   *
   * @throws ApiException 69 for a group that is not, 68 for one with members that is no consumer
   *     group
   */
  public Map<TopicPartition, Errors> deleteOffsets(
      String groupId, Collection<TopicPartition> partitions) {
    Found found = find(groupId, false);
    if (found.error() != Errors.NONE) {
      throw found.error().exception();
    }
    Group group = found.group().orElseThrow(Errors.GROUP_ID_NOT_FOUND::exception);
    return group.locked(
        () -> {
          if (group.is(GroupState.DEAD)) {
            throw Errors.GROUP_ID_NOT_FOUND.exception();
          }
          if (!group.is(GroupState.EMPTY) && !group.isConsumerGroup()) {
            throw Errors.NON_EMPTY_GROUP.exception();
          }
          Map<TopicPartition, Errors> outcome =
              offsets.remove(found.partition(), group, partitions);
          deleted.add(outcome.values().stream().filter(each -> each == Errors.NONE).count());
          return outcome;
        });
  }

  /** Topics were deleted: nobody has come anywhere in them. Returns at once. */
  public void partitionsDeleted(Collection<TopicPartition> partitions) {
    List<TopicPartition> deleted = List.copyOf(partitions);
    runtime.afterLoading(
        () -> {
          for (GroupPartition each : runtime.loaded()) {
            for (Group group : each.all()) {
              offsets.remove(each, group, () -> group.offsets().remove(deleted));
            }
          }
        });
  }

  private void removeExpired() {
    try {
      long nowMs = wall.millis();
      long retentionMs = TimeUnit.MINUTES.toMillis(config.offsetsRetentionMinutes());
      int removed = 0;
      for (GroupPartition each : runtime.loaded()) {
        for (Group group : each.all()) {
          removed +=
              offsets.remove(each, group, () -> group.removeExpiredOffsets(nowMs, retentionMs));
        }
      }
      expired.add(removed);
      if (removed > 0) {
        LOG.info("removed {} expired offsets", removed);
      }
    } catch (RuntimeException e) {
      LOG.error("looking for expired offsets failed", e);
    }
  }

  // ---- administration ------------------------------------------------------------------------

  /**
   * ListGroups: all groups coordinated here; 14 beside them while some are being loaded.
   *
   * @param states in lower case; empty for all
   * @param types in lower case; empty for all
   */
  public ListGroupsResponseData list(Set<String> states, Set<String> types) {
    ListGroupsResponseData answer = new ListGroupsResponseData();
    if (!active) {
      return answer.setErrorCode(Errors.COORDINATOR_NOT_AVAILABLE.code());
    }
    if (runtime.isLoading()) {
      answer.setErrorCode(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
    }
    if (!types.isEmpty() && !types.contains(CLASSIC)) {
      return answer;
    }
    for (Group group : groups()) {
      group.locked(
          () -> {
            if (states.isEmpty() || group.state().isIn(states)) {
              answer
                  .groups()
                  .add(
                      new ListedGroup()
                          .setGroupId(group.id())
                          .setProtocolType(textOf(group.protocolType()))
                          .setGroupState(group.state().toString())
                          .setGroupType(CLASSIC));
            }
          });
    }
    return answer;
  }

  private List<Group> groups() {
    List<Group> all = new ArrayList<>();
    runtime.loaded().forEach(each -> all.addAll(each.all()));
    return all;
  }

  /** DescribeGroups, for one group; one that is not there is dead. */
  public DescribedGroup describe(String groupId) {
    DescribedGroup answer = new DescribedGroup().setGroupId(groupId);
    Found found = find(groupId, true);
    if (found.error() != Errors.NONE) {
      return answer.setErrorCode(found.error().code());
    }
    if (found.group().isEmpty()) {
      return answer.setGroupState(GroupState.DEAD.toString());
    }
    Group group = found.group().get();
    return group.locked(
        () -> {
          // What members are to consume means something once all have been told.
          boolean stable = group.is(GroupState.STABLE);
          answer
              .setGroupState(group.state().toString())
              .setProtocolType(textOf(group.protocolType()))
              .setProtocolData(stable ? group.protocolName() : "");
          for (Member member : group.members().all()) {
            DescribedGroupMember described =
                new DescribedGroupMember()
                    .setMemberId(member.id())
                    .setGroupInstanceId(member.instanceId().orElse(null))
                    .setClientId(member.clientId())
                    .setClientHost(member.clientHost());
            if (stable) {
              described
                  .setMemberMetadata(member.metadata(group.protocolName()))
                  .setMemberAssignment(member.assignment());
            }
            answer.members().add(described);
          }
          return answer;
        });
  }

  /** DeleteGroups; an error, or none, for every group: 68 with members, 69 when there is none. */
  public Map<String, Errors> delete(Collection<String> groupIds) {
    Map<String, Errors> outcome = new LinkedHashMap<>();
    for (String id : groupIds) {
      outcome.computeIfAbsent(id, this::delete);
    }
    return outcome;
  }

  private Errors delete(String groupId) {
    Found found = find(groupId, true);
    if (found.error() != Errors.NONE) {
      return found.error();
    }
    return found
        .group()
        .map(
            group ->
                group.locked(
                    () ->
                        switch (group.state()) {
                          case EMPTY -> {
                            offsets.removeAll(found.partition(), group);
                            yield Errors.NONE;
                          }
                          case DEAD -> Errors.GROUP_ID_NOT_FOUND;
                          default -> Errors.NON_EMPTY_GROUP;
                        }))
        .orElse(Errors.GROUP_ID_NOT_FOUND);
  }

  private static String textOf(String text) {
    return text == null ? "" : text;
  }

  /** What the groups have committed, how often anybody has, and what time-outs have left. */
  public GroupsSampled sample() {
    long nowMs = timer.nowMs();
    Map<String, GroupSample> samples = new HashMap<>();
    for (Group group : groups()) {
      samples.put(
          group.id(),
          group.locked(
              () ->
                  new GroupSample(
                      group.offsets().all(),
                      group.timers().rebalanceLeftMs(nowMs),
                      group.timers().sessionsLeftMs(nowMs))));
    }
    return new GroupsSampled(offsets.committed(), samples);
  }

  /** What became of groups so far. */
  public GroupTotals totals() {
    return new GroupTotals(
        offsets.committed(), expired.sum(), deleted.sum(), membership.rebalances());
  }

  /** How many groups are in each state; states without a group are absent. */
  public Map<GroupStage, Integer> stages() {
    Map<GroupStage, Integer> counts = new EnumMap<>(GroupStage.class);
    for (Group group : groups()) {
      GroupStage stage = group.locked(() -> GroupStage.valueOf(group.state().name()));
      counts.merge(stage, 1, Integer::sum);
    }
    return counts;
  }

  /** How many offsets the groups have committed. */
  public int offsetCount() {
    return groups().stream().mapToInt(group -> group.locked(() -> group.offsets().size())).sum();
  }

  /** From now on this hears of the loading of groups. */
  public void observe(LoadObserver observer) {
    runtime.observe(observer);
  }

  // ---- finding -------------------------------------------------------------------------------

  /**
   * Where a group is.
   *
   * @param partition null with an error
   * @param group empty with an error, and for one nobody knows
   */
  private record Found(Errors error, GroupPartition partition, Optional<Group> group) {}

  private Found find(String groupId, boolean mayBeEmpty) {
    Errors error = refused(groupId, mayBeEmpty);
    if (error != Errors.NONE) {
      return new Found(error, null, Optional.empty());
    }
    try {
      GroupPartition partition = runtime.stateFor(groupId);
      return new Found(Errors.NONE, partition, partition.find(groupId));
    } catch (ApiException e) {
      return new Found(Errors.forException(e), null, Optional.empty());
    }
  }

  /**
   * @param mayBeEmpty whether the empty id is one: of old, offsets could be committed to it
   */
  private Errors refused(String groupId, boolean mayBeEmpty) {
    if (groupId == null || groupId.isEmpty() && !mayBeEmpty || !Ids.fits(groupId)) {
      return Errors.INVALID_GROUP_ID;
    }
    return active ? Errors.NONE : Errors.COORDINATOR_NOT_AVAILABLE;
  }

  // ---- end -----------------------------------------------------------------------------------

  /** Coordinates nothing any more; who waits is not told, the network has ended before. */
  @Override
  public void close() {
    active = false;
    ScheduledFuture<?> looks = expiry;
    if (looks != null) {
      looks.cancel(false);
    }
    runtime.close();
  }
}
