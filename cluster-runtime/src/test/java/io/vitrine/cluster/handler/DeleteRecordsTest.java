package io.vitrine.cluster.handler;

import static io.vitrine.cluster.handler.ReplicaCluster.tp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.purgatory.Awaited;
import io.vitrine.cluster.purgatory.WaitingItem;
import io.vitrine.cluster.replica.RecordsDeleted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** DeleteRecords on a leader with two followers, over real sockets and files. */
@Timeout(120)
class DeleteRecordsTest {
  private static final long LONG_MS = 60_000;

  @TempDir Path base;
  private ReplicaCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster =
        new ReplicaCluster(
            base,
            Map.of("replica.fetch.backoff.ms", "50", "replica.fetch.wait.max.ms", "100"),
            1,
            2,
            3);
    cluster.lead(1, 1, 0, List.of(1, 2, 3), 1, 2, 3);
    for (int i = 0; i < 20; i++) {
      cluster.produced(1, 0, -1, "m" + i);
    }
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private CompletableFuture<RecordsDeleted> delete(
      int node, TopicPartition tp, long before, long timeoutMs) {
    CompletableFuture<RecordsDeleted> answer = new CompletableFuture<>();
    cluster
        .node(node)
        .replicas
        .deleteRecords(Map.of(tp, before), timeoutMs, deleted -> answer.complete(deleted.get(tp)));
    return answer;
  }

  private static RecordsDeleted get(CompletableFuture<RecordsDeleted> answer) {
    return answer.orTimeout(30, TimeUnit.SECONDS).join();
  }

  private void awaitWaiting(long lowWatermark, long required) {
    await()
        .untilAsserted(
            () ->
                assertThat(cluster.node(1).replicas.waitingRoom(10))
                    .filteredOn(item -> item.purgatory().equals("DeleteRecords"))
                    .flatExtracting(WaitingItem::awaited)
                    .extracting(Awaited::reached, Awaited::required)
                    .contains(tuple(lowWatermark, required)));
  }

  @Test
  void anAnswerWaitsForEveryLiveReplica() {
    assertThat(get(delete(1, tp(0), 7, LONG_MS))).isEqualTo(new RecordsDeleted(Errors.NONE, 7));
    for (int node = 1; node <= 3; node++) {
      assertThat(cluster.node(node).log(tp(0)).logStartOffset()).as("node " + node).isEqualTo(7);
      assertThat(cluster.node(node).log(tp(0)).logEndOffset()).isEqualTo(20);
    }
    assertThat(get(delete(1, tp(0), -1, LONG_MS))).isEqualTo(new RecordsDeleted(Errors.NONE, 20));
    assertThat(cluster.node(3).log(tp(0)).logStartOffset()).isEqualTo(20);
  }

  @Test
  void aFollowerThatIsSilentIsWaitedForUntilTheTimeIsUpOrItIsKnownToBeDead() throws IOException {
    cluster.node(3).kill();
    assertThat(get(delete(1, tp(0), 5, 300)))
        .isEqualTo(new RecordsDeleted(Errors.REQUEST_TIMED_OUT, 0));
    assertThat(cluster.node(1).log(tp(0)).logStartOffset()).as("deleted all the same").isEqualTo(5);
    CompletableFuture<RecordsDeleted> waiting = delete(1, tp(0), 9, LONG_MS);
    awaitWaiting(0, 9);
    cluster.nodes.remove(3);
    cluster.updateMetadata(1, 1, 0, 1, 2, 3);
    assertThat(get(waiting)).isEqualTo(new RecordsDeleted(Errors.NONE, 9));
  }

  @Test
  void whoeverStopsLeadingAnswersSo() {
    cluster.node(3).kill();
    CompletableFuture<RecordsDeleted> waiting = delete(1, tp(0), 9, LONG_MS);
    awaitWaiting(0, 9);
    cluster.nodes.remove(3);
    cluster.leaderAndIsr(1, 1, 2, 1, 1000, List.of(2, 1), cluster.topicId, 1, 2, 3);
    assertThat(get(waiting).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
  }

  @Test
  void whatCannotBeDeletedSaysWhy() {
    assertThat(get(delete(2, tp(0), 1, LONG_MS)).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(get(delete(1, tp(7), 1, LONG_MS)).error())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(get(delete(1, tp(0), 21, LONG_MS)).error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    assertThat(get(delete(1, tp(0), -2, LONG_MS)).error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    TopicPartition internal = new TopicPartition("__consumer_offsets", 0);
    assertThat(get(delete(1, internal, 1, LONG_MS)).error())
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
  }
}
