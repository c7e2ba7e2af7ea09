package io.vitrine.cluster.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.OpenTransaction;
import io.vitrine.cluster.event.ClusterEvent.TransactionSample;
import io.vitrine.cluster.event.ClusterEvent.TransactionStage;
import io.vitrine.cluster.event.ClusterEvent.TransactionalIdForgotten;
import io.vitrine.cluster.event.ClusterEvent.TransactionsSampled;
import io.vitrine.cluster.event.StampedEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What the console is shown of transactions follows from what coordinators and leaders told. */
class TransactionsDraftTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final Map<TopicPartition, List<OpenTransaction>> OPEN =
      Map.of(PARTITION, List.of(new OpenTransaction(7, (short) 0, 42, 1)));

  private final SnapshotProjector projector = new SnapshotProjector(1);
  private long nowMs;

  private void told(int broker, ClusterEvent event) {
    projector.apply(
        new StampedEvent(nowMs + 1, TimeUnit.MILLISECONDS.toNanos(nowMs), nowMs, broker, event));
  }

  private static TransactionSample transaction(TransactionStage stage) {
    boolean open = stage.isOpen();
    return new TransactionSample(
        "id", 3, 7, (short) 0, stage, 60_000, open ? List.of(PARTITION) : List.of(), open ? 5 : -1);
  }

  private static TransactionsSampled sample(
      long committed,
      Map<TopicPartition, List<OpenTransaction>> open,
      TransactionSample... transactions) {
    return new TransactionsSampled(committed, 0, transactions.length, List.of(transactions), open);
  }

  private TransactionsView view() {
    return projector.snapshot().transactions();
  }

  @Test
  void anIdIsWhatItsCoordinatorLastTold() {
    told(1, sample(0, Map.of(), transaction(TransactionStage.ONGOING)));
    assertThat(view().byId().get("id").leftMs()).isEqualTo(59_995);
    told(2, sample(0, Map.of(), transaction(TransactionStage.PREPARE_COMMIT)));
    told(1, sample(0, Map.of()));
    assertThat(view().byId().get("id").coordinator()).as("the one that tells it").isEqualTo(2);
    told(2, sample(0, Map.of(), transaction(TransactionStage.COMPLETE_COMMIT)));
    assertThat(view().byId().get("id").leftMs()).isEqualTo(-1);
    told(2, new TransactionalIdForgotten("id"));
    assertThat(view().byId()).isEmpty();
  }

  @Test
  void ratesAreThoseOfAllCoordinatorsTogether() {
    for (int second = 0; second < 2; second++) {
      told(1, sample(second * 30L, Map.of()));
      told(2, sample(second * 12L, Map.of()));
      nowMs += 1_000;
    }
    assertThat(view().committedPerSecond()).isEqualTo(42);
  }

  @Test
  void aTransactionHangsWhenNoCoordinatorKnowsOfItForLong() {
    told(1, sample(0, Map.of(), transaction(TransactionStage.ONGOING)));
    told(2, sample(0, OPEN));
    nowMs += 2 * TransactionsDraft.HANGING_MS;
    told(2, sample(0, OPEN));
    assertThat(view().open())
        .singleElement()
        .satisfies(
            open -> {
              assertThat(open.hanging()).as("its coordinator knows").isFalse();
              assertThat(open.firstOffset()).isEqualTo(42);
              assertThat(open.sinceNanos()).isZero();
            });
    told(1, sample(0, Map.of(), transaction(TransactionStage.COMPLETE_ABORT)));
    told(2, sample(0, OPEN));
    assertThat(view().open().get(0).hanging()).as("nobody knows, but only now").isFalse();
    nowMs += TransactionsDraft.HANGING_MS;
    told(2, sample(0, OPEN));
    assertThat(view().open().get(0).hanging()).isTrue();
    told(2, sample(0, Map.of()));
    assertThat(view().open()).isEmpty();
  }

  @Test
  void whatLiesInPartitionsOfADeadBrokerOthersWillTell() {
    told(2, sample(0, OPEN));
    told(2, new ClusterEvent.BrokerKilled(1, 1));
    assertThat(view().open()).isEmpty();
  }
}
