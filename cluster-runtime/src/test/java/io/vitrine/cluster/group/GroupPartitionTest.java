package io.vitrine.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.group.GroupRecord.MemberRecord;
import io.vitrine.cluster.group.GroupRecords.GroupKey;
import io.vitrine.cluster.group.GroupRecords.OffsetKey;
import io.vitrine.cluster.purgatory.WheelTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;

/** M59: what a log of {@code __consumer_offsets} means, and what is written to it. */
class GroupPartitionTest {
  private static final TopicPartition A = new TopicPartition("a", 0);
  private static final TopicPartition B = new TopicPartition("b", 0);
  private static final Committer NOBODY = new Committer("", null, -1);
  private static final long RETENTION_MS = Duration.ofDays(7).toMillis();

  private final BrokerConfig config = BrokerConfig.parse(Map.of("zookeeper.connect", "h:1"));
  private final WheelTimer timer = new WheelTimer("test", () -> 0);
  private final List<MemoryRecords> log = new ArrayList<>();
  private final List<CompletableFuture<Long>> appends = new ArrayList<>();
  private long nowMs = 1_000;
  private final GroupLog groupLog =
      new GroupLog(
          (partition, records, parameters) -> {
            log.add(records);
            CompletableFuture<Long> append = new CompletableFuture<>();
            appends.add(append);
            return append;
          },
          config,
          () -> Instant.ofEpochMilli(nowMs));
  private final Membership membership =
      new Membership(
          config,
          timer,
          () -> Instant.ofEpochMilli(nowMs),
          groupLog,
          () -> new UUID(0, 1),
          (group, reason) -> {});
  private final OffsetCommits commits = new OffsetCommits(groupLog, membership, 10);
  private GroupPartition partition = new GroupPartition(0, () -> nowMs, membership);
  private long nextOffset;

  private static CommittedOffset at(long offset, long committedMs) {
    return new CommittedOffset(offset, OptionalInt.empty(), "", committedMs, OptionalLong.empty());
  }

  // ---- the log -------------------------------------------------------------------------------

  private void replay(MemoryRecords records) {
    for (MutableRecordBatch batch : records.batches()) {
      batch.setLastOffset(nextOffset + batch.lastOffset() - batch.baseOffset());
      nextOffset = batch.nextOffset();
      for (Record record : batch) {
        partition.replay(batch, record);
      }
    }
  }

  private SimpleRecord offset(TopicPartition of, long offset) {
    return new SimpleRecord(
        0,
        GroupRecords.key(new OffsetKey("g", of)),
        GroupRecords.offsetValue(at(offset, nowMs), config.interBrokerProtocol()));
  }

  private static SimpleRecord noOffset(TopicPartition of) {
    return new SimpleRecord(0, GroupRecords.key(new OffsetKey("g", of)), null);
  }

  private SimpleRecord group(int generation, MemberRecord... members) {
    return new SimpleRecord(
        0,
        GroupRecords.key(new GroupKey("g")),
        GroupRecords.groupValue(
            new GroupRecord(
                "consumer",
                generation,
                members.length == 0 ? null : "range",
                members.length == 0 ? null : members[0].memberId(),
                nowMs,
                List.of(members)),
            config.interBrokerProtocol()));
  }

  private static MemoryRecords plain(SimpleRecord... records) {
    return MemoryRecords.withRecords(Compression.NONE, records);
  }

  private static MemoryRecords inTransaction(long producer, SimpleRecord... records) {
    return MemoryRecords.withTransactionalRecords(
        RecordBatch.CURRENT_MAGIC_VALUE, 0, Compression.NONE, producer, (short) 0, 0, 0, records);
  }

  private static MemoryRecords end(long producer, ControlRecordType how) {
    return MemoryRecords.withEndTransactionMarker(
        producer, (short) 0, new EndTransactionMarker(how, 0));
  }

  private Group loaded() {
    partition.loaded();
    return partition.find("g").orElseThrow();
  }

  private Optional<Long> committed(Group group, TopicPartition of) {
    return group.offsets().get(of).map(CommittedOffset::offset);
  }

  // ---- load ----------------------------------------------------------------------------------

