package io.vitrine.cluster.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.junit.jupiter.api.Test;

/** What each request does to an id in each state. */
class DecisionsTest {
  private static final TopicPartition A = new TopicPartition("a", 0);
  private static final TopicPartition B = new TopicPartition("b", 1);
  private static final long ID = 7;
  private static final short EPOCH = 3;
  private static final long BEGAN_MS = 1_000;
  private static final long NOW_MS = 5_000;
  private static final int TIMEOUT_MS = 2_000;
  private static final short LAST_EPOCH = Short.MAX_VALUE - 1;

  // ---- InitProducerId --------------------------------------------------------------------------

  @Test
  void aNewProducerGetsTheNextEpoch() {
    for (TransactionState state :
        Set.of(
            TransactionState.EMPTY,
            TransactionState.COMPLETE_ABORT,
            TransactionState.COMPLETE_COMMIT)) {
      Transaction next = written(initialize(in(state)));
      assertThat(next.producerId()).isEqualTo(ID);
      assertThat(next.producerEpoch()).isEqualTo((short) (EPOCH + 1));
      assertThat(next.lastProducerEpoch()).isEqualTo((short) -1);
      assertThat(next.state()).isEqualTo(TransactionState.EMPTY);
      assertThat(next.startMs()).isEqualTo(-1);
      assertThat(next.lastUpdateMs()).isEqualTo(NOW_MS);
    }
    Transaction first =
        written(initialize(standing(Transaction.unused("id", ID, TIMEOUT_MS, BEGAN_MS))));
    assertThat(first.producerEpoch()).isEqualTo((short) 0);
  }

  @Test
  void anOpenTransactionIsAbortedWithAnEpochOfNobody() {
    Transaction next = fenced(initialize(in(TransactionState.ONGOING)));
    assertThat(next.state()).isEqualTo(TransactionState.PREPARE_ABORT);
    assertThat(next.producerEpoch()).isEqualTo((short) (EPOCH + 1));
    assertThat(next.partitions()).containsExactly(A);
    Standing again =
        new Standing(in(TransactionState.ONGOING).current().fenced((short) 4), false, true);
    assertThat(fenced(initialize(again)).producerEpoch()).isEqualTo((short) 4);
  }

  @Test
  void whoComesInBetweenComesAgain() {
    assertThat(initialize(in(TransactionState.PREPARE_COMMIT))).isEqualTo(busy());
    assertThat(initialize(in(TransactionState.PREPARE_ABORT))).isEqualTo(busy());
    assertThat(initialize(new Standing(in(TransactionState.EMPTY).current(), true, false)))
        .isEqualTo(busy());
  }

  @Test
  void aProducerGoesOnAfterAnError() {
    Standing empty = in(TransactionState.EMPTY);
    Transaction next = written(initialize(empty, ID, EPOCH));
    assertThat(next.producerEpoch()).isEqualTo((short) (EPOCH + 1));
    assertThat(next.lastProducerEpoch()).isEqualTo(EPOCH);
    Transaction same = written(initialize(standing(next), ID, EPOCH));
    assertThat(same.producerEpoch()).as("the answer was lost").isEqualTo((short) (EPOCH + 1));
    assertThat(initialize(empty, ID, (short) (EPOCH - 1))).isEqualTo(fencedOff());
    assertThat(initialize(empty, ID + 1, EPOCH)).isEqualTo(fencedOff());
    assertThat(initialize(in(TransactionState.ONGOING), ID + 1, EPOCH)).isEqualTo(fencedOff());
  }

  @Test
  void anExhaustedProducerIdIsReplaced() {
    Standing exhausted =
        standing(in(TransactionState.EMPTY).current().initialized(LAST_EPOCH, (short) -1, 1, 1));
    assertThat(initialize(exhausted)).isEqualTo(new Decision.NewProducerId());
    Transaction next =
        written(
            Decisions.initialize(
                exhausted, TIMEOUT_MS, Optional.empty(), OptionalLong.of(99), NOW_MS));
    assertThat(next.producerId()).isEqualTo(99);
    assertThat(next.producerEpoch()).isZero();
    assertThat(next.lastProducerId()).isEqualTo(ID);
    // Who had the old one and did not hear of the new one is still known.
    Transaction rotated =
        written(
            Decisions.initialize(
                exhausted,
                TIMEOUT_MS,
                Optional.of(new ProducerIdAndEpoch(ID, LAST_EPOCH)),
                OptionalLong.of(99),
                NOW_MS));
    Transaction again = written(initialize(standing(rotated), ID, LAST_EPOCH));
    assertThat(again.producerId()).isEqualTo(99);
    assertThat(again.producerEpoch()).isZero();
    assertThat(initialize(standing(rotated), ID, EPOCH)).isEqualTo(fencedOff());
  }

