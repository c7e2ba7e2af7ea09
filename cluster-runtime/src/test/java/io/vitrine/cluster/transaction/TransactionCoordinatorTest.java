package io.vitrine.cluster.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.vitrine.cluster.transaction.TransactionCoordinator.Initialized;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a coordinator of transactions does as time goes by: transactions beyond their time, ids
 * nobody uses, producer ids without an epoch left, markers that have to be sent again.
 */
class TransactionCoordinatorTest {
  private static final TopicPartition A = new TopicPartition("a", 0);
  private static final TopicPartition B = new TopicPartition("b", 1);
  private static final int TIMEOUT_MS = 60_000;
  private static final Duration MOMENT = Duration.ofMillis(50);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1",
          "transaction.remove.expired.transaction.cleanup.interval.ms", "1",
          "transactional.id.expiration.ms", "100000");

  private CoordinatingBroker broker;

  @BeforeEach
  void lead(@TempDir Path directory) throws IOException {
    broker = new CoordinatingBroker(directory, SETTINGS);
    broker.leaders(Map.of(A, 2, B, 3));
    broker.lead();
  }

  @AfterEach
  void close() {
    broker.close();
  }

  // ---- time-outs -------------------------------------------------------------------------------

  @Test
  void aTransactionBeyondItsTimeIsAborted() {
    Initialized slow = begin("slow", 1_000);
    add("slow", slow, A);
    broker.pass(Duration.ofMillis(1_000));
    assertThat(state("slow")).as("at its last moment").isEqualTo(TransactionState.ONGOING);
    broker.pass(Duration.ofMillis(1));
    broker.until(() -> state("slow") == TransactionState.COMPLETE_ABORT);

    assertThat(broker.sent).hasSize(1);
    CoordinatingBroker.Sent marker = broker.sent.element();
    assertThat(marker.broker()).isEqualTo(2);
    assertThat(marker.marker().transactionResult()).isEqualTo(TransactionResult.ABORT);
    assertThat(marker.marker().partitions()).containsExactly(A);
    assertThat(marker.marker().producerId()).isEqualTo(slow.producerId());
    assertThat(marker.marker().producerEpoch()).as("its producer is fenced").isEqualTo((short) 1);
    assertThat(end("slow", slow, TransactionResult.COMMIT)).isEqualTo(Errors.PRODUCER_FENCED);
    assertThat(begin("slow", 1_000).producerEpoch()).isEqualTo((short) 2);
  }

  @Test
  void anAbortThatCannotBeWrittenIsTriedAgainInTheSameEpoch() {
    Initialized slow = begin("slow", 1_000);
    add("slow", slow, A);
    broker.minInsyncReplicas(2);
    broker.pass(Duration.ofMillis(1_001));
    broker.until(() -> broker.coordinator.describe("slow").producerEpoch() == 1);
    assertThat(state("slow")).isEqualTo(TransactionState.ONGOING);
    broker.minInsyncReplicas(1);
    broker.until(
        () -> {
          broker.pass(Duration.ofMillis(1));
          return state("slow") == TransactionState.COMPLETE_ABORT;
        });
    assertThat(broker.sent).hasSize(1);
    assertThat(broker.sent.element().marker().producerEpoch()).isEqualTo((short) 1);
  }

  // ---- ids -------------------------------------------------------------------------------------

  @Test
  void anIdTooLongForItsRecordIsNone() {
    String tooLong = "\uFFFD".repeat(Short.MAX_VALUE / 3 + 1);
    assertThat(begin(tooLong, TIMEOUT_MS).error()).isEqualTo(Errors.INVALID_REQUEST);
    assertThatThrownBy(() -> broker.coordinator.describe(tooLong))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(begin("x".repeat(Short.MAX_VALUE), TIMEOUT_MS).error()).isEqualTo(Errors.NONE);
    loadAgain();
    assertThat(broker.coordinator.list()).hasSize(1);
  }

  // ---- expiry ----------------------------------------------------------------------------------

  @Test
  void anIdNobodyUsesIsForgotten() {
    begin("idle", TIMEOUT_MS);
    Initialized busy = begin("busy", TIMEOUT_MS);
    broker.pass(Duration.ofMillis(99_999));
    add("busy", busy, A);
    broker.pass(Duration.ofMillis(1));
    long before = broker.logEnd();
    broker.until(() -> broker.coordinator.list().size() == 1);
    assertThatThrownBy(() -> broker.coordinator.describe("idle"))
        .isInstanceOf(TransactionalIdNotFoundException.class);
    assertThat(state("busy")).isEqualTo(TransactionState.ONGOING);

    loadAgain();
    assertThat(broker.coordinator.list()).as("after loading").hasSize(1);
    assertThat(begin("idle", TIMEOUT_MS).producerId())
        .as("it begins anew")
        .isGreaterThan(busy.producerId());
    assertThat(broker.logEnd()).isGreaterThan(before);
  }

  @Test
  void anIdThatCannotBeForgottenStays() {
    Initialized idle = begin("idle", TIMEOUT_MS);
    broker.minInsyncReplicas(2);
    broker.pass(Duration.ofMillis(100_000));
    broker.minInsyncReplicas(1);
    // Busy being forgotten until the write has failed; then its producer goes on.
    broker.until(() -> begin("idle", TIMEOUT_MS).error() == Errors.NONE);
    assertThat(broker.coordinator.describe("idle").producerId()).isEqualTo(idle.producerId());
  }

  // ---- epochs ----------------------------------------------------------------------------------

  @Test
  void aProducerIdWithoutAnEpochLeftIsReplaced() {
    broker.write(
        Transaction.unused("old", 7, TIMEOUT_MS, broker.clock.millis())
            .initialized((short) (Short.MAX_VALUE - 1), (short) -1, TIMEOUT_MS, 1));
    loadAgain();
    Initialized next = begin("old", TIMEOUT_MS);
    assertThat(next.producerId()).isEqualTo(1_000);
    assertThat(next.producerEpoch()).isZero();
    assertThat(begin("old", TIMEOUT_MS).producerEpoch()).isEqualTo((short) 1);
  }

  @Test
  void theLastEpochOfAllFencesAnOpenTransaction() {
    Initialized last = new Initialized(Errors.NONE, 7, (short) (Short.MAX_VALUE - 1));
    broker.write(
        Transaction.unused("old", 7, TIMEOUT_MS, broker.clock.millis())
            .initialized(last.producerEpoch(), (short) -1, TIMEOUT_MS, 1));
    loadAgain();
    add("old", last, A);
    assertThat(begin("old", TIMEOUT_MS).error()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
    broker.until(() -> state("old") == TransactionState.COMPLETE_ABORT);
    assertThat(broker.sent.element().marker().producerEpoch()).isEqualTo(Short.MAX_VALUE);
    Initialized next = begin("old", TIMEOUT_MS);
    assertThat(next.producerId()).isEqualTo(1_000);
    assertThat(next.producerEpoch()).isZero();
  }

  // ---- one transaction after the other ---------------------------------------------------------

  @Test
  void theNextTransactionWaitsForTheEndOfTheLast() {
    Initialized producer = begin("id", TIMEOUT_MS);
    add("id", producer, A);
    CompletableFuture<Errors> ended =
        broker.coordinator.end(
            "id", producer.producerId(), producer.producerEpoch(), TransactionResult.COMMIT);
    CompletableFuture<Errors> next = adding("id", producer, B);
    assertThat(next).as("no leader has been told").isNotDone();
    assertThat(broker.answer(ended)).isEqualTo(Errors.NONE);
    assertThat(broker.answer(next)).isEqualTo(Errors.NONE);
    assertThat(state("id")).isEqualTo(TransactionState.ONGOING);
    assertThat(broker.coordinator.describe("id").partitions()).isEqualTo(Set.of(B));
  }

  @Test
  void nobodyWaitsForLongForTheEndOfTheLastTransaction() {
    broker.answers = partition -> null;
    Initialized producer = begin("id", TIMEOUT_MS);
    add("id", producer, A);
    end("id", producer, TransactionResult.COMMIT);
    CompletableFuture<Errors> next = adding("id", producer, B);
    broker.pass(MOMENT);
    assertThat(next).isNotDone();
    broker.pass(MOMENT);
    assertThat(next).isCompletedWithValue(Errors.CONCURRENT_TRANSACTIONS);
  }

  @Test
  void whoWaitsForTheLastTransactionHearsThatAnotherBrokerCoordinatesNow() {
    broker.answers = partition -> null;
    Initialized producer = begin("id", TIMEOUT_MS);
    add("id", producer, A);
    end("id", producer, TransactionResult.COMMIT);
    CompletableFuture<Errors> next = adding("id", producer, B);
    broker.resign();
    broker.pass(MOMENT.multipliedBy(2));
    assertThat(next).isCompletedWithValue(Errors.NOT_COORDINATOR);
  }

  // ---- markers ---------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(
      value = Errors.class,
      names = {
        "UNKNOWN_TOPIC_OR_PARTITION",
        "NOT_LEADER_OR_FOLLOWER",
        "NOT_ENOUGH_REPLICAS",
        "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
        "REQUEST_TIMED_OUT",
        "KAFKA_STORAGE_ERROR",
        "INVALID_REQUEST"
      })
  void aMarkerThatWasNotTakenIsSentAgainToWhoeverLeads(Errors error) {
    AtomicInteger refused = new AtomicInteger();
    broker.answers =
        partition -> partition.equals(B) && refused.getAndIncrement() < 2 ? error : Errors.NONE;
    Initialized producer = begin("id", TIMEOUT_MS);
    add("id", producer, A, B);
    assertThat(end("id", producer, TransactionResult.COMMIT)).isEqualTo(Errors.NONE);
    broker.until(
        () -> refused.get() == 1 && broker.coordinator.describe("id").partitions().size() == 1);
    assertThat(state("id")).isEqualTo(TransactionState.PREPARE_COMMIT);
    broker.pass(MOMENT);
    broker.until(() -> refused.get() == 2);
    broker.leaders(Map.of(A, 2, B, 1));
    broker.until(
        () -> {
          broker.pass(MOMENT);
          return state("id") == TransactionState.COMPLETE_COMMIT;
        });
    assertThat(broker.sent)
        .extracting(CoordinatingBroker.Sent::broker, each -> each.marker().partitions())
        .containsExactlyInAnyOrder(
            tuple(2, List.of(A)), tuple(3, List.of(B)), tuple(3, List.of(B)), tuple(1, List.of(B)));
  }

  @Test
  void aLostConnectionIsNoAnswer() {
    AtomicInteger lost = new AtomicInteger();
    broker.answers = partition -> lost.getAndIncrement() < 3 ? null : Errors.NONE;
    Initialized producer = begin("id", TIMEOUT_MS);
    add("id", producer, A);
    end("id", producer, TransactionResult.ABORT);
    broker.until(
        () -> {
          broker.pass(MOMENT);
          return state("id") == TransactionState.COMPLETE_ABORT;
        });
    assertThat(broker.sent).hasSize(4);
  }

  @Test
  void nobodyIsToldOfPartitionsThatAreGoneAndAllWaitForALeader() {
    Initialized producer = begin("id", TIMEOUT_MS);
    add("id", producer, A, B);
    broker.leaders(Map.of(B, -1));
    end("id", producer, TransactionResult.COMMIT);
    broker.until(() -> broker.coordinator.describe("id").partitions().equals(Set.of(B)));
    assertThat(broker.sent).isEmpty();
    broker.leaders(Map.of(B, 3));
    broker.until(
        () -> {
          broker.pass(MOMENT);
          return state("id") == TransactionState.COMPLETE_COMMIT;
        });
    assertThat(broker.sent).extracting(CoordinatingBroker.Sent::broker).containsExactly(3);
  }

  @ParameterizedTest
  @EnumSource(
      value = Errors.class,
      names = {"INVALID_PRODUCER_EPOCH", "TRANSACTION_COORDINATOR_FENCED"})
  void whoIsOutOfDateSendsNoMore(Errors error) {
    broker.answers = partition -> error;
    Initialized producer = begin("id", TIMEOUT_MS);
    add("id", producer, A);
    end("id", producer, TransactionResult.COMMIT);
    broker.until(() -> broker.sent.size() == 1);
    for (int i = 0; i < 10; i++) {
      broker.pass(MOMENT);
    }
    assertThat(broker.sent).hasSize(1);
    assertThat(state("id")).isEqualTo(TransactionState.PREPARE_COMMIT);
    assertThat(begin("id", TIMEOUT_MS).error()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
  }

  @ParameterizedTest
  @EnumSource(
      value = Errors.class,
      names = {"UNSUPPORTED_FOR_MESSAGE_FORMAT", "UNSUPPORTED_VERSION"})
  void whoCannotKnowOfTransactionsNeedsNoMarker(Errors error) {
    broker.answers = partition -> error;
    Initialized producer = begin("id", TIMEOUT_MS);
    add("id", producer, A);
    end("id", producer, TransactionResult.COMMIT);
    broker.until(() -> state("id") == TransactionState.COMPLETE_COMMIT);
    assertThat(broker.sent).hasSize(1);
  }

  @Test
  void whoLeadsNextTellsTheLeadersInItsOwnEpoch() {
    broker.answers = partition -> Errors.NOT_LEADER_OR_FOLLOWER;
    Initialized producer = begin("id", TIMEOUT_MS);
    add("id", producer, A);
    end("id", producer, TransactionResult.COMMIT);
    broker.until(() -> broker.sent.size() == 1);
    assertThat(broker.sent.element().marker().coordinatorEpoch()).isEqualTo(broker.leaderEpoch());
    broker.answers = partition -> Errors.NONE;
    int before = broker.leaderEpoch();
    loadAgain();
    broker.until(() -> state("id") == TransactionState.COMPLETE_COMMIT);
    // What the epoch before had to send again is dropped.
    broker.pass(MOMENT);
    assertThat(broker.sent)
        .extracting(each -> each.marker().coordinatorEpoch())
        .containsExactly(before, broker.leaderEpoch());
  }

  @Test
  void theEndIsWrittenAgainUntilTheLogTakesIt() {
    Initialized producer = begin("id", TIMEOUT_MS);
    add("id", producer, A);
    broker.answers =
        partition -> {
          broker.minInsyncReplicas(2);
          return Errors.NONE;
        };
    assertThat(end("id", producer, TransactionResult.COMMIT)).isEqualTo(Errors.NONE);
    broker.until(() -> broker.coordinator.describe("id").partitions().isEmpty());
    assertThat(state("id")).isEqualTo(TransactionState.PREPARE_COMMIT);
    broker.minInsyncReplicas(1);
    broker.until(
        () -> {
          broker.pass(MOMENT);
          return state("id") == TransactionState.COMPLETE_COMMIT;
        });
    assertThat(broker.sent).hasSize(1);
  }

  /** Leadership goes and comes back. */
  private void loadAgain() {
    broker.resign();
    broker.lead();
  }

  // ---- what producers do -----------------------------------------------------------------------

  private Initialized begin(String id, int timeoutMs) {
    return broker.answer(broker.coordinator.initProducerId(id, timeoutMs, Optional.empty()));
  }

  private void add(String id, Initialized producer, TopicPartition... partitions) {
    assertThat(broker.answer(adding(id, producer, partitions))).isEqualTo(Errors.NONE);
  }

  private CompletableFuture<Errors> adding(
      String id, Initialized producer, TopicPartition... partitions) {
    return broker.coordinator.addPartitions(
        id, producer.producerId(), producer.producerEpoch(), Set.of(partitions));
  }

  private Errors end(String id, Initialized producer, TransactionResult result) {
    return broker.answer(
        broker.coordinator.end(id, producer.producerId(), producer.producerEpoch(), result));
  }

  private TransactionState state(String id) {
    return broker.coordinator.describe(id).state();
  }
}
