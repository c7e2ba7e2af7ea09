package io.vitrine.cluster.handler;

import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** Holds answers back until this broker's metadata show what was asked for. Thread-safe. */
public final class MetadataWait {
  private final MetadataCache metadata;
  private final ScheduledExecutorService scheduler;

  public MetadataWait(MetadataCache metadata, ScheduledExecutorService scheduler) {
    this.metadata = metadata;
    this.scheduler = scheduler;
  }

  /**
   * Completes with true once the condition holds, or with false after the time-out.
   *
   * @param timeoutMs not above 0: looks once
   */
  public CompletableFuture<Boolean> until(Predicate<MetadataImage> condition, long timeoutMs) {
    if (condition.test(metadata.image())) {
      return CompletableFuture.completedFuture(true);
    }
    if (timeoutMs <= 0) {
      return CompletableFuture.completedFuture(false);
    }
    CompletableFuture<Boolean> held = new CompletableFuture<>();
    AtomicReference<Runnable> unlisten = new AtomicReference<>(() -> {});
    Runnable look =
        () -> {
          if (condition.test(metadata.image())) {
            held.complete(true);
          }
        };
    unlisten.set(metadata.onChange(look));
    try {
      ScheduledFuture<?> timeout =
          scheduler.schedule(() -> held.complete(false), timeoutMs, TimeUnit.MILLISECONDS);
      held.whenComplete(
          (done, error) -> {
            timeout.cancel(false);
            unlisten.get().run();
          });
    } catch (RejectedExecutionException stopping) {
      held.complete(false);
    }
    look.run();
    return held;
  }
}
