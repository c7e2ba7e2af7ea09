package io.vitrine.cluster.group;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.coordinator.Ids;
import io.vitrine.cluster.event.ClusterEvent.GroupCause;
import io.vitrine.cluster.purgatory.WheelTimer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classic protocol: members join, the group rebalances, the leader shares out, everybody
 * heartbeats or is dropped.
 *
 * <p>Every call takes the group's lock for as long as it decides and writes; a time-out takes it on
 * the timer's thread. The states and their steps are those of {@link GroupState}.
 */
final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final String NO_ID = "";
  private static final byte[] NO_ASSIGNMENT = {};

  /** How long a join waits whose member has not heard of its id, and so cannot heartbeat. */
  static final int NEW_MEMBER_TIMEOUT_MS = 5 * 60 * 1000;

  private final BrokerConfig config;
  private final WheelTimer timer;
  private final InstantSource wall;
  private final GroupLog log;
  private final Supplier<UUID> uuids;
  private final GroupObserver observer;
  private final LongAdder rebalances = new LongAdder();

  Membership(
      BrokerConfig config,
      WheelTimer timer,
      InstantSource wall,
      GroupLog log,
      Supplier<UUID> uuids,
      GroupObserver observer) {
    this.config = config;
    this.timer = timer;
    this.wall = wall;
    this.log = log;
    this.uuids = uuids;
    this.observer = observer;
  }

  // ---- coming and going of the coordinator -----------------------------------------------------

  /** A group was read from the log: its members have a session's time to show up. */
  void loaded(Group group) {
    group.locked(
        () -> {
          if (group.members().size() > config.groupMaxSize()) {
            prepareRebalance(group, Change.of(GroupCause.TOO_LARGE));
          }
          group.members().all().forEach(member -> awaitHeartbeat(group, member));
          observer.changed(group, Change.of(GroupCause.LOADED));
        });
  }

  /** The group is new, and has offsets and no members. */
  void beganWithOffsets(Group group) {
    group.locked(() -> observer.changed(group, Change.of(GroupCause.COMMITTED)));
  }

  /** Another broker coordinates the group now: whoever waits is sent there. */
  void unloaded(Group group) {
    group.locked(
        () -> {
          GroupState before = group.state();
          group.become(GroupState.DEAD, wall.millis());
          for (Member member : group.members().all()) {
            if (before == GroupState.PREPARING_REBALANCE) {
              GroupAnswers.tell(
                  group, member, GroupAnswers.joinRefused(member.id(), Errors.NOT_COORDINATOR));
            } else {
              GroupAnswers.tell(group, member, GroupAnswers.syncRefused(Errors.NOT_COORDINATOR));
            }
          }
          group.timers().cancelAll();
        });
  }

  /** The group is removed; it has no members. Called under its lock. */
  void end(Group group) {
    group.become(GroupState.DEAD, wall.millis());
    group.timers().cancelAll();
    observer.changed(group, Change.of(GroupCause.REMOVED));
  }

  // ---- join ----------------------------------------------------------------------------------

  /** The answer comes when the rebalance is complete, or at once if none is needed. */
  CompletableFuture<JoinGroupResponseData> join(Group group, Joining joining) {
    CompletableFuture<JoinGroupResponseData> answer = new CompletableFuture<>();
    group.locked(
        () -> {
          if (!hasRoom(group, joining.memberId())) {
            group.remove(joining.memberId());
            refuse(group, answer, NO_ID, Errors.GROUP_MAX_SIZE_REACHED);
          } else if (group.is(GroupState.DEAD)) {
            refuse(group, answer, joining.memberId(), Errors.COORDINATOR_NOT_AVAILABLE);
          } else if (!group.supports(joining.protocolType(), joining.protocols())) {
            refuse(group, answer, joining.memberId(), Errors.INCONSISTENT_GROUP_PROTOCOL);
          } else if (joining.memberId().equals(NO_ID)) {
            joinNew(group, joining, answer);
          } else if (group.members().isPending(joining.memberId())) {
            joinPending(group, joining, answer);
          } else {
            joinKnown(group, joining, answer);
          }
          tryCompleteJoin(group);
        });
    return answer;
  }

  /** In a rebalance those who rejoined first stay, so that a group that is too large shrinks. */
  private boolean hasRoom(Group group, String memberId) {
    Members members = group.members();
    return switch (group.state()) {
      case EMPTY, DEAD -> true;
      case PREPARING_REBALANCE ->
          members.has(memberId) && members.get(memberId).awaitsJoin()
              || members.awaitingJoin() < config.groupMaxSize();
      case COMPLETING_REBALANCE, STABLE ->
          members.has(memberId) || members.size() < config.groupMaxSize();
    };
  }

  private void joinNew(
      Group group, Joining joining, CompletableFuture<JoinGroupResponseData> answer) {
    boolean isStatic = joining.instanceId() != null;
    String id = (isStatic ? joining.instanceId() : joining.clientId()) + "-" + uuids.get();
    if (!Ids.fits(id)) {
      refuse(group, answer, NO_ID, Errors.INVALID_REQUEST);
    } else if (isStatic) {
      Optional<String> before = group.members().idOfInstance(joining.instanceId());
      if (before.isPresent()) {
        replaceStatic(group, before.get(), id, joining, answer);
      } else {
        add(group, id, joining, answer);
      }
    } else if (joining.requiresKnownId()) {
      group.members().addPending(id);
      startSession(group, id, joining.sessionTimeoutMs());
      refuse(group, answer, id, Errors.MEMBER_ID_REQUIRED);
    } else {
      add(group, id, joining, answer);
    }
  }

  /** It comes with the id it was given; that is never a static member. */
  private void joinPending(
      Group group, Joining joining, CompletableFuture<JoinGroupResponseData> answer) {
    if (joining.instanceId() != null) {
      throw new IllegalStateException(
          joining.memberId() + " was given as an id of a dynamic member");
    }
    add(group, joining.memberId(), joining, answer);
  }

  private void joinKnown(
      Group group, Joining joining, CompletableFuture<JoinGroupResponseData> answer) {
    String id = joining.memberId();
    Optional<Errors> error = unknown(group, id, joining.instanceId());
    if (error.isPresent()) {
      refuse(group, answer, id, error.get());
      return;
    }
    Member member = group.members().get(id);
    boolean same = Protocol.same(member.protocols(), joining.protocols());
    switch (group.state()) {
      case PREPARING_REBALANCE -> rejoin(group, member, joining, answer, GroupCause.REJOINED);
      case COMPLETING_REBALANCE -> {
        if (same) {
          // The answer to its first join may have been lost.
          complete(group, answer, GroupAnswers.joined(group, member));
        } else {
          rejoin(group, member, joining, answer, GroupCause.METADATA_CHANGED);
        }
      }
      case STABLE -> {
        if (group.members().isLeader(id)) {
          // It may see something the members' metadata do not show, such as new partitions.
          rejoin(group, member, joining, answer, GroupCause.LEADER_REJOINED);
        } else if (!same) {
          rejoin(group, member, joining, answer, GroupCause.METADATA_CHANGED);
        } else {
          String leader = group.members().leaderId();
          complete(group, answer, GroupAnswers.joined(group, id, leader, false));
        }
      }
      default -> refuse(group, answer, id, Errors.UNKNOWN_MEMBER_ID);
    }
  }

  private void add(
      Group group, String id, Joining joining, CompletableFuture<JoinGroupResponseData> answer) {
    Member member =
        new Member(
            id,
            joining.instanceId(),
            joining.clientId(),
            joining.clientHost(),
            joining.rebalanceTimeoutMs(),
            joining.sessionTimeoutMs(),
            joining.protocolType(),
            joining.protocols());
    member.isNew(true);
    if (group.is(GroupState.PREPARING_REBALANCE) && group.generation() == 0) {
      group.newMemberAdded(true);
    }
    if (group.members().isEmpty()) {
      group.protocolType(joining.protocolType());
    }
    group.members().add(member, answer);
    // A client that gave up and asks anew would fill the group with members nobody is.
    startSession(group, id, NEW_MEMBER_TIMEOUT_MS);
    maybePrepareRebalance(group, Change.by(member, GroupCause.JOINED, joining.reason()));
  }

  private void rejoin(
      Group group,
      Member member,
      Joining joining,
      CompletableFuture<JoinGroupResponseData> answer,
      GroupCause cause) {
    group
        .members()
        .update(
            member,
            joining.protocols(),
            joining.rebalanceTimeoutMs(),
            joining.sessionTimeoutMs(),
            answer);
    maybePrepareRebalance(group, Change.by(member, cause, joining.reason()));
  }

  // ---- static members ------------------------------------------------------------------------

  /** A static member was started anew; in a stable group it goes on with what it had. */
  private void replaceStatic(
      Group group,
      String oldId,
      String newId,
      Joining joining,
      CompletableFuture<JoinGroupResponseData> answer) {
    String leaderBefore = group.members().leaderId();
    Member member = takeOver(group, joining.instanceId(), oldId, newId);
    List<Protocol> protocolsBefore = member.protocols();
    int rebalanceBefore = member.rebalanceTimeoutMs();
    int sessionBefore = member.sessionTimeoutMs();
    group
        .members()
        .update(
            member,
            joining.protocols(),
            joining.rebalanceTimeoutMs(),
            joining.sessionTimeoutMs(),
            answer);
    Change why = Change.by(member, GroupCause.REPLACED, joining.reason());
    switch (group.state()) {
      case STABLE -> {
        if (!group.members().preferredProtocol().equals(group.protocolName())) {
          maybePrepareRebalance(group, why);
          return;
        }
        observer.changed(group, why);
        log.storeGroup(group, assignments(group))
            .thenAccept(
                error ->
                    group.locked(
                        () -> {
                          if (error == Errors.NONE) {
                            tellReturned(group, member, joining.skipsAssignment(), leaderBefore);
                            return;
                          }
                          LOG.warn("group={} {} is not stored: {}", group.id(), newId, error);
                          if (group.members().has(newId)) {
                            group
                                .members()
                                .update(
                                    member, protocolsBefore, rebalanceBefore, sessionBefore, null);
                            takeOver(group, joining.instanceId(), newId, oldId);
                          }
                          complete(
                              group,
                              answer,
                              GroupAnswers.joined(group, NO_ID, leaderBefore, false)
                                  .setErrorCode(error.code()));
                        }));
      }
      // The leader may be sharing out to the old id at this moment.
      case COMPLETING_REBALANCE -> prepareRebalance(group, why);
      case PREPARING_REBALANCE -> observer.changed(group, why);
      default ->
          throw new IllegalStateException(group + " has the static member " + joining.instanceId());
    }
  }

  /** Whoever still waits under the old id is fenced. */
  private Member takeOver(Group group, String instanceId, String oldId, String newId) {
    Member member = group.members().get(oldId);
    GroupAnswers.tell(group, member, GroupAnswers.joinRefused(oldId, Errors.FENCED_INSTANCE_ID));
    GroupAnswers.tell(group, member, GroupAnswers.syncRefused(Errors.FENCED_INSTANCE_ID));
    group.timers().cancelSession(oldId);
    group.members().replace(instanceId, oldId, newId);
    awaitHeartbeat(group, member);
    return member;
  }

  /**
   * A leader that returns must not share out: its group is stable and would not hear of it. Clients
   * that cannot be told so are told that the old id leads.
   */
  private static void tellReturned(
      Group group, Member member, boolean skipsAssignment, String leaderBefore) {
    boolean leads = group.members().isLeader(member.id());
    GroupAnswers.tell(
        group,
        member,
        skipsAssignment
            ? GroupAnswers.joined(group, member).setSkipAssignment(leads)
            : GroupAnswers.joined(group, member.id(), leaderBefore, false));
  }

  // ---- rebalance -----------------------------------------------------------------------------

  private void maybePrepareRebalance(Group group, Change change) {
    if (group.state().mayRebalance()) {
      prepareRebalance(group, change);
    } else {
      observer.changed(group, change);
    }
  }

  private void prepareRebalance(Group group, Change change) {
    if (group.is(GroupState.COMPLETING_REBALANCE)) {
      group.members().all().forEach(Member::clearAssignment);
      tellAssignment(group, Errors.REBALANCE_IN_PROGRESS);
    }
    group.pendingSync().clear();
    group.timers().cancelSync();
    boolean first = group.is(GroupState.EMPTY);
    group.become(GroupState.PREPARING_REBALANCE, wall.millis());
    LOG.info(
        "group={} prepares to rebalance after generation {}: {}",
        group.id(),
        group.generation(),
        change);
    observer.changed(group, change);
    if (first) {
      int delayMs = config.groupInitialRebalanceDelayMs();
      gather(group, delayMs, Math.max(group.members().rebalanceTimeoutMs() - delayMs, 0));
    } else {
      group.gathering(false);
      if (group.members().allJoined()) {
        completeJoin(group);
      } else {
        awaitMembers(group, group.timers().join(), this::completeJoin);
      }
    }
  }

  /** Waits for newcomers, again and again while some come and the rebalance has time. */
  private void gather(Group group, int delayMs, int remainingMs) {
    group.gathering(true);
    GroupTimers.Turn turn = group.timers().join();
    turn.begin(
        timer,
        delayMs,
        () ->
            group.locked(
                () -> {
                  if (!turn.take()) {
                    return;
                  }
                  if (group.newMemberAdded() && remainingMs != 0) {
                    group.newMemberAdded(false);
                    gather(
                        group,
                        Math.min(config.groupInitialRebalanceDelayMs(), remainingMs),
                        Math.max(remainingMs - delayMs, 0));
                  } else {
                    group.gathering(false);
                    completeJoin(group);
                  }
                }));
  }

  /** Waits for all members as long as the slowest of them may take. */
  private void awaitMembers(Group group, GroupTimers.Turn turn, Consumer<Group> late) {
    turn.begin(
        timer,
        group.members().rebalanceTimeoutMs(),
        () ->
            group.locked(
                () -> {
                  if (turn.take()) {
                    late.accept(group);
                  }
                }));
  }

  private void tryCompleteJoin(Group group) {
    if (group.is(GroupState.PREPARING_REBALANCE)
        && !group.isGathering()
        && group.members().allJoined()) {
      completeJoin(group);
    }
  }

  private void completeJoin(Group group) {
    group.timers().cancelJoin();
    List<Member> late =
        group.members().notRejoined().stream().filter(member -> !member.isStatic()).toList();
    for (Member member : late) {
      LOG.info("group={} {} did not rejoin in time", group.id(), member);
      group.remove(member.id());
    }
    if (group.is(GroupState.DEAD)) {
      return;
    }
    if (!group.members().electJoinedLeader() && !group.members().isEmpty()) {
      // Nobody but static members, all silent: their sessions decide.
      awaitMembers(group, group.timers().join(), this::completeJoin);
      return;
    }
    group.nextGeneration(wall.millis());
    if (group.is(GroupState.EMPTY)) {
      observer.changed(group, Change.of(GroupCause.LAST_LEFT));
      log.storeGroup(group, Map.of())
          .thenAccept(
              error -> {
                if (error != Errors.NONE) {
                  // The next coordinator will find members whose sessions then run out.
                  LOG.warn("group={} that it is empty is not stored: {}", group.id(), error);
                }
              });
      return;
    }
    LOG.info(
        "group={} generation {} has {} members",
        group.id(),
        group.generation(),
        group.members().size());
    for (Member member : group.members().all()) {
      GroupAnswers.tell(group, member, GroupAnswers.joined(group, member));
      awaitHeartbeat(group, member);
      member.isNew(false);
      group.pendingSync().add(member.id());
    }
    awaitMembers(group, group.timers().sync(), this::syncsAreLate);
    observer.changed(
        group,
        late.isEmpty()
            ? Change.of(GroupCause.ALL_JOINED)
            : Change.by(late.get(0), GroupCause.JOINS_LATE, null));
  }

  // ---- sync ----------------------------------------------------------------------------------

  /**
   * @param protocolType null when the client did not say it, as the name
   * @param shares what the leader shares out; empty from the others
   */
  CompletableFuture<SyncGroupResponseData> sync(
      Group group,
      int generation,
      String memberId,
      String instanceId,
      String protocolType,
      String protocolName,
      Map<String, byte[]> shares) {
    CompletableFuture<SyncGroupResponseData> answer = new CompletableFuture<>();
    group.locked(
        () -> {
          Optional<Errors> error =
              validated(group, generation, memberId, instanceId)
                  .or(() -> otherProtocol(group, protocolType, protocolName));
          if (error.isPresent()) {
            complete(group, answer, GroupAnswers.syncRefused(error.get()));
            return;
          }
          Member member = group.members().get(memberId);
          switch (group.state()) {
            case PREPARING_REBALANCE ->
                complete(group, answer, GroupAnswers.syncRefused(Errors.REBALANCE_IN_PROGRESS));
            case COMPLETING_REBALANCE -> {
              member.sync(answer);
              hasSynced(group, memberId);
              if (group.members().isLeader(memberId)) {
                share(group, shares);
              }
            }
            case STABLE -> {
              hasSynced(group, memberId);
              complete(group, answer, GroupAnswers.assigned(group, member));
              awaitHeartbeat(group, member);
            }
            default -> complete(group, answer, GroupAnswers.syncRefused(Errors.UNKNOWN_MEMBER_ID));
          }
        });
    return answer;
  }

  private static Optional<Errors> otherProtocol(Group group, String type, String name) {
    boolean other =
        type != null && !type.equals(group.protocolType())
            || name != null && !name.equals(group.protocolName());
    return other ? Optional.of(Errors.INCONSISTENT_GROUP_PROTOCOL) : Optional.empty();
  }

  /** How many rebalances came to an assignment. */
  long rebalances() {
    return rebalances.sum();
  }

  /** The leader has shared out: that is stored before anybody hears of it. */
  private void share(Group group, Map<String, byte[]> shares) {
    Map<String, byte[]> assignment = new HashMap<>(shares);
    group.members().ids().forEach(id -> assignment.putIfAbsent(id, NO_ASSIGNMENT));
    int generation = group.generation();
    log.storeGroup(group, assignment)
        .thenAccept(
            error ->
                group.locked(
                    () -> {
                      if (!group.is(GroupState.COMPLETING_REBALANCE)
                          || group.generation() != generation) {
                        return; // somebody came or went meanwhile
                      }
                      if (error != Errors.NONE) {
                        group.members().all().forEach(Member::clearAssignment);
                        tellAssignment(group, error);
                        maybePrepareRebalance(
                            group, Change.of(GroupCause.NOT_STORED, error.name()));
                        return;
                      }
                      group
                          .members()
                          .all()
                          .forEach(member -> member.assignment(assignment.get(member.id())));
                      tellAssignment(group, Errors.NONE);
                      group.become(GroupState.STABLE, wall.millis());
                      rebalances.increment();
                      observer.changed(group, Change.of(GroupCause.SHARED_OUT));
                    }));
  }

  private void tellAssignment(Group group, Errors error) {
    for (Member member : group.members().all()) {
      SyncGroupResponseData answer =
          error == Errors.NONE
              ? GroupAnswers.assigned(group, member)
              : GroupAnswers.syncRefused(error);
      if (GroupAnswers.tell(group, member, answer)) {
        // Its session may have run out, unnoticed, while it waited.
        awaitHeartbeat(group, member);
      }
    }
  }

  private void hasSynced(Group group, String memberId) {
    group.pendingSync().remove(memberId);
    if (group.pendingSync().isEmpty()) {
      group.timers().cancelSync();
    }
  }

  private void syncsAreLate(Group group) {
    List<String> late = new ArrayList<>(group.pendingSync());
    late.forEach(group::remove);
    prepareRebalance(group, new Change(GroupCause.NO_SYNC, String.join(", ", late), ""));
  }

  // ---- heartbeat and leave -------------------------------------------------------------------

  Errors heartbeat(Group group, int generation, String memberId, String instanceId) {
    return group.locked(
        () ->
            validated(group, generation, memberId, instanceId)
                .orElseGet(
                    () -> {
                      if (group.is(GroupState.EMPTY)) {
                        return Errors.UNKNOWN_MEMBER_ID;
                      }
                      awaitHeartbeat(group, group.members().get(memberId));
                      return group.is(GroupState.PREPARING_REBALANCE)
                          ? Errors.REBALANCE_IN_PROGRESS
                          : Errors.NONE;
                    }));
  }

  /** A member's own leaving, or an administrator's removal of it. */
  Errors leave(Group group, MemberIdentity leaving) {
    return group.locked(
        () -> {
          String id = leaving.memberId();
          if (id.equals(NO_ID)) {
            Optional<String> current =
                Optional.ofNullable(leaving.groupInstanceId())
                    .flatMap(group.members()::idOfInstance);
            current.ifPresent(each -> removeLeaving(group, each, leaving.reason()));
            return current.isPresent() ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
          }
          if (group.members().isPending(id)) {
            group.remove(id);
            tryCompleteJoin(group);
            return Errors.NONE;
          }
          Optional<Errors> error = unknown(group, id, leaving.groupInstanceId());
          if (error.isEmpty()) {
            removeLeaving(group, id, leaving.reason());
          }
          return error.orElse(Errors.NONE);
        });
  }

  private void removeLeaving(Group group, String id, String reason) {
    Member member = group.members().get(id);
    remove(group, member, Change.by(member, GroupCause.LEFT, reason));
  }

  private void remove(Group group, Member member, Change change) {
    // A newcomer that is still there shall try again.
    GroupAnswers.tell(group, member, GroupAnswers.joinRefused(NO_ID, Errors.UNKNOWN_MEMBER_ID));
    group.remove(member.id());
    switch (group.state()) {
      case STABLE, COMPLETING_REBALANCE -> maybePrepareRebalance(group, change);
      case PREPARING_REBALANCE -> {
        observer.changed(group, change);
        tryCompleteJoin(group);
      }
      default -> observer.changed(group, change);
    }
  }

  // ---- sessions ------------------------------------------------------------------------------

  /** The member was heard of: its session begins anew. */
  void awaitHeartbeat(Group group, Member member) {
    startSession(group, member.id(), member.sessionTimeoutMs());
  }

  private void startSession(Group group, String memberId, int timeoutMs) {
    GroupTimers.Turn turn = group.timers().session(memberId);
    turn.begin(
        timer,
        timeoutMs,
        () ->
            group.locked(
                () -> {
                  if (turn.take()) {
                    sessionIsOver(group, memberId);
                  }
                }));
  }

  private void sessionIsOver(Group group, String memberId) {
    if (group.members().isPending(memberId)) {
      group.remove(memberId);
      tryCompleteJoin(group);
    } else if (group.members().has(memberId)) {
      Member member = group.members().get(memberId);
      if (!member.mayBeSilent()) {
        LOG.info("group={} {} was not heard of and is dropped", group.id(), member);
        remove(group, member, Change.by(member, GroupCause.SILENT, null));
      }
    }
  }

  // ---- checks --------------------------------------------------------------------------------

  /** Why a request of a member is refused; empty when it is one, in this generation. */
  Optional<Errors> validated(Group group, int generation, String memberId, String instanceId) {
    if (group.is(GroupState.DEAD)) {
      return Optional.of(Errors.COORDINATOR_NOT_AVAILABLE);
    }
    return unknown(group, memberId, instanceId)
        .or(
            () ->
                generation == group.generation()
                    ? Optional.empty()
                    : Optional.of(Errors.ILLEGAL_GENERATION));
  }

  private static Optional<Errors> unknown(Group group, String memberId, String instanceId) {
    if (instanceId != null) {
      Optional<String> current = group.members().idOfInstance(instanceId);
      if (current.isEmpty()) {
        return Optional.of(Errors.UNKNOWN_MEMBER_ID);
      }
      if (!current.get().equals(memberId)) {
        return Optional.of(Errors.FENCED_INSTANCE_ID);
      }
    }
    return group.members().has(memberId) ? Optional.empty() : Optional.of(Errors.UNKNOWN_MEMBER_ID);
  }

  // ---- answers -------------------------------------------------------------------------------

  private static Map<String, byte[]> assignments(Group group) {
    Map<String, byte[]> assignments = new HashMap<>();
    group.members().all().forEach(member -> assignments.put(member.id(), member.assignment()));
    return assignments;
  }

  private static void refuse(
      Group group, CompletableFuture<JoinGroupResponseData> answer, String memberId, Errors error) {
    complete(group, answer, GroupAnswers.joinRefused(memberId, error));
  }

  private static <T> void complete(Group group, CompletableFuture<T> answer, T response) {
    group.afterwards(() -> answer.complete(response));
  }
}
