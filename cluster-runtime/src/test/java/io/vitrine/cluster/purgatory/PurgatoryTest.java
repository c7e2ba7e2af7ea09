package io.vitrine.cluster.purgatory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PurgatoryTest {
  private final AtomicLong nanos = new AtomicLong(TimeUnit.MILLISECONDS.toNanos(123_456));
  private final WheelTimer timer = new WheelTimer("broker-1-purgatory", nanos::get);
  private final Purgatory<Waiter> purgatory = new Purgatory<>("Test", timer);

  private static class Waiter extends DelayedOperation {
    final AtomicBoolean ready = new AtomicBoolean();
    final AtomicInteger completions = new AtomicInteger();
    final AtomicInteger expirations = new AtomicInteger();

    Waiter(long timeoutMs) {
      super(timeoutMs);
    }

    @Override
    protected boolean canComplete() {
      return ready.get();
    }

    @Override
    protected void onComplete() {
      completions.incrementAndGet();
    }

    @Override
    protected void onExpiration() {
      expirations.incrementAndGet();
    }
  }

  private int passMs(long ms) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
    return timer.runDue();
  }

  @Test
  void whatCanBeCompletedNowNeverWaits() {
    Waiter waiter = new Waiter(10);
    waiter.ready.set(true);
    assertThat(purgatory.tryCompleteElseWatch(waiter, List.of("a"))).isTrue();
    assertThat(waiter.completions).hasValue(1);
    assertThat(purgatory.waiting()).isZero();
    assertThat(purgatory.watchedEntries()).isZero();
    assertThat(timer.size()).isZero();
  }

  @Test
  void completesOnceUnderWhateverKeyAndTakesTheTimeoutBack() {
    Waiter waiter = new Waiter(1000);
    assertThat(purgatory.tryCompleteElseWatch(waiter, List.of("a", "b"))).isFalse();
    assertThat(purgatory.waitingFor("a")).isEqualTo(1);
    assertThat(purgatory.snapshot(10)).extracting(WaitingItem::timeoutMs).containsExactly(1000L);
    assertThat(purgatory.checkAndComplete("a")).isZero();
    waiter.ready.set(true);
    assertThat(purgatory.checkAndComplete("b")).isEqualTo(1);
    assertThat(purgatory.checkAndComplete("a")).isZero();
    assertThat(waiter.completions).hasValue(1);
    assertThat(purgatory.waiting()).isZero();
    assertThat(purgatory.watchedEntries()).isZero();
    assertThat(timer.size()).isZero();
    assertThat(passMs(2000)).isZero();
  }

  @Test
  void looksAtWhatHasChangedAlone() {
    List<Object> looked = new ArrayList<>();
    Waiter waiter =
        new Waiter(1000) {
          @Override
          protected boolean canCompleteAfter(Object changed) {
            looked.add(changed);
            return changed.equals("b");
          }
        };
    assertThat(purgatory.tryCompleteElseWatch(waiter, List.of("a", "b", "c"))).isFalse();
    assertThat(looked).isEmpty();
    assertThat(purgatory.checkAndComplete("c")).isZero();
    assertThat(purgatory.checkAndComplete("b")).isEqualTo(1);
    assertThat(purgatory.checkAndComplete("a")).isZero();
    assertThat(looked).containsExactly("c", "b");
    assertThat(waiter.completions).hasValue(1);
  }

  @Test
  void expiresToTheMillisecond() {
    Waiter waiter = new Waiter(500);
    purgatory.tryCompleteElseWatch(waiter, List.of("a"));
    assertThat(passMs(499)).isZero();
    assertThat(passMs(1)).isEqualTo(1);
    assertThat(waiter.completions).hasValue(1);
    assertThat(waiter.expirations).hasValue(1);
  }

  @Test
  void leftoversOfExpiredOperationsArePurged() {
    for (int i = 0; i < 400; i++) {
      purgatory.tryCompleteElseWatch(new Waiter(1 + i % 7), List.of("a" + i % 10, "b", "c"));
    }
    passMs(20);
    assertThat(purgatory.waiting()).isZero();
    assertThat(purgatory.watchedEntries()).isLessThan(1000);
  }

  @Test
  void tasksOfAnyDelayRunInTheirMillisecond() {
    Random random = new Random(7);
    List<Long> wrong = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      long due = timer.nowMs() + 1 + random.nextInt(200_000);
      timer.add(
          due - timer.nowMs(),
          () -> {
            if (timer.nowMs() != due) {
              wrong.add(due);
            }
          });
    }
    for (int ms = 0; ms < 200_001; ms++) {
      passMs(1);
    }
    assertThat(wrong).isEmpty();
    assertThat(timer.size()).isZero();
  }

  @Test
  void aJumpOfTheClockRunsEverythingDueInOrder() {
    List<Integer> ran = new ArrayList<>();
    for (int delay : new int[] {70_000, 5, 450, 19, 20, 21, 399, 401, 8_001}) {
      timer.add(delay, () -> ran.add(delay));
    }
    passMs(9_000);
    assertThat(ran).containsExactly(5, 19, 20, 21, 399, 401, 450, 8_001);
    passMs(61_000);
    assertThat(ran).endsWith(70_000);
  }

  @Test
  void theThreadExpiresOnRealTimeAndEnds() {
    WheelTimer real = new WheelTimer("broker-9-purgatory", System::nanoTime);
    real.start();
    AtomicInteger ran = new AtomicInteger();
    real.add(60_000, ran::incrementAndGet);
    real.add(20, ran::incrementAndGet);
    await().until(() -> ran.get() == 1);
    real.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("broker-9-purgatory"));
  }

  @Test
  void theThreadOutlivesATaskThatFails() {
    WheelTimer real = new WheelTimer("broker-9-purgatory", System::nanoTime);
    real.start();
    AtomicInteger ran = new AtomicInteger();
    real.add(
        1,
        () -> {
          ran.incrementAndGet();
          throw new StackOverflowError();
        });
    await().until(() -> ran.get() == 1);
    real.add(1, ran::incrementAndGet);
    await().until(() -> ran.get() == 2);
    real.close();
  }

  @Test
  void theThreadDoesNotSleepOverATaskAfterOneThatWasTakenBack() {
    WheelTimer real = new WheelTimer("broker-9-purgatory", System::nanoTime);
    real.add(1_000, () -> {}).cancel();
    real.start();
    await("the thread waits, with nothing to run")
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("broker-9-purgatory"))
                    .anyMatch(thread -> thread.getState() != Thread.State.RUNNABLE));
    AtomicInteger ran = new AtomicInteger();
    real.add(1_200, ran::incrementAndGet);
    await().until(() -> ran.get() == 1);
    real.close();
  }

  @Test
  void racingCompletersCompleteEachOnceAndLoseNone() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Waiter> waiters = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      waiters.add(new Waiter(60_000));
    }
    Future<?> adding =
        threads.submit(
            () -> waiters.forEach(w -> purgatory.tryCompleteElseWatch(w, List.of("a", "b"))));
    Runnable completing =
        () -> {
          for (Waiter waiter : waiters) {
            waiter.ready.set(true);
            purgatory.checkAndComplete("a");
          }
        };
    List<Future<?>> all = List.of(adding, threads.submit(completing), threads.submit(completing));
    for (Future<?> each : all) {
      each.get();
    }
    threads.shutdown();
    assertThat(waiters).allMatch(w -> w.completions.get() == 1);
    assertThat(purgatory.waiting()).isZero();
    assertThat(timer.size()).isZero();
  }
}
