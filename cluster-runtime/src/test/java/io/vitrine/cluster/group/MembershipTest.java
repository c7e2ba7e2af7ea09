package io.vitrine.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.purgatory.WheelTimer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.junit.jupiter.api.Test;

/** M59: the classic protocol, step by step, on a clock that is moved by hand. */
class MembershipTest {
  private static final int SESSION_MS = 10_000;
  private static final int INITIAL_DELAY_MS = 3_000;
  private static final int NEWCOMER_MS = 300_000;

  private final AtomicLong nanos = new AtomicLong();
  private final WheelTimer timer = new WheelTimer("test", nanos::get);
  private final AtomicLong ids = new AtomicLong();
  private final List<MemoryRecords> log = new ArrayList<>();

  /** Appends that have not ended; empty where they end at once. */
  private final List<CompletableFuture<Long>> underWay = new ArrayList<>();

  private boolean slowLog;
  private int rebalanceMs = 60_000;
  private String clientId = "c";
  private final List<String> changes = new ArrayList<>();
  private final BrokerConfig config =
      BrokerConfig.parse(
          Map.of(
              "zookeeper.connect",
              "h:1",
              "group.initial.rebalance.delay.ms",
              Integer.toString(INITIAL_DELAY_MS),
              "group.max.size",
              "4"));
  private final Membership membership =
      new Membership(
          config,
          timer,
          () -> Instant.ofEpochMilli(nowMs()),
          new GroupLog(
              (partition, records, parameters) -> append(records),
              config,
              () -> Instant.ofEpochMilli(nowMs())),
          () -> new UUID(0, ids.incrementAndGet()),
          (group, change) -> changes.add(group.state() + " " + group.generation()));
  private final Group group = new Group("g", 0, 0);

  private CompletableFuture<Long> append(MemoryRecords records) {
    log.add(records);
    CompletableFuture<Long> appended = new CompletableFuture<>();
    if (slowLog) {
      underWay.add(appended);
    } else {
      appended.complete(log.size() - 1L);
    }
    return appended;
  }

