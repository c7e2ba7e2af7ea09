package io.vitrine.cluster.handler;

import static io.vitrine.cluster.handler.ReplicaCluster.error;
import static io.vitrine.cluster.handler.ReplicaCluster.get;
import static io.vitrine.cluster.handler.ReplicaCluster.tp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ReplicaSample;
import io.vitrine.cluster.purgatory.Awaited;
import io.vitrine.cluster.purgatory.WaitingItem;
import io.vitrine.storage.epoch.EpochEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ProduceResponse;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three data paths over real sockets and files, ordered about by hand. */
@Timeout(120)
class ReplicationTest {
  private static final int LAG_MS = 600;

  @TempDir Path base;
  private ReplicaCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster =
        new ReplicaCluster(
            base,
            Map.of(
                "replica.lag.time.max.ms",
                String.valueOf(LAG_MS),
                "replica.fetch.backoff.ms",
                "50",
                "replica.fetch.wait.max.ms",
                "200",
                "num.replica.fetchers",
                "2"),
            1,
            2,
            3);
  }

  /** Whatever the story was, no thread and no open file is left of it. */
  @AfterEach
  void stop() {
    cluster.close();
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.matches("(broker-[123]|controller|test)-.*")));
    await().untilAsserted(() -> assertThat(openFiles()).isEmpty());
  }

  private List<Path> openFiles() throws IOException {
    Path own = Path.of("/proc/self/fd");
    if (!Files.isDirectory(own)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(own)) {
      for (Path each : all.toList()) {
        try {
          Path target = Files.readSymbolicLink(each);
          if (target.startsWith(base)) {
            found.add(target);
          }
        } catch (NoSuchFileException closedMeanwhile) {
          continue;
        }
      }
    }
    return found;
  }

  private static PartitionData only(FetchResponse response) {
    return response.data().responses().get(0).partitions().get(0);
  }

  private static List<String> values(PartitionData data) {
    MemoryRecords records = (MemoryRecords) data.records();
    return Stream.of(records)
        .flatMap(all -> StreamSupport.stream(all.records().spliterator(), false))
        .map(Record::value)
        .map(value -> StandardCharsets.UTF_8.decode(value).toString())
        .toList();
  }

  private byte[] segment(int node, int partition) throws IOException {
    return Files.readAllBytes(
        cluster.node(node).directory.resolve(tp(partition) + "/00000000000000000000.log"));
  }

  private void awaitIsr(int leader, Integer... isr) {
    await()
        .untilAsserted(
            () ->
                assertThat(cluster.node(leader).replicas.partition(tp(0)).get().maximalIsr())
                    .containsExactly(isr));
  }

  @Test
  void anAcksAllProduceIsAnsweredWhenAllHaveItAndTheFilesAreEqual() throws IOException {
    cluster.lead(3, 1, 0, List.of(1, 2, 3), 1, 2, 3);
    for (int i = 0; i < 200; i++) {
      assertThat(cluster.produced(1, i % 3, -1, "m" + i, "n" + i)).isEqualTo(Errors.NONE);
      assertThat(cluster.node(1).log(tp(i % 3)).highWatermark()).isEqualTo(2L * (i / 3 + 1));
    }
    for (int partition = 0; partition < 3; partition++) {
      cluster.awaitEqual(partition, 1, 2, 3);
      assertThat(segment(2, partition)).isEqualTo(segment(1, partition));
      assertThat(segment(3, partition)).isEqualTo(segment(1, partition));
      assertThat(cluster.node(2).log(tp(partition)).epochEntries())
          .containsExactly(new EpochEntry(0, 0));
    }
    // The follower's high watermark follows with its next fetch.
    await().until(() -> cluster.node(3).log(tp(0)).highWatermark() == 134);
    FetchResponse fetched = get(cluster.fetch((short) 17, 1, 1, 0, 0, 1));
    assertThat(values(only(fetched))).hasSize(134).startsWith("m1", "n1").endsWith("m199", "n199");
    assertThat(cluster.alterPartitions).isEmpty();
  }

  @Test
  void aDeadFollowerShrinksTheIsrAndComesBackLast() throws IOException {
    cluster.lead(1, 1, 0, List.of(1, 3, 2), 1, 3, 2);
    cluster.produced(1, 0, -1, "a");
    cluster.node(3).kill();
    long begun = System.nanoTime();
    CompletableFuture<ProduceResponse> waiting = cluster.produce(1, 0, -1, 20_000, "b");
    await().until(() -> cluster.node(1).replicas.waitingProduces() == 1);
    assertThat(cluster.node(1).replicas.waitingRoom(10))
        .filteredOn(item -> item.purgatory().equals("Produce"))
        .flatExtracting(WaitingItem::awaited)
        .extracting(Awaited::reached, Awaited::required)
        .containsExactly(tuple(1L, 2L));
    assertThat(error(get(waiting))).isEqualTo(Errors.NONE);
    assertThat((System.nanoTime() - begun) / 1_000_000).isGreaterThanOrEqualTo(LAG_MS - 250);
    awaitIsr(1, 1, 2);
    ClusterEvent.IsrShrunk shrunk = cluster.node(1).events(ClusterEvent.IsrShrunk.class).get(0);
    assertThat(shrunk.removed()).containsExactly(3);
    assertThat(shrunk.isr()).containsExactly(1, 2);
    assertThat(shrunk.behindMs()).isGreaterThan(LAG_MS);
    assertThat(shrunk.limitMs()).isEqualTo(LAG_MS);
    AlterPartitionRequestData asked = cluster.alterPartitions.peek();
    assertThat(asked.brokerId()).isEqualTo(1);
    assertThat(asked.brokerEpoch()).isEqualTo(ReplicaNode.BROKER_EPOCH);
    assertThat(asked.topics().get(0).topicId()).isEqualTo(cluster.topicId);

    cluster.start(3);
    cluster.lead(1, 1, 1, List.of(1, 2), 1, 3, 2);
    awaitIsr(1, 1, 2, 3);
    await().until(() -> !cluster.node(1).events(ClusterEvent.IsrExpanded.class).isEmpty());
    cluster.awaitEqual(0, 1, 2, 3);
    assertThat(segment(3, 0)).isEqualTo(segment(1, 0));
  }

  @Test
  void aSilentButEqualFollowerStays() {
    cluster.lead(1, 1, 0, List.of(1, 2), 1, 2);
    cluster.produced(1, 0, -1, "a");
    cluster.awaitEqual(0, 1, 2);
    await()
        .until(
            () ->
                sample(1).followers().get(0).logEndOffset()
                    == cluster.node(1).log(tp(0)).logEndOffset());
    cluster.node(2).kill();
    await().until(() -> sample(1).followers().get(0).sinceFetchMs() > 3 * LAG_MS);
    assertThat(cluster.alterPartitions).isEmpty();
    assertThat(sample(1).isr()).containsExactly(1, 2);
    assertThat(cluster.produced(1, 0, 1, "b")).isEqualTo(Errors.NONE);
    awaitIsr(1, 1);
    cluster.nodes.remove(2);
  }

  private ReplicaSample sample(int node) {
    return cluster.node(node).replicas.sample().get(0);
  }

  @Test
  void theControllersRefusalsAreObeyed() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    cluster.script =
        request ->
            switch (calls.incrementAndGet()) {
              case 1 -> Errors.NOT_CONTROLLER;
              case 2 -> Errors.UNKNOWN_SERVER_ERROR;
              case 3 -> Errors.INELIGIBLE_REPLICA;
              case 4 -> Errors.INVALID_UPDATE_VERSION;
              default -> Errors.NONE;
            };
    cluster.lead(1, 1, 0, List.of(1), 1, 2);
    // 41 and an unexpected error: the same wish again. 107: back, and a new wish with the next
    // fetch. 95: pending until the next order.
    await().until(() -> calls.get() == 4);
    assertThat(sample(1).isr()).as("pending counts").containsExactly(1, 2);
    assertThat(cluster.produced(1, 0, -1, "a")).isEqualTo(Errors.NONE);
    assertThat(calls).hasValue(4);
    cluster.lead(1, 1, 1, List.of(1), 1, 2);
    await().until(() -> !cluster.node(1).events(ClusterEvent.IsrExpanded.class).isEmpty());
    assertThat(calls).hasValue(5);
  }

  @Test
  void minInsyncReplicasRefusesBeforeAndAfterAndFreezesTheHighWatermark() {
    cluster.lead(1, 1, 0, List.of(1, 2), 1, 2);
    cluster.minInsyncReplicas.set(2);
    assertThat(cluster.produced(1, 0, -1, "a")).isEqualTo(Errors.NONE);
    cluster.node(2).kill();
    CompletableFuture<ProduceResponse> caught = cluster.produce(1, 0, -1, 1_500, "b");
    assertThat(error(get(caught))).as("frozen below min ISR").isEqualTo(Errors.REQUEST_TIMED_OUT);
    awaitIsr(1, 1);
    assertThat(cluster.produced(1, 0, -1, "c")).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    assertThat(cluster.produced(1, 0, 1, "d")).isEqualTo(Errors.NONE);
    assertThat(cluster.node(1).log(tp(0)).logEndOffset()).isEqualTo(3);
    assertThat(cluster.node(1).log(tp(0)).highWatermark()).isEqualTo(1);
    PartitionData beyond = only(get(cluster.fetch((short) 17, 1, 0, 1, 0, 1)));
    assertThat(beyond.errorCode()).isZero();
    assertThat(beyond.records().sizeInBytes()).isZero();
    assertThat(beyond.highWatermark()).isEqualTo(1);
    cluster.nodes.remove(2);
  }

  @Test
  void aDeposedLeaderCutsWhatOthersNeverHad() throws IOException {
    cluster.lead(1, 1, 0, List.of(1, 2), 1, 2);
    cluster.produced(1, 0, -1, "a");
    cluster.awaitEqual(0, 1, 2);
    cluster.node(2).kill();
    assertThat(cluster.produced(1, 0, 1, "lost 1")).isEqualTo(Errors.NONE);
    assertThat(cluster.produced(1, 0, 1, "lost 2")).isEqualTo(Errors.NONE);
    cluster.node(1).kill();
    cluster.start(2);
    cluster.nodes.remove(1);
    cluster.lead(1, 2, 1, List.of(2), 1, 2);
    assertThat(cluster.produced(2, 0, -1, "kept")).isEqualTo(Errors.NONE);
    cluster.start(1);
    cluster.lead(1, 2, 2, List.of(2), 1, 2);
    await().until(() -> sample(2).isr().equals(List.of(2, 1)));
    cluster.awaitEqual(0, 2, 1);
    assertThat(segment(1, 0)).isEqualTo(segment(2, 0));
    assertThat(cluster.node(1).events(ClusterEvent.LogTruncated.class))
        .extracting(ClusterEvent.LogTruncated::fromOffset, ClusterEvent.LogTruncated::toOffset)
        .containsExactly(Tuple.tuple(3L, 1L));
    assertThat(cluster.node(1).log(tp(0)).epochEntries())
        .startsWith(new EpochEntry(0, 0), new EpochEntry(1, 1));
    await().until(() -> cluster.node(2).log(tp(0)).highWatermark() == 2);
    assertThat(values(only(get(cluster.fetch((short) 17, 2, 0, 0, 0, 1)))))
        .containsExactly("a", "kept");
  }

  @Test
  void leadershipMovesUnderWaitingClients() {
    cluster.lead(1, 1, 0, List.of(1, 2), 1, 2);
    cluster.produced(1, 0, -1, "a");
    cluster.node(2).kill();
    CompletableFuture<ProduceResponse> produce = cluster.produce(1, 0, -1, 20_000, "b");
    CompletableFuture<FetchResponse> fetch = cluster.fetch((short) 10, 1, 0, 1, 20_000, 1);
    await().until(() -> cluster.node(1).replicas.waitingProduces() == 1);
    await().until(() -> cluster.node(1).replicas.waitingFetches() >= 1);
    cluster.nodes.remove(2);
    cluster.lead(1, 3, 1, List.of(3), 1, 3);
    ProduceResponse answer = get(produce);
    assertThat(error(answer)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    var leader =
        answer.data().responses().iterator().next().partitionResponses().get(0).currentLeader();
    assertThat(leader.leaderId()).isEqualTo(3);
    assertThat(leader.leaderEpoch()).isEqualTo(1);
    assertThat(answer.data().nodeEndpoints().iterator().next().port())
        .isEqualTo(cluster.node(3).address.getPort());
    assertThat(Errors.forCode(only(get(fetch)).errorCode()))
        .as("a v10 consumer is served by the leader only")
        .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
  }

  @Test
  void aFollowerServesConsumersFromVersion11UpToItsHighWatermark() {
    cluster.lead(1, 1, 0, List.of(1, 2), 1, 2);
    cluster.produced(1, 0, -1, "a");
    await().until(() -> cluster.node(2).log(tp(0)).highWatermark() == 1);
    assertThat(values(only(get(cluster.fetch((short) 11, 2, 0, 0, 0, 1))))).containsExactly("a");
    assertThat(Errors.forCode(only(get(cluster.fetch((short) 10, 2, 0, 0, 0, 1))).errorCode()))
        .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    PartitionData elsewhere = only(get(cluster.fetch((short) 17, 3, 0, 0, 0, 1)));
    assertThat(Errors.forCode(elsewhere.errorCode())).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(elsewhere.currentLeader().leaderId()).isEqualTo(1);
  }

  @Test
  void aFetchWaitsForItsBytesOrItsTime() {
    cluster.lead(1, 1, 0, List.of(1, 2), 1, 2);
    cluster.produced(1, 0, -1, "a");
    CompletableFuture<FetchResponse> one = cluster.fetch((short) 17, 1, 0, 1, 20_000, 1);
    CompletableFuture<FetchResponse> many = cluster.fetch((short) 17, 1, 0, 1, 20_000, 160);
    await()
        .until(
            () ->
                cluster.node(1).replicas.waitingRoom(10).stream()
                        .filter(item -> item.purgatory().equals("Fetch") && item.follower() < 0)
                        .count()
                    == 2);
    cluster.produced(1, 0, -1, "b");
    assertThat(values(only(get(one)))).containsExactly("b");
    assertThat(many).isNotDone();
    cluster.produced(1, 0, -1, "c");
    cluster.produced(1, 0, -1, "d");
    assertThat(values(only(get(many)))).containsExactly("b", "c", "d");
    long begun = System.nanoTime();
    PartitionData late = only(get(cluster.fetch((short) 17, 1, 0, 4, 300, 1)));
    assertThat((System.nanoTime() - begun) / 1_000_000).isBetween(290L, 2_000L);
    assertThat(late.records().sizeInBytes()).isZero();
    PartitionData beyond = only(get(cluster.fetch((short) 17, 1, 0, 5, 20_000, 1)));
    assertThat(Errors.forCode(beyond.errorCode())).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void aFetchSpendsOneBudgetInTheOrderOfItsPartitions() {
    cluster.lead(3, 1, 0, List.of(1), 1);
    String large = "x".repeat(1_000);
    for (int partition = 0; partition < 3; partition++) {
      cluster.produced(1, partition, 1, large);
      cluster.produced(1, partition, 1, large);
    }
    int batch = (int) cluster.node(1).log(tp(0)).sizeBytes() / 2;
    assertThat(sizes(cluster.fetchAll(1, 10 * batch, batch + 1)))
        .containsExactly(batch + 1, batch + 1, batch + 1);
    assertThat(sizes(cluster.fetchAll(1, 10, 10)))
        .as("the first batch found comes whole, whatever the limits")
        .containsExactly(batch, 0, 0);
    assertThat(sizes(cluster.fetchAll(1, 3 * batch, 2 * batch)))
        .containsExactly(2 * batch, batch, 0);
  }

  private static List<Integer> sizes(FetchResponse response) {
    return response.data().responses().get(0).partitions().stream()
        .map(data -> data.records().sizeInBytes())
        .toList();
  }

  @Test
  void aFollowerBelowTheLeadersStartBeginsThere() throws IOException {
    cluster.lead(1, 1, 0, List.of(1), 1);
    for (int i = 0; i < 10; i++) {
      cluster.produced(1, 0, -1, "m" + i);
    }
    cluster.node(1).log(tp(0)).maybeIncrementLogStartOffset(6);
    cluster.lead(1, 1, 1, List.of(1), 1, 2);
    awaitIsr(1, 1, 2);
    assertThat(cluster.node(2).log(tp(0)).logStartOffset()).isEqualTo(6);
    assertThat(cluster.node(2).log(tp(0)).logEndOffset()).isEqualTo(10);
    assertThat(cluster.node(2).events(ClusterEvent.LogTruncated.class))
        .extracting(ClusterEvent.LogTruncated::toOffset)
        .containsExactly(6L);
  }

  @Test
  void ordersOutOfDateAreRefused() {
    cluster.lead(1, 1, 5, List.of(1, 2), 1, 2);
    assertThat(order(1, 5, cluster.topicId)).isEqualTo(Errors.STALE_CONTROLLER_EPOCH);
    assertThat(order(1, 4, cluster.topicId)).isEqualTo(Errors.STALE_CONTROLLER_EPOCH);
    assertThat(order(1, 6, Uuid.randomUuid())).isEqualTo(Errors.INCONSISTENT_TOPIC_ID);
    assertThat(
            cluster.leaderAndIsr(3, 1, 1, 6, 900, List.of(1, 2), cluster.topicId, 1, 2).get(tp(0)))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    cluster.newController();
    assertThat(order(1, 6, cluster.topicId)).isEqualTo(Errors.NONE);
    cluster.oldController();
    assertThat(order(1, 7, cluster.topicId)).isEqualTo(Errors.STALE_CONTROLLER_EPOCH);
  }

  private Errors order(int node, int leaderEpoch, Uuid topicId) {
    return cluster
        .leaderAndIsr(node, 1, 1, leaderEpoch, 800, List.of(1, 2), topicId, 1, 2)
        .get(tp(0));
  }

  @Test
  void aStoppedReplicaGoesWithItsFiles() {
    cluster.lead(1, 1, 3, List.of(1, 2), 1, 2);
    cluster.produced(1, 0, -1, "a");
    assertThat(cluster.stopReplica(2, 0, 2, true)).isEqualTo(Errors.FENCED_LEADER_EPOCH);
    assertThat(cluster.stopReplica(2, 0, 3, false)).isEqualTo(Errors.NONE);
    assertThat(cluster.node(2).replicas.partition(tp(0))).isPresent();
    assertThat(cluster.stopReplica(2, 0, -2, true)).isEqualTo(Errors.NONE);
    assertThat(cluster.node(2).replicas.partition(tp(0))).isEmpty();
    assertThat(cluster.node(2).directory.resolve(tp(0).toString())).doesNotExist();
    assertThat(cluster.node(2).events(ClusterEvent.ReplicaStopped.class))
        .extracting(ClusterEvent.ReplicaStopped::deleted)
        .containsExactly(false, true);
  }

  @Test
  void withoutAcksAnErrorClosesTheConnection() {
    cluster.lead(1, 1, 0, List.of(1, 2), 1, 2);
    assertThat(cluster.produced(1, 0, 2, "a")).isEqualTo(Errors.INVALID_REQUIRED_ACKS);
    assertThat(cluster.produced(1, 7, -1, "a")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(cluster.produced(2, 0, -1, "a")).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(cluster.produce(2, 0, 0, 1_000, "a"))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(DisconnectException.class);
  }
}