  @Test
  void theLastOfEachKeyCounts() {
    replay(plain(offset(A, 1), offset(B, 1)));
    replay(plain(offset(A, 2), noOffset(B)));
    Group group = loaded();
    assertThat(committed(group, A)).contains(2L);
    assertThat(committed(group, B)).isEmpty();
    assertThat(group.state()).isEqualTo(GroupState.EMPTY);
    assertThat(group.protocolType()).as("nobody ever joined").isNull();
  }

  @Test
  void aGroupWithMembersIsStableAndOneThatWasRemovedIsNot() {
    MemberRecord member =
        new MemberRecord("m", "i", "c", "/h", 9_000, 6_000, new byte[0], new byte[] {1});
    replay(plain(group(3, member)));
    Group group = loaded();
    assertThat(group.state()).isEqualTo(GroupState.STABLE);
    assertThat(group.generation()).isEqualTo(3);
    assertThat(group.members().idOfInstance("i")).contains("m");
    assertThat(timer.size()).as("its session runs").isEqualTo(1);

    partition = new GroupPartition(0, () -> nowMs, membership);
    replay(plain(group(4), new SimpleRecord(0, GroupRecords.key(new GroupKey("g")), null)));
    partition.loaded();
    assertThat(partition.find("g")).isEmpty();
  }

  @Test
  void offsetsOfATransactionCountWhenItIsCommitted() {
    replay(inTransaction(7, offset(A, 5)));
    replay(inTransaction(8, offset(B, 6)));
    replay(end(8, ControlRecordType.ABORT));
    Group group = loaded();
    assertThat(committed(group, A)).isEmpty();
    assertThat(group.offsets().isUnstable(A)).isTrue();
    assertThat(group.offsets().isUnstable(B)).isFalse();
    partition.producerEnded(7, true);
    assertThat(committed(group, A)).contains(5L);
  }

  @Test
  void theLaterInTheLogWinsAlsoWhenItsTransactionEndsEarlier() {
    replay(inTransaction(7, offset(A, 5)));
    replay(plain(offset(A, 9)));
    replay(end(7, ControlRecordType.COMMIT));
    assertThat(committed(loaded(), A)).contains(9L);
  }

  // ---- commit --------------------------------------------------------------------------------

  @Test
  void aCommitCountsOnceTheLogHasIt() {
    Group group = partition.findOrCreate("g");
    var outcome = commits.commit(group, NOBODY, Map.of(A, at(3, nowMs)));
    assertThat(committed(group, A)).isEmpty();
    assertThat(group.offsets().isUnstable(A)).isTrue();
    appends.get(0).complete(0L);
    assertThat(outcome.join()).containsExactly(Map.entry(A, Errors.NONE));
    assertThat(committed(group, A)).contains(3L);
    assertThat(commits.committed()).isEqualTo(1);
  }

  @Test
  void aCommitThatFailsLeavesWhatWas() {
    Group group = partition.findOrCreate("g");
    var outcome = commits.commit(group, NOBODY, Map.of(A, at(3, nowMs)));
    appends.get(0).completeExceptionally(Errors.MESSAGE_TOO_LARGE.exception());
    assertThat(outcome.join()).containsEntry(A, Errors.INVALID_COMMIT_OFFSET_SIZE);
    assertThat(group.offsets().isEmpty()).isTrue();
  }

  @Test
  void aNoteThatIsTooLongIsRefusedAlone() {
    Group group = partition.findOrCreate("g");
    CommittedOffset wordy =
        new CommittedOffset(1, OptionalInt.empty(), "x".repeat(11), nowMs, OptionalLong.empty());
    var outcome = commits.commit(group, NOBODY, Map.of(A, at(3, nowMs), B, wordy));
    appends.get(0).complete(0L);
    assertThat(outcome.join())
        .containsEntry(A, Errors.NONE)
        .containsEntry(B, Errors.OFFSET_METADATA_TOO_LARGE);
  }

  @Test
  void ofTwoCommitsTheLaterInTheLogWinsWhateverIsAcknowledgedFirst() {
    Group group = partition.findOrCreate("g");
    commits.commit(group, NOBODY, Map.of(A, at(3, nowMs)));
    commits.commit(group, NOBODY, Map.of(A, at(4, nowMs)));
    appends.get(1).complete(1L);
    appends.get(0).complete(0L);
    assertThat(committed(group, A)).contains(4L);
  }