  private long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(nanos.get());
  }

  /** Moves the clock; what falls due on the way happens in its millisecond. */
  private void pass(long ms) {
    for (long passed = 0; passed < ms; passed++) {
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
      timer.runDue();
    }
  }

  /** The same, while these members are heard of, now and then, and last in the last moment. */
  private void passWith(long ms, String... heard) {
    long left = ms;
    while (left > 0) {
      long slice = Math.min(left, SESSION_MS - 1);
      pass(slice);
      left -= slice;
      for (String id : heard) {
        heartbeat(id);
      }
    }
  }

  // ---- requests ------------------------------------------------------------------------------

  private CompletableFuture<JoinGroupResponseData> join(String id, String instance, String... how) {
    return join(id, instance, false, how);
  }

  private CompletableFuture<JoinGroupResponseData> join(
      String id, String instance, boolean requiresKnownId, String... protocols) {
    List<Protocol> known = new ArrayList<>();
    for (String protocol : protocols.length == 0 ? new String[] {"range"} : protocols) {
      known.add(new Protocol(protocol, new byte[] {1}));
    }
    return membership.join(
        group,
        new Joining(
            id,
            instance,
            requiresKnownId,
            true,
            clientId,
            "/h",
            rebalanceMs,
            SESSION_MS,
            "test",
            known,
            null));
  }

  private CompletableFuture<SyncGroupResponseData> sync(String id, String... shares) {
    Map<String, byte[]> assignment = new HashMap<>();
    for (String share : shares) {
      assignment.put(share, share.getBytes(StandardCharsets.UTF_8));
    }
    return membership.sync(group, group.generation(), id, null, "test", "range", assignment);
  }

  private Errors heartbeat(String id) {
    return membership.heartbeat(group, group.generation(), id, null);
  }

  private static Errors error(CompletableFuture<JoinGroupResponseData> join) {
    return Errors.forCode(join.getNow(null).errorCode());
  }

  /** Two members in a stable group; the first leads. */
  private List<String> stable() {
    var first = join("", null);
    var second = join("", null);
    pass(2 * INITIAL_DELAY_MS);
    List<String> members = List.of(first.join().memberId(), second.join().memberId());
    sync(members.get(0), members.toArray(String[]::new));
    sync(members.get(1));
    assertThat(group.state()).isEqualTo(GroupState.STABLE);
    return members;
  }

  // ---- joining -------------------------------------------------------------------------------

  @Test
  void anEmptyGroupWaitsForMoreThanItsFirstMember() {
    var first = join("", null);
    pass(2_900);
    assertThat(first).isNotDone();
    var second = join("", null);
    pass(2_900);
    assertThat(first).as("prolonged by the second").isNotDone();
    pass(200);

    assertThat(first.join().generationId()).isEqualTo(1);
    assertThat(first.join().leader()).isEqualTo(first.join().memberId());
    assertThat(first.join().members()).hasSize(2);
    assertThat(second.join().members()).as("only the leader learns who is in").isEmpty();
    assertThat(group.state()).isEqualTo(GroupState.COMPLETING_REBALANCE);
  }

  @Test
  void theWaitEndsWithTheRebalanceTimeout() {
    rebalanceMs = 7_000;
    var first = join("", null);
    for (int i = 0; i < 3; i++) {
      pass(2_200);
      join("", null);
    }
    pass(300);
    assertThat(first).isNotDone();
    pass(200);
    assertThat(first.join().members()).hasSize(4);
  }

  @Test
  void aNewcomerIsGivenItsIdFirst() {
    var refused = join("", null, true);
    assertThat(error(refused)).isEqualTo(Errors.MEMBER_ID_REQUIRED);
    String id = refused.join().memberId();
    assertThat(group.members().size()).isZero();
    var joined = join(id, null);
    pass(INITIAL_DELAY_MS);
    assertThat(joined.join().memberId()).isEqualTo(id);
  }

  @Test
  void anIdThatIsNotUsedIsForgotten() {
    List<String> members = stable();
    String given = join("", null, true).join().memberId();
    var rejoin = join(members.get(0), null);
    join(members.get(1), null);
    assertThat(rejoin).as("the one with the id is waited for").isNotDone();
    pass(SESSION_MS);
    assertThat(rejoin).isDone();
    assertThat(error(join(given, null))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void aGroupTakesNoMoreThanItMay() {
    List<String> members = new ArrayList<>();
    List<CompletableFuture<JoinGroupResponseData>> joins = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      joins.add(join("", null));
    }
    assertThat(error(join("", null))).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
    pass(3 * INITIAL_DELAY_MS);
    joins.forEach(each -> members.add(each.join().memberId()));
    assertThat(error(join("", null))).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
    assertThat(members).doesNotHaveDuplicates().hasSize(4);
  }

  @Test
  void theProtocolMostMembersPreferIsTaken() {
    join("", null, "a", "b", "c");
    join("", null, "b", "c");
    var third = join("", null, "c", "b");
    var odd = join("", null, "a");
    assertThat(error(odd)).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    pass(2 * INITIAL_DELAY_MS);
    assertThat(third.join().protocolName()).isEqualTo("b");
  }

  @Test
  void aMemberIdTooLongForRecordsAndAnswersIsNotGiven() {
    int uuidBytes = 36;
    int most = Short.MAX_VALUE - 1 - uuidBytes;
    for (boolean requiresKnownId : new boolean[] {true, false}) {
      clientId = "c".repeat(most + 1);
      var refused = join("", null, requiresKnownId);
      assertThat(error(refused)).isEqualTo(Errors.INVALID_REQUEST);
      assertThat(refused.join().memberId()).isEmpty();
    }
    assertThat(error(join("", "i".repeat(most + 1)))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(group.members().size()).isZero();

    clientId = "c".repeat(most);
    String given = join("", null, true).join().memberId();
    assertThat(given).hasSize(Short.MAX_VALUE);
    var joined = join(given, null);
    pass(INITIAL_DELAY_MS);
    assertThat(error(joined)).isEqualTo(Errors.NONE);
    assertThat(sync(given, given).join().errorCode()).isZero();
  }

  @Test
  void aGroupThatCannotBeWrittenIsToldSoAndBeginsAgain() {
    // Read from 20,000 bytes that are no UTF-8, and three times as long when written.
    clientId = "\uFFFD".repeat(20_000);
    var joined = join("", "instance");
    pass(INITIAL_DELAY_MS);
    String id = joined.join().memberId();
    var synced = sync(id, id);
    assertThat(Errors.forCode(synced.join().errorCode())).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
    assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    assertThat(log).isEmpty();
  }

  // ---- rebalance -----------------------------------------------------------------------------

  @Test
  void aRebalanceWaitsForAllAndDropsWhoDoesNotCome() {
    List<String> members = stable();
    var newcomer = join("", null);
    assertThat(heartbeat(members.get(0))).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    var rejoin = join(members.get(0), null);
    for (int i = 0; i < 7; i++) {
      assertThat(rejoin).isNotDone();
      // It heartbeats, so that its session holds, and does not rejoin.
      assertThat(heartbeat(members.get(1))).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
      pass(8_500);
    }
    pass(600);
    assertThat(rejoin.join().generationId()).isEqualTo(2);
    assertThat(newcomer).isDone();
    assertThat(group.members().has(members.get(1))).isFalse();
  }

  @Test
  void aLeaderThatDoesNotRejoinIsReplaced() {
    List<String> members = stable();
    var newcomer = join("", null);
    var rejoin = join(members.get(1), null);
    pass(SESSION_MS);
    assertThat(group.members().has(members.get(0))).isFalse();
    assertThat(rejoin.join().leader()).isEqualTo(members.get(1));
    assertThat(newcomer).isDone();
  }

  @Test
  void whoRejoinsWithNothingNewGetsTheGenerationThereIs() {
    List<String> members = stable();
    var follower = join(members.get(1), null);
    assertThat(follower.join().generationId()).isEqualTo(1);
    assertThat(group.state()).isEqualTo(GroupState.STABLE);
    var leader = join(members.get(0), null);
    assertThat(leader).isNotDone();
    assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
  }

  @Test
  void theLastToLeaveLeavesAnEmptyGroupBehind() {
    List<String> members = stable();
    for (String id : members) {
      assertThat(membership.leave(group, new MemberIdentity().setMemberId(id)))
          .isEqualTo(Errors.NONE);
    }
    assertThat(group.state()).isEqualTo(GroupState.EMPTY);
    assertThat(group.generation()).isEqualTo(2);
    assertThat(log).as("the generation and its end").hasSize(2);
    assertThat(timer.size()).as("nothing waits any more").isZero();
  }

  // ---- sync ----------------------------------------------------------------------------------

  @Test
  void nobodyHearsOfTheirShareBeforeItIsStored() {
    var first = join("", null);
    var second = join("", null);
    pass(2 * INITIAL_DELAY_MS);
    slowLog = true;
    var follower = sync(second.join().memberId());
    var leader = sync(first.join().memberId(), first.join().memberId(), second.join().memberId());
    assertThat(leader).isNotDone();
    underWay.get(0).complete(0L);
    assertThat(leader).isDone();
    assertThat(follower.join().assignment())
        .isEqualTo(second.join().memberId().getBytes(StandardCharsets.UTF_8));
    assertThat(group.state()).isEqualTo(GroupState.STABLE);
  }

  @Test
  void aShareThatCannotBeStoredMeansAnotherRebalance() {
    var first = join("", null);
    pass(INITIAL_DELAY_MS);
    slowLog = true;
    var sync = sync(first.join().memberId(), first.join().memberId());
    underWay.get(0).completeExceptionally(Errors.NOT_ENOUGH_REPLICAS.exception());
    assertThat(Errors.forCode(sync.join().errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
  }

  @Test
  void aShareOfAnOldGenerationComesTooLate() {
    var first = join("", null);
    pass(INITIAL_DELAY_MS);
    slowLog = true;
    var sync = sync(first.join().memberId(), first.join().memberId());
    join("", null);
    assertThat(Errors.forCode(sync.join().errorCode())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    underWay.get(0).complete(0L);
    assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
  }

  @Test
  void whoDoesNotAskForTheirShareIsDropped() {
    var first = join("", null);
    var second = join("", null);
    pass(2 * INITIAL_DELAY_MS);
    String leader = first.join().memberId();
    String silent = second.join().memberId();
    sync(leader, leader, silent);
    for (int i = 0; i < 6; i++) {
      pass(9_000);
      heartbeat(leader);
      heartbeat(silent);
    }
    assertThat(group.state()).isEqualTo(GroupState.STABLE);
    pass(6_000);
    assertThat(group.members().has(silent)).isFalse();
    assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
  }

  // ---- sessions ------------------------------------------------------------------------------

  @Test
  void aMemberLivesAsLongAsItIsHeardOf() {
    List<String> members = stable();
    for (int i = 0; i < 5; i++) {
      pass(9_000);
      assertThat(heartbeat(members.get(0)))
          .isEqualTo(i == 0 ? Errors.NONE : Errors.REBALANCE_IN_PROGRESS);
    }
    assertThat(group.members().ids()).containsExactly(members.get(0));
    pass(SESSION_MS);
    assertThat(group.members().isEmpty()).isTrue();
    assertThat(group.state()).isEqualTo(GroupState.EMPTY);
  }

  // ---- static members ------------------------------------------------------------------------

  private List<String> stableStatic() {
    var first = join("", "one");
    var second = join("", "two");
    pass(2 * INITIAL_DELAY_MS);
    List<String> members = List.of(first.join().memberId(), second.join().memberId());
    sync(members.get(0), members.toArray(String[]::new));
    sync(members.get(1));
    return members;
  }

  @Test
  void aStaticMemberThatReturnsKeepsItsShare() {
    List<String> members = stableStatic();
    var returned = join("", "two");
    String id = returned.join().memberId();
    assertThat(id).isNotEqualTo(members.get(1)).startsWith("two-");
    assertThat(group.state()).isEqualTo(GroupState.STABLE);
    assertThat(group.generation()).isEqualTo(1);
    assertThat(sync(id).join().assignment())
        .isEqualTo(members.get(1).getBytes(StandardCharsets.UTF_8));
    assertThat(membership.heartbeat(group, 1, members.get(1), "two"))
        .isEqualTo(Errors.FENCED_INSTANCE_ID);
  }

  @Test
  void aStaticLeaderThatReturnsIsToldNotToShareOut() {
    stableStatic();
    var returned = join("", "one").join();
    assertThat(returned.skipAssignment()).isTrue();
    assertThat(returned.leader()).isEqualTo(returned.memberId());
    assertThat(returned.members()).hasSize(2);
  }

  @Test
  void aReturnThatCannotBeStoredIsTakenBack() {
    List<String> members = stableStatic();
    slowLog = true;
    var returned = join("", "two");
    underWay.get(0).completeExceptionally(Errors.NOT_LEADER_OR_FOLLOWER.exception());
    assertThat(error(returned)).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(group.members().idOfInstance("two")).contains(members.get(1));
  }

  @Test
  void staticMembersAreNotDroppedByARebalance() {
    List<String> members = stableStatic();
    join(members.get(0), "one");
    pass(5_000);
    membership.heartbeat(group, 1, members.get(1), "two");
    pass(SESSION_MS - 1_000);
    assertThat(group.members().size()).isEqualTo(2);
  }

  @Test
  void aStaticMemberThatDoesNotReturnIsDroppedAfterItsSession() {
    List<String> members = stableStatic();
    pass(SESSION_MS - 1);
    assertThat(membership.heartbeat(group, 1, members.get(0), "one")).isEqualTo(Errors.NONE);
    assertThat(group.members().size()).isEqualTo(2);
    pass(1);
    assertThat(group.members().ids()).containsExactly(members.get(0));
    assertThat(group.members().idOfInstance("two")).isEmpty();
    assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
  }

  // ---- to the millisecond --------------------------------------------------------------------

  @Test
  void theInitialDelayIsExact() {
    var alone = join("", null);
    pass(INITIAL_DELAY_MS - 1);
    assertThat(alone).isNotDone();
    pass(1);
    assertThat(alone.join().members()).hasSize(1);
  }

  @Test
  void theInitialDelayBeginsAgainWhenItEnds() {
    var first = join("", null);
    pass(1_000);
    join("", null);
    pass(2 * INITIAL_DELAY_MS - 1_000 - 1);
    assertThat(first).isNotDone();
    pass(1);
    assertThat(first.join().members()).hasSize(2);
  }

  @Test
  void theInitialDelayEndsWithTheRebalanceTimeout() {
    rebalanceMs = 2 * INITIAL_DELAY_MS + 1_000;
    var first = join("", null);
    pass(INITIAL_DELAY_MS - 1);
    join("", null);
    pass(INITIAL_DELAY_MS);
    join("", null);
    pass(1_000);
    assertThat(first).isNotDone();
    pass(1);
    assertThat(first.join().members()).hasSize(3);
  }

  @Test
  void aSessionIsExact() {
    List<String> members = stable();
    pass(1);
    heartbeat(members.get(1));
    pass(SESSION_MS - 2);
    assertThat(group.members().size()).isEqualTo(2);
    pass(1);
    assertThat(group.members().ids()).containsExactly(members.get(1));
    pass(1);
    assertThat(group.state()).isEqualTo(GroupState.EMPTY);
  }

  @Test
  void aRebalanceTimeoutIsExact() {
    List<String> members = stable();
    var newcomer = join("", null);
    passWith(rebalanceMs - 1, members.toArray(String[]::new));
    assertThat(newcomer).isNotDone();
    pass(1);
    assertThat(newcomer.join().members()).hasSize(1);
    assertThat(newcomer.join().generationId()).isEqualTo(2);
  }

  @Test
  void whoWaitsToJoinForTheFirstTimeHasFiveMinutes() {
    rebalanceMs = NEWCOMER_MS + 60_000;
    List<String> members = stable();
    var newcomer = join("", null);
    passWith(NEWCOMER_MS - 1, members.toArray(String[]::new));
    assertThat(newcomer).isNotDone();
    assertThat(group.members().size()).isEqualTo(3);
    pass(1);
    assertThat(error(newcomer)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(group.members().ids()).containsExactlyInAnyOrderElementsOf(members);
  }

  @Test
  void theTimeToAskForAShareIsExact() {
    var first = join("", null);
    var second = join("", null);
    pass(2 * INITIAL_DELAY_MS);
    String leader = first.join().memberId();
    String silent = second.join().memberId();
    sync(leader, leader, silent);
    passWith(rebalanceMs - 1, leader, silent);
    assertThat(group.members().has(silent)).isTrue();
    pass(1);
    assertThat(group.members().ids()).containsExactly(leader);
  }

  // ---- the coordinator moves -----------------------------------------------------------------

  @Test
  void whoWaitsIsSentAwayWhenTheCoordinatorMoves() {
    List<String> members = stable();
    var waiting = join(members.get(0), null);
    membership.unloaded(group);
    assertThat(error(waiting)).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(heartbeat(members.get(0))).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    assertThat(timer.size()).isZero();
  }

  @Test
  void loadedMembersHaveASessionsTimeToShowUp() {
    List<String> members = stable();
    Map<String, byte[]> shares = new HashMap<>();
    members.forEach(id -> shares.put(id, new byte[] {9}));
    Group loaded = Group.of("g", 0, group.record(shares));
    membership.unloaded(group);
    membership.loaded(loaded);
    pass(9_000);
    assertThat(membership.heartbeat(loaded, 1, members.get(0), null)).isEqualTo(Errors.NONE);
    pass(2_000);
    assertThat(loaded.members().ids()).containsExactly(members.get(0));
    assertThat(loaded.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
  }

  @Test
  void everyStepIsTold() {
    stable();
    assertThat(changes)
        .containsSubsequence("PreparingRebalance 0", "CompletingRebalance 1", "Stable 1");
  }
}