  @Test
  void theEpochAfterTheLastOneOnlyFences() {
    Transaction open = in(TransactionState.ONGOING).current().fenced(LAST_EPOCH);
    assertThat(fenced(initialize(standing(open))).producerEpoch()).isEqualTo(Short.MAX_VALUE);
  }

  // ---- AddPartitionsToTxn ----------------------------------------------------------------------

  @Test
  void partitionsOpenATransaction() {
    Transaction next = written(add(in(TransactionState.COMPLETE_ABORT), ID, EPOCH, A));
    assertThat(next.state()).isEqualTo(TransactionState.ONGOING);
    assertThat(next.partitions()).containsExactly(A);
    assertThat(next.startMs()).isEqualTo(NOW_MS);
    Transaction more = written(add(in(TransactionState.ONGOING), ID, EPOCH, B));
    assertThat(more.partitions()).containsExactlyInAnyOrder(A, B);
    assertThat(more.startMs()).isEqualTo(BEGAN_MS);
    assertThat(add(in(TransactionState.ONGOING), ID, EPOCH, A)).isEqualTo(answer(Errors.NONE));
  }

  @Test
  void onlyItsProducerAddsPartitions() {
    Standing open = in(TransactionState.ONGOING);
    assertThat(add(open, ID + 1, EPOCH, B)).isEqualTo(answer(Errors.INVALID_PRODUCER_ID_MAPPING));
    assertThat(add(open, ID, (short) (EPOCH - 1), B)).isEqualTo(fencedOff());
    assertThat(add(open, ID, (short) (EPOCH + 1), B)).isEqualTo(fencedOff());
    assertThat(add(in(TransactionState.PREPARE_COMMIT), ID, EPOCH, B)).isEqualTo(busy());
    assertThat(add(new Standing(open.current(), true, false), ID, EPOCH, A)).isEqualTo(busy());
  }

  @Test
  void partitionsAreVerified() {
    Transaction open = in(TransactionState.ONGOING).current();
    assertThat(Decisions.verify(open, ID, EPOCH, Set.of(A, B)))
        .isEqualTo(Map.of(A, Errors.NONE, B, Errors.TRANSACTION_ABORTABLE));
    assertThat(Decisions.verify(open, ID + 1, EPOCH, Set.of(A)))
        .isEqualTo(Map.of(A, Errors.INVALID_PRODUCER_ID_MAPPING));
    assertThat(Decisions.verify(open, ID, (short) 9, Set.of(A)))
        .isEqualTo(Map.of(A, Errors.PRODUCER_FENCED));
    Transaction ending = in(TransactionState.PREPARE_ABORT).current();
    assertThat(Decisions.verify(ending, ID, EPOCH, Set.of(A)))
        .isEqualTo(Map.of(A, Errors.CONCURRENT_TRANSACTIONS));
  }

  // ---- EndTxn ----------------------------------------------------------------------------------

  @Test
  void aTransactionEndsOnce() {
    assertThat(written(end(in(TransactionState.ONGOING), TransactionResult.COMMIT)).state())
        .isEqualTo(TransactionState.PREPARE_COMMIT);
    assertThat(written(end(in(TransactionState.ONGOING), TransactionResult.ABORT)).state())
        .isEqualTo(TransactionState.PREPARE_ABORT);
    Decision wrong = answer(Errors.INVALID_TXN_STATE);
    Map<TransactionState, Decision> commits =
        Map.of(
            TransactionState.EMPTY, wrong,
            TransactionState.PREPARE_COMMIT, busy(),
            TransactionState.PREPARE_ABORT, busy(),
            TransactionState.COMPLETE_COMMIT, answer(Errors.NONE),
            TransactionState.COMPLETE_ABORT, wrong);
    commits.forEach(
        (state, expected) ->
            assertThat(end(in(state), TransactionResult.COMMIT))
                .as("%s", state)
                .isEqualTo(expected));
    assertThat(end(in(TransactionState.COMPLETE_ABORT), TransactionResult.ABORT))
        .isEqualTo(answer(Errors.NONE));
    // Loaded anew and not yet told to leaders again: the result matters.
    Transaction committing = in(TransactionState.PREPARE_COMMIT).current();
    assertThat(end(new Standing(committing, false, false), TransactionResult.ABORT))
        .isEqualTo(wrong);
  }

