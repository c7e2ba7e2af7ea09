package io.vitrine.cluster.replica;

import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes ISR changes where the partition's state is kept, as leaders did before AlterPartition. The
 * controller hears of them together: when none was made for {@value #LINGER_MS} ms, or the last
 * word to it is {@value #MAX_DELAY_MS} ms old, looked at every {@value #CHECK_MS} ms.
 *
 * <p>Guarded by this object's monitor. Answers are given on the scheduler's thread.
 */
final class StoredIsrSender implements IsrChangeSender {
  private static final Logger LOG = LoggerFactory.getLogger(StoredIsrSender.class);
  private static final long RETRY_MS = 50;
  private static final long CHECK_MS = 2_500;
  private static final long LINGER_MS = 5_000;
  private static final long MAX_DELAY_MS = 60_000;

  private final int brokerId;
  private final IsrStore store;
  private final ScheduledExecutorService scheduler;
  private final LongSupplier nowMs;
  private final Set<TopicPartition> unannounced = new HashSet<>();
  private long lastChangeMs;
  private long lastAnnouncedMs;

  /** Begins to look for changes to announce; ends with the scheduler. */
  StoredIsrSender(
      int brokerId, IsrStore store, ScheduledExecutorService scheduler, LongSupplier nowMs) {
    this.brokerId = brokerId;
    this.store = store;
    this.scheduler = scheduler;
    this.nowMs = nowMs;
    this.lastAnnouncedMs = nowMs.getAsLong();
    scheduler.scheduleWithFixedDelay(this::announce, 0, CHECK_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletableFuture<IsrChange.Answer> submit(IsrChange change) {
    CompletableFuture<IsrChange.Answer> answer = new CompletableFuture<>();
    store
        .write(
            change.partition(),
            brokerId,
            change.leaderEpoch(),
            change.newIsr(),
            change.controllerEpoch(),
            change.partitionEpoch())
        .whenComplete(
            (written, failure) ->
                later(() -> answer.complete(answer(change, written, failure)), 0));
    return answer;
  }

  @Override
  public CompletableFuture<IsrChange.Answer> submitLater(IsrChange change) {
    CompletableFuture<IsrChange.Answer> answer = new CompletableFuture<>();
    later(() -> submit(change).thenAccept(answer::complete), RETRY_MS);
    return answer;
  }

  private IsrChange.Answer answer(IsrChange change, OptionalInt written, Throwable failure) {
    if (failure != null) {
      LOG.info("broker {}: {} could not be written: {}", brokerId, change, failure.toString());
      return IsrChange.Answer.refused(Errors.NETWORK_EXCEPTION);
    }
    if (written.isEmpty()) {
      return IsrChange.Answer.refused(Errors.INVALID_UPDATE_VERSION);
    }
    synchronized (this) {
      unannounced.add(change.partition());
      lastChangeMs = nowMs.getAsLong();
    }
    return new IsrChange.Answer(
        Errors.NONE, change.leaderEpoch(), written.getAsInt(), change.newIsr());
  }

  private void announce() {
    Set<TopicPartition> changed;
    synchronized (this) {
      long now = nowMs.getAsLong();
      boolean due = lastChangeMs + LINGER_MS < now || lastAnnouncedMs + MAX_DELAY_MS < now;
      if (unannounced.isEmpty() || !due) {
        return;
      }
      changed = Set.copyOf(unannounced);
      unannounced.clear();
      lastAnnouncedMs = now;
    }
    store
        .announce(changed)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.info("broker {}: {} is announced later: {}", brokerId, changed, failure);
                synchronized (this) {
                  unannounced.addAll(changed);
                }
              }
            });
  }

  private void later(Runnable task, long delayMs) {
    try {
      scheduler.schedule(task, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("broker {} is ending, its ISR changes stay unanswered", brokerId);
    }
  }
}
