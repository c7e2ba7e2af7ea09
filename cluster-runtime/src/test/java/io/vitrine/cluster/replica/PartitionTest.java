package io.vitrine.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.purgatory.Purgatory;
import io.vitrine.cluster.purgatory.WheelTimer;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.LogManagerSettings;
import io.vitrine.storage.LogObserver;
import io.vitrine.storage.StorageEnvironment;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.ReadBound;
import io.vitrine.storage.log.VerificationGuard;
import io.vitrine.storage.testing.ManualClock;
import io.vitrine.storage.testing.ManualScheduler;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetNotAvailableException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrPartitionState;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ProduceResponse.PartitionResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One partition with a real log, a clock moved by hand and a controller that answers by hand. */
class PartitionTest {
  private static final int CONTROLLER_EPOCH = 6;
  private static final TopicPartition TP = new TopicPartition("orders", 0);
  private static final long LAG_MS = 1_000;

  @TempDir Path directory;
  private final AtomicLong nowMs = new AtomicLong(50_000);
  private final AtomicInteger minIsr = new AtomicInteger(1);
  private final Set<Integer> alive = new HashSet<>(Set.of(1, 2, 3));
  private final List<ClusterEvent> events = new ArrayList<>();
  private final List<IsrChange> asked = new ArrayList<>();
  private final List<CompletableFuture<IsrChange.Answer>> answers = new ArrayList<>();
  private final AtomicLong reassignedIn = new AtomicLong();
  private final AtomicInteger isrChangesRefused = new AtomicInteger();
  private final Uuid id = Uuid.randomUuid();
  private final WheelTimer timer = new WheelTimer("unused", System::nanoTime);
  private final DelayedOperations delayed =
      new DelayedOperations(
          new Purgatory<>("Produce", timer),
          new Purgatory<>("Fetch", timer),
          new Purgatory<>("DeleteRecords", timer));
  private LogManager logs;
  private PartitionLog log;
  private PartitionContext context;
  private Partition partition;

  @BeforeEach
  void open() {
    ManualClock clock = new ManualClock(Instant.ofEpochMilli(1_000_000));
    logs =
        LogManager.open(
            LogManagerSettings.defaults(List.of(directory)),
            topic -> LogSettings.defaults(),
            new StorageEnvironment(
                clock,
                System::nanoTime,
                new ManualScheduler(),
                new Random(1),
                new RealFiles(),
                new LogObserver() {},
                "broker-1-"));
    log = logs.getOrCreate(TP, Optional.of(id), true);
    context =
        new PartitionContext(
            1,
            LAG_MS,
            nowMs::get,
            alive::contains,
            topic -> minIsr.get(),
            (broker, event) -> events.add(event),
            new CapturedChanges(),
            delayed,
            new ReadReplicas(false, id -> Optional.empty()),
            new CountedTraffic());
    partition = new Partition(TP, context);
  }

  @AfterEach
  void close() {
    logs.close();
  }

  private final class CountedTraffic implements Traffic {
    @Override
    public void reassignedIn(long bytes) {
      reassignedIn.addAndGet(bytes);
    }

    @Override
    public void isrChangeRefused() {
      isrChangesRefused.incrementAndGet();
    }
  }

  private final class CapturedChanges implements IsrChangeSender {
    @Override
    public CompletableFuture<IsrChange.Answer> submit(IsrChange change) {
      asked.add(change);
      answers.add(new CompletableFuture<>());
      return answers.get(answers.size() - 1);
    }

    @Override
    public CompletableFuture<IsrChange.Answer> submitLater(IsrChange change) {
      return submit(change);
    }
  }

  private static LeaderAndIsrPartitionState order(
      int leader, int leaderEpoch, int partitionEpoch, Integer... isr) {
    return new LeaderAndIsrPartitionState()
        .setControllerEpoch(CONTROLLER_EPOCH)
        .setLeader(leader)
        .setLeaderEpoch(leaderEpoch)
        .setPartitionEpoch(partitionEpoch)
        .setReplicas(List.of(1, 2, 3))
        .setIsr(Arrays.asList(isr));
  }

  private static MemoryRecords batch(String value) {
    return MemoryRecords.withRecords(
        Compression.NONE, new SimpleRecord(900_000, null, value.getBytes()));
  }