  @Test
  void onlyItsProducerEndsIt() {
    Standing open = in(TransactionState.ONGOING);
    assertThat(Decisions.end(open, ID, (short) 2, TransactionResult.COMMIT, NOW_MS))
        .isEqualTo(fencedOff());
    assertThat(Decisions.end(open, ID + 1, EPOCH, TransactionResult.COMMIT, NOW_MS))
        .isEqualTo(answer(Errors.INVALID_PRODUCER_ID_MAPPING));
  }

  // ---- time ------------------------------------------------------------------------------------

  @Test
  void anOpenTransactionRunsOutOfTime() {
    Standing open = in(TransactionState.ONGOING);
    assertThat(Decisions.timeOut(open, BEGAN_MS + TIMEOUT_MS)).isEqualTo(answer(Errors.NONE));
    assertThat(fenced(Decisions.timeOut(open, BEGAN_MS + TIMEOUT_MS + 1)).state())
        .isEqualTo(TransactionState.PREPARE_ABORT);
    assertThat(Decisions.timeOut(in(TransactionState.EMPTY), Long.MAX_VALUE))
        .isEqualTo(answer(Errors.NONE));
  }

  @Test
  void anIdleIdIsForgotten() {
    Standing idle = in(TransactionState.COMPLETE_COMMIT);
    assertThat(Decisions.isExpired(idle, 100, BEGAN_MS + 99)).isFalse();
    assertThat(Decisions.isExpired(idle, 100, BEGAN_MS + 100)).isTrue();
    assertThat(Decisions.isExpired(in(TransactionState.ONGOING), 100, Long.MAX_VALUE)).isFalse();
  }

  // ---- words -----------------------------------------------------------------------------------

  private static Standing in(TransactionState state) {
    return standing(
        new Transaction(
            "id",
            ID,
            EPOCH,
            -1,
            (short) -1,
            TIMEOUT_MS,
            state,
            state == TransactionState.ONGOING || state.isPreparing() ? Set.of(A) : Set.of(),
            BEGAN_MS,
            BEGAN_MS));
  }

  private static Standing standing(Transaction transaction) {
    return new Standing(transaction, transaction.state().isPreparing(), false);
  }

  private static Decision initialize(Standing standing) {
    return Decisions.initialize(
        standing, TIMEOUT_MS, Optional.empty(), OptionalLong.empty(), NOW_MS);
  }

  private static Decision initialize(Standing standing, long producerId, short epoch) {
    return Decisions.initialize(
        standing,
        TIMEOUT_MS,
        Optional.of(new ProducerIdAndEpoch(producerId, epoch)),
        OptionalLong.empty(),
        NOW_MS);
  }

  private static Decision add(
      Standing standing, long producerId, short epoch, TopicPartition partition) {
    return Decisions.addPartitions(standing, producerId, epoch, Set.of(partition), NOW_MS);
  }

  private static Decision end(Standing standing, TransactionResult result) {
    return Decisions.end(standing, ID, EPOCH, result, NOW_MS);
  }

  private static Transaction written(Decision decision) {
    return ((Decision.Write) decision).next();
  }

  private static Transaction fenced(Decision decision) {
    return ((Decision.Fence) decision).next();
  }

  private static Decision answer(Errors error) {
    return new Decision.Answer(error);
  }

  private static Decision busy() {
    return answer(Errors.CONCURRENT_TRANSACTIONS);
  }

  private static Decision fencedOff() {
    return answer(Errors.PRODUCER_FENCED);
  }
}
