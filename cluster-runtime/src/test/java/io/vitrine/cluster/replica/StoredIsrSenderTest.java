package io.vitrine.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.testing.ManualScheduler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A leader that writes its ISR itself: what it takes for an answer, and when it tells. */
class StoredIsrSenderTest {
  private final AtomicLong nowMs = new AtomicLong(100_000);
  private final ManualScheduler scheduler = new ManualScheduler();
  private final Store store = new Store();
  private final StoredIsrSender sender = new StoredIsrSender(1, store, scheduler, nowMs::get);

  private static final class Store implements IsrStore {
    private final List<CompletableFuture<OptionalInt>> writes = new ArrayList<>();
    private final List<Set<TopicPartition>> announced = new ArrayList<>();
    private boolean away;

    @Override
    public CompletableFuture<OptionalInt> write(
        TopicPartition partition,
        int leader,
        int leaderEpoch,
        List<Integer> isr,
        int controllerEpoch,
        int partitionEpoch) {
      writes.add(new CompletableFuture<>());
      return writes.get(writes.size() - 1);
    }

    @Override
    public CompletableFuture<Void> announce(Collection<TopicPartition> partitions) {
      if (away) {
        return CompletableFuture.failedFuture(new IllegalStateException("nobody is there"));
      }
      announced.add(Set.copyOf(partitions));
      return CompletableFuture.completedFuture(null);
    }
  }

  @Test
  void aWriteThatMetANewerStateWaitsForTheNextOrder() {
    assertThat(answer(OptionalInt.of(10))).isEqualTo(granted(10));
    assertThat(answer(OptionalInt.empty()).error()).isEqualTo(Errors.INVALID_UPDATE_VERSION);
    assertThat(IsrDecisions.afterError(Errors.INVALID_UPDATE_VERSION))
        .isEqualTo(IsrDecisions.AfterError.AWAIT_ORDER);
  }

  @Test
  void aWriteNobodyKnowsTheOutcomeOfIsTriedAgain() {
    CompletableFuture<IsrChange.Answer> answer = sender.submit(change(0));
    store.writes.get(0).completeExceptionally(new IllegalStateException("cut off"));
    advance(0);
    assertThat(IsrDecisions.afterError(answer.join().error()))
        .isEqualTo(IsrDecisions.AfterError.RETRY);
  }

  @Test
  void changesAreAnnouncedTogetherWhenNoneWasMadeForFiveSeconds() {
    granted(0, 4_000);
    granted(1, 4_000);
    assertThat(store.announced).isEmpty();
    advance(5_000);
    assertThat(store.announced).containsExactly(Set.of(tp(0), tp(1)));
    advance(60_000);
    assertThat(store.announced).as("once").hasSize(1);
  }

  @Test
  void endlessChangesAreAnnouncedOnceAMinute() {
    for (int i = 0; i < 20; i++) {
      granted(i, 4_000);
    }
    assertThat(store.announced).hasSize(1);
  }

  @Test
  void whatCouldNotBeAnnouncedIsAnnouncedLater() {
    store.away = true;
    granted(0, 10_000);
    store.away = false;
    advance(10_000);
    assertThat(store.announced).containsExactly(Set.of(tp(0)));
  }

  private IsrChange.Answer answer(OptionalInt written) {
    CompletableFuture<IsrChange.Answer> answer = sender.submit(change(0));
    store.writes.get(store.writes.size() - 1).complete(written);
    advance(0);
    return answer.join();
  }

  private void granted(int partition, long thenMs) {
    sender.submit(change(partition));
    store.writes.get(store.writes.size() - 1).complete(OptionalInt.of(10));
    advance(thenMs);
  }

  /** In small steps, since the clock and the scheduler are moved apart. */
  private void advance(long ms) {
    scheduler.advance(0);
    for (long passed = 0; passed < ms; passed += 500) {
      nowMs.addAndGet(500);
      scheduler.advance(500);
    }
  }

  private static IsrChange.Answer granted(int partitionEpoch) {
    return new IsrChange.Answer(Errors.NONE, 4, partitionEpoch, List.of(1, 2));
  }

  private static IsrChange change(int partition) {
    return new IsrChange(tp(partition), Uuid.ZERO_UUID, 4, 9, 6, List.of(1, 2));
  }

  private static TopicPartition tp(int partition) {
    return new TopicPartition("orders", partition);
  }
}