  @Test
  void aTransactionsCommitWaitsForItsEnd() {
    Group group = partition.findOrCreate("g");
    commits.commitInTransaction(
        partition,
        group,
        NOBODY,
        new Transactional(7, (short) 0, Map.of()),
        Map.of(A, at(3, nowMs)));
    appends.get(0).complete(0L);
    assertThat(log.get(0).batches().iterator().next().isTransactional()).isTrue();
    assertThat(
            OffsetCommits.fetch(Optional.of(group), true, Optional.of(List.of(A))).get(A).error())
        .isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT);
    partition.producerEnded(7, true);
    assertThat(committed(group, A)).contains(3L);
  }

  // ---- expiry --------------------------------------------------------------------------------

  private int expire(Group group) {
    return commits.remove(partition, group, () -> group.removeExpiredOffsets(nowMs, RETENTION_MS));
  }

  private List<String> tombstones() {
    List<String> keys = new ArrayList<>();
    for (MemoryRecords records : log) {
      records
          .records()
          .forEach(
              record -> {
                assertThat(record.hasValue()).isFalse();
                keys.add(GroupRecords.readKey(record.key()).getClass().getSimpleName());
              });
    }
    return keys;
  }

  @Test
  void offsetsOfASimpleGroupGoEachByItself() {
    replay(plain(offset(A, 1)));
    nowMs += 1_000;
    replay(plain(offset(B, 1)));
    Group group = loaded();
    nowMs += RETENTION_MS - 1_000;
    assertThat(expire(group)).isEqualTo(1);
    assertThat(committed(group, B)).isPresent();
    nowMs += 1_000;
    assertThat(expire(group)).isEqualTo(1);
    assertThat(partition.find("g")).as("nothing is left of it").isEmpty();
    assertThat(tombstones()).as("it never had a generation").containsOnly("OffsetKey").hasSize(2);
  }

  @Test
  void offsetsOfAnEmptyGroupGoTogetherAndTheGroupWithThem() {
    replay(plain(offset(A, 1), offset(B, 1)));
    nowMs += 5_000;
    replay(plain(group(2)));
    Group group = loaded();
    nowMs += RETENTION_MS - 1;
    assertThat(expire(group)).as("it has not been empty for long enough").isZero();
    nowMs += 1;
    assertThat(expire(group)).isEqualTo(2);
    assertThat(tombstones()).containsExactlyInAnyOrder("OffsetKey", "OffsetKey", "GroupKey");
    assertThat(group.state()).isEqualTo(GroupState.DEAD);
  }

  @Test
  void offsetsOfWhatIsConsumedStay() {
    MemberRecord member =
        new MemberRecord(
            "m",
            null,
            "c",
            "/h",
            9_000,
            6_000,
            // Version 0: one topic, a; no user data.
            new byte[] {0, 0, 0, 0, 0, 1, 0, 1, 'a', -1, -1, -1, -1},
            new byte[0]);
    replay(plain(offset(A, 1), offset(B, 1), group(2, member)));
    Group group = loaded();
    nowMs += 2 * RETENTION_MS;
    assertThat(expire(group)).isEqualTo(1);
    assertThat(committed(group, A)).isPresent();
    assertThat(commits.remove(partition, group, List.of(A, B)))
        .containsEntry(A, Errors.GROUP_SUBSCRIBED_TO_TOPIC)
        .containsEntry(B, Errors.NONE);
  }

  @Test
  void anExpiryOfItsOwnGoesBeforeTheRetention() {
    Group group = partition.findOrCreate("g");
    CommittedOffset mortal =
        new CommittedOffset(1, OptionalInt.empty(), "", nowMs, OptionalLong.of(nowMs + 10));
    commits.commit(group, NOBODY, Map.of(A, mortal));
    appends.get(0).complete(0L);
    log.clear();
    nowMs += 9;
    assertThat(expire(group)).isZero();
    nowMs += 1;
    assertThat(expire(group)).isEqualTo(1);
    assertThat(tombstones()).containsExactly("OffsetKey");
  }

  @Test
  void whatIsUnloadedIsNotWrittenToAnyMore() {
    replay(plain(offset(A, 1)));
    Group group = loaded();
    partition.unloaded();
    nowMs += 2 * RETENTION_MS;
    assertThat(expire(group)).isZero();
    assertThat(log).isEmpty();
    var refused = commits.commit(group, NOBODY, Map.of(A, at(3, nowMs)));
    assertThat(refused.join()).containsEntry(A, Errors.COORDINATOR_NOT_AVAILABLE);
  }
}