  private static AppendParameters parameters(int acks) {
    return AppendParameters.of((short) acks, 1_000, Origin.CLIENT);
  }

  private void append(String value) {
    partition.leaderWrites().append(batch(value), parameters(1), VerificationGuard.NONE);
  }

  private PartitionRead fetch(int replica, long offset, Integer lastEpoch, Integer currentEpoch) {
    return partition
        .reads()
        .fetch(
            new TopicIdPartition(id, TP),
            new FetchRequest.PartitionData(
                id,
                offset,
                0,
                1 << 20,
                Optional.ofNullable(currentEpoch),
                Optional.ofNullable(lastEpoch)),
            new FetchParameters((short) 17, replica, -1, 0, 1, 1 << 20, ReadBound.LOG_END, ""),
            1 << 20,
            true,
            true);
  }

  private void fetched(int replica, long offset) {
    fetch(replica, offset, null, partition.leaderEpoch()).records().close();
  }

  private void answer(int call, Errors error, int partitionEpoch, Integer... isr) {
    answers
        .get(call)
        .complete(
            new IsrChange.Answer(
                error, partition.leaderEpoch(), partitionEpoch, Arrays.asList(isr)));
  }

  @Test
  void whatWasAcknowledgedStaysSoWhileAProduceWaitsForOtherPartitions() {
    TopicPartition other = new TopicPartition("orders", 1);
    Partition acknowledged = new Partition(other, context);
    HostedPartitions hosted = new HostedPartitions(new MetadataCache());
    hosted.add(partition);
    hosted.add(acknowledged);
    PartitionLog otherLog = logs.getOrCreate(other, Optional.of(id), true);
    acknowledged.becomeLeader(order(1, 4, 10, 1), otherLog);
    partition.becomeLeader(order(1, 4, 10, 1, 2), log);
    append("a");
    Map<TopicPartition, PartitionResponse> answers =
        Map.of(TP, new PartitionResponse(Errors.NONE), other, new PartitionResponse(Errors.NONE));
    DelayedProduce produce =
        new DelayedProduce(
            1_000,
            hosted,
            List.of(
                new DelayedProduce.Waiting(other, 0, false),
                new DelayedProduce.Waiting(TP, 1, false)),
            answers,
            all -> {});
    assertThat(produce.canComplete()).isFalse();

    acknowledged.becomeFollower(order(2, 5, 11), otherLog);
    hosted.remove(TP);
    assertThat(produce.canComplete()).isTrue();
    produce.forceComplete();

    assertThat(answers.get(other).error).isEqualTo(Errors.NONE);
    assertThat(answers.get(TP).error).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void theHighWatermarkIsWhatTheIsrAskedFor() {
    partition.becomeLeader(order(1, 4, 10, 1, 2, 3), log);
    append("a");
    append("b");
    assertThat(log.highWatermark()).isZero();
    fetched(2, 2);
    fetched(3, 1);
    assertThat(log.highWatermark()).isEqualTo(1);
    assertThat(partition.leaderWrites().acknowledgement(1)).contains(Errors.NONE);
    assertThat(partition.leaderWrites().acknowledgement(2)).isEmpty();
    fetched(3, 2);
    assertThat(log.highWatermark()).isEqualTo(2);
    assertThat(log.epochEntries()).extracting(entry -> entry.epoch()).containsExactly(4);
  }

  @Test
  void aLaggingFollowerLeavesOnlyWhenTheControllerAgrees() {
    partition.becomeLeader(order(1, 4, 10, 1, 2, 3), log);
    append("a");
    fetched(2, 1);
    fetched(3, 0);
    nowMs.addAndGet(LAG_MS);
    fetched(2, 1);
    partition.leaderIsr().maybeShrink();
    assertThat(asked).as("not yet later than the limit").isEmpty();
    nowMs.addAndGet(1);
    partition.leaderIsr().maybeShrink();
    assertThat(asked)
        .containsExactly(new IsrChange(TP, id, 4, 10, CONTROLLER_EPOCH, List.of(1, 2)));
    partition.leaderIsr().maybeShrink();
    assertThat(asked).as("one wish at a time").hasSize(1);
    assertThat(partition.maximalIsr()).containsExactly(1, 2, 3);
    assertThat(log.highWatermark()).isZero();
    answer(0, Errors.NONE, 11, 1, 2);
    assertThat(partition.maximalIsr()).containsExactly(1, 2);
    assertThat(partition.partitionEpoch()).isEqualTo(11);
    assertThat(partition.leaderEpoch()).isEqualTo(4);
    assertThat(log.highWatermark()).isEqualTo(1);
    assertThat(events)
        .contains(new ClusterEvent.IsrShrunk(TP, List.of(3), List.of(1, 2), 1_001, LAG_MS));
  }

  @Test
  void aFollowerJoinsWithTheFetchThatReachesTheHighWatermark() {
    partition.becomeLeader(order(1, 4, 10, 1), log);
    append("a");
    append("b");
    nowMs.addAndGet(LAG_MS + 1);
    assertThat(log.highWatermark()).isEqualTo(2);
    fetched(2, 1);
    assertThat(asked).isEmpty();
    alive.remove(2);
    fetched(2, 2);
    assertThat(asked).as("its broker is not alive").isEmpty();
    alive.add(2);
    fetched(2, 2);
    assertThat(asked)
        .containsExactly(new IsrChange(TP, id, 4, 10, CONTROLLER_EPOCH, List.of(1, 2)));
    append("c");
    assertThat(log.highWatermark()).as("a pending member counts").isEqualTo(2);
    answer(0, Errors.NONE, 11, 1, 2);
    fetched(2, 3);
    assertThat(log.highWatermark()).isEqualTo(3);
    assertThat(events).contains(new ClusterEvent.IsrExpanded(TP, 2, List.of(1, 2)));
  }

  @Test
  void aNewOrderMakesAnOldAnswerPointless() {
    partition.becomeLeader(order(1, 4, 10, 1), log);
    fetched(2, 0);
    assertThat(asked).hasSize(1);
    partition.becomeLeader(order(1, 5, 12, 1, 3), log);
    answer(0, Errors.NONE, 13, 1, 2);
    assertThat(partition.maximalIsr()).containsExactly(1, 3);
    assertThat(partition.partitionEpoch()).isEqualTo(12);
  }

  @Test
  void refusalsLeadBackOrWaitOrAgain() {
    partition.becomeLeader(order(1, 4, 10, 1), log);
    fetched(2, 0);
    answer(0, Errors.UNKNOWN_SERVER_ERROR, -1);
    assertThat(asked).hasSize(2);
    answer(1, Errors.INELIGIBLE_REPLICA, -1);
    assertThat(partition.maximalIsr()).containsExactly(1);
    fetched(2, 0);
    assertThat(asked).hasSize(3);
    answer(2, Errors.FENCED_LEADER_EPOCH, -1);
    assertThat(partition.maximalIsr()).containsExactly(1, 2);
    fetched(2, 0);
    assertThat(asked).hasSize(3);
    assertThat(isrChangesRefused).hasValue(3);
  }

  @Test
  void minInsyncReplicasGuardsAppendAndAcknowledgement() {
    partition.becomeLeader(order(1, 4, 10, 1, 2), log);
    minIsr.set(3);
    assertThatThrownBy(
            () ->
                partition.leaderWrites().append(batch("a"), parameters(-1), VerificationGuard.NONE))
        .isInstanceOf(NotEnoughReplicasException.class);
    minIsr.set(2);
    partition.leaderWrites().append(batch("a"), parameters(-1), VerificationGuard.NONE);
    fetched(2, 1);
    assertThat(partition.leaderWrites().acknowledgement(1)).contains(Errors.NONE);
    minIsr.set(3);
    assertThat(partition.leaderWrites().acknowledgement(1))
        .contains(Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    append("b");
    fetched(2, 2);
    assertThat(log.highWatermark()).as("stands still below min ISR").isEqualTo(1);
  }

  @Test
  void epochsOfTheAskerAreChecked() {
    partition.becomeLeader(order(1, 4, 10, 1, 2), log);
    assertThatThrownBy(() -> fetch(2, 0, null, 3)).isInstanceOf(FencedLeaderEpochException.class);
    assertThatThrownBy(() -> fetch(2, 0, null, 5)).isInstanceOf(UnknownLeaderEpochException.class);
    assertThatThrownBy(() -> fetch(7, 0, null, 4))
        .as("no replica of the partition")
        .isInstanceOf(UnknownLeaderEpochException.class);
    assertThatThrownBy(() -> fetch(7, 0, null, null))
        .isInstanceOf(NotLeaderOrFollowerException.class);
    partition.becomeFollower(order(2, 5, 11), log);
    assertThatThrownBy(() -> fetch(3, 0, null, 5)).isInstanceOf(NotLeaderOrFollowerException.class);
    assertThatThrownBy(() -> append("a")).isInstanceOf(NotLeaderOrFollowerException.class);
    assertThat(partition.leaderWrites().acknowledgement(0)).contains(Errors.NOT_LEADER_OR_FOLLOWER);
  }

  @Test
  void logsThatPartAreToldWhere() {
    partition.becomeLeader(order(1, 4, 10, 1, 2), log);
    append("a");
    append("b");
    partition.becomeLeader(order(1, 6, 11, 1, 2), log);
    append("c");
    PartitionRead behind = fetch(2, 3, 4, 6);
    assertThat(behind.divergingEpoch().orElseThrow().epoch()).isEqualTo(4);
    assertThat(behind.divergingEpoch().orElseThrow().endOffset()).isEqualTo(2);
    assertThat(behind.records().sizeBytes()).isZero();
    PartitionRead unknownEpoch = fetch(2, 2, 5, 6);
    assertThat(unknownEpoch.divergingEpoch().orElseThrow().epoch()).isEqualTo(4);
    assertThat(log.highWatermark()).as("no progress is noted").isZero();
    PartitionRead equal = fetch(2, 2, 4, 6);
    assertThat(equal.divergingEpoch()).isEmpty();
    assertThat(equal.records().sizeBytes()).isPositive();
    equal.records().close();
    assertThat(log.highWatermark()).isEqualTo(2);
  }

  @Test
  void aNewLeaderHidesItsEndUntilItsHighWatermarkIsThere() {
    partition.becomeLeader(order(1, 4, 10, 1, 2), log);
    append("a");
    partition.becomeLeader(order(1, 5, 11, 1, 2), log);
    assertThatThrownBy(() -> latest(Optional.of(IsolationLevel.READ_UNCOMMITTED)))
        .isInstanceOf(OffsetNotAvailableException.class);
    assertThat(latest(Optional.empty())).as("a replica may see the log's end").isEqualTo(1);
    fetched(2, 1);
    assertThat(latest(Optional.of(IsolationLevel.READ_COMMITTED))).isEqualTo(1);
    assertThat(
            partition
                .reads()
                .offsetForTimestamp(
                    ListOffsetsRequest.EARLIEST_TIMESTAMP,
                    Optional.of(IsolationLevel.READ_UNCOMMITTED),
                    Optional.of(5),
                    true)
                .orElseThrow()
                .offset())
        .isZero();
  }

  private long latest(Optional<IsolationLevel> isolation) {
    return partition
        .reads()
        .offsetForTimestamp(ListOffsetsRequest.LATEST_TIMESTAMP, isolation, Optional.of(5), true)
        .orElseThrow()
        .offset();
  }

  @Test
  void aReassignmentLastsUntilTheFirstOrderWithoutIt() {
    partition.becomeLeader(
        order(1, 4, 10, 1).setAddingReplicas(List.of(3)).setRemovingReplicas(List.of(2)), log);
    assertThat(partition.isReassigning()).isTrue();
    assertThat(partition.isAdding(3)).isTrue();
    assertThat(partition.isAdding(2)).isFalse();
    partition.becomeLeader(order(1, 4, 11, 1, 3), log);
    assertThat(partition.isReassigning()).isFalse();
    assertThat(partition.isAdding(3)).isFalse();
  }

  @Test
  void recordsOfAReplicaThatIsNewHereCountForTheReassignment() {
    MemoryRecords first = batch("a");
    partition.becomeFollower(order(2, 4, 10, 2).setAddingReplicas(List.of(1)), log);
    partition.followerWrites().append(first, 4, 0, 0, 0);
    assertThat(reassignedIn).hasValue(first.sizeInBytes());
    partition.becomeFollower(order(2, 4, 11, 1, 2), log);
    MemoryRecords second =
        MemoryRecords.withRecords(1, Compression.NONE, new SimpleRecord("b".getBytes()));
    partition.followerWrites().append(second, 4, 1, 0, 0);
    assertThat(reassignedIn).hasValue(first.sizeInBytes());
  }

  @Test
  void aFollowerTakesOverRecordsHighWatermarkAndLogStart() {
    partition.becomeFollower(order(2, 4, 10), log);
    MemoryRecords records = batch("a");
    records.batches().iterator().next().setPartitionLeaderEpoch(3);
    FollowerWrites.Append appended = partition.followerWrites().append(records, 4, 0, 9, 0);
    assertThat(appended).isEqualTo(new FollowerWrites.Append(1, 3, true));
    assertThat(log.highWatermark()).isEqualTo(1);
    assertThatThrownBy(() -> partition.followerWrites().append(batch("b"), 3, 1, 9, 0))
        .as("asked for in an earlier epoch")
        .isInstanceOf(NotLeaderOrFollowerException.class);
    assertThatThrownBy(() -> partition.followerWrites().append(batch("b"), 4, 0, 9, 0))
        .as("the log ends elsewhere")
        .isInstanceOf(IllegalStateException.class);
    partition.followerWrites().truncateTo(0, 4, "test");
    assertThat(log.logEndOffset()).isZero();
    assertThat(log.highWatermark()).isZero();
    assertThat(events).contains(new ClusterEvent.LogTruncated(TP, 1, 0, "test"));
  }

  @Test
  void outdatedOrdersChangeNothing() {
    partition.becomeLeader(order(1, 4, 10, 1, 2), log);
    assertThat(partition.becomeFollower(order(2, 5, 9), log)).isFalse();
    assertThat(partition.becomeLeader(order(1, 5, 9, 1), log)).isFalse();
    assertThat(partition.isLeader()).isTrue();
    assertThat(partition.leaderEpoch()).isEqualTo(4);
  }

  @Test
  void everyRoleIsKnown() {
    assertThat(ReplicaRole.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            ReplicaRole.Unassigned.class, FollowerState.class, LeaderState.class);
    assertThat(IsrState.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(IsrState.Committed.class, IsrState.Pending.class);
    assertThat(IsrState.Pending.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(IsrState.PendingExpand.class, IsrState.PendingShrink.class);
  }

  @Test
  void aThrottledFollowerGetsRecordsAgainWhenTheRateHasFallen() {
    partition.becomeLeader(order(1, 4, 10, 1, 3), log);
    append("a");
    HostedPartitions hosted = new HostedPartitions(new MetadataCache());
    hosted.add(partition);
    ReplicationQuota quota = new ReplicationQuota(11, 1, nowMs::get);
    FetchReads reads = new FetchReads(hosted, delayed, quota, Traffic.uncounted());
    quota.limit(100);
    quota.throttle(TP.topic(), Set.of(TP.partition()));
    assertThat(bytes(reads, 2)).as("under the bound").isPositive();
    quota.record(1_000);
    assertThat(bytes(reads, 2)).as("over it").isZero();
    assertThat(bytes(reads, 3)).as("over it, but in sync").isPositive();
    assertThat(bytes(reads, -1)).as("a consumer").isPositive();
    nowMs.addAndGet(9_000);
    assertThat(bytes(reads, 2)).as("1000 bytes in 9 s").isZero();
    nowMs.addAndGet(1_000);
    assertThat(bytes(reads, 2)).as("1000 bytes in 10 s").isPositive();
    quota.record(1_000);
    quota.release(TP.topic());
    assertThat(bytes(reads, 2)).as("no longer throttled").isPositive();
  }

  private int bytes(FetchReads reads, int replica) {
    FetchItem item =
        new FetchItem(
            new TopicIdPartition(id, TP),
            new FetchRequest.PartitionData(id, 0, 0, 1 << 20, Optional.empty(), Optional.empty()));
    FetchParameters parameters =
        new FetchParameters((short) 17, replica, -1, 0, 1, 1 << 20, ReadBound.LOG_END, "");
    List<PartitionRead> found = reads.read(parameters, List.of(item), true);
    int size = found.get(0).records().sizeBytes();
    PartitionRead.closeAll(found);
    return size;
  }
}
