package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventJournal;
import io.vitrine.cluster.event.StampedEvent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the projector over a journal's events and hands out the newest snapshot.
 *
 * <p>Owns the projector; everything but taking an event over runs on the given one-thread executor.
 * Changes are gathered: between two publications at least the interval passes, and nothing is
 * published while nothing happens. When events come in faster than they are folded, measurements
 * are left out first (the next tick brings newer ones); events proper are never left out.
 */
public final class SnapshotPublisher implements AutoCloseable {
  /** Above this backlog measurements are left out. */
  private static final int SAMPLE_BACKLOG = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotPublisher.class);

  private final EventJournal journal;
  private final SnapshotProjector projector;
  private final ScheduledExecutorService executor;
  private final LongSupplier nanoTime;
  private final long intervalNanos;
  private final Runnable endListening;
  private final List<Consumer<ClusterSnapshot>> listeners = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();
  private final Queue<StampedEvent> backlog = new ArrayDeque<>();
  private boolean scheduled;
  private long lastPublishedNanos;
  // On the executor.
  private Optional<ClusterHistory> history = Optional.empty();
  private volatile ClusterSnapshot newest = ClusterSnapshot.empty();

  /**
   * @param journal whose events are folded from now on
   * @param projector from now on owned by this publisher
   * @param executor one thread; closed by whoever made it, after this publisher
   * @param nanoTime monotonic clock in nanoseconds
   * @param intervalMs least time between two publications
   */
  public SnapshotPublisher(
      EventJournal journal,
      SnapshotProjector projector,
      ScheduledExecutorService executor,
      LongSupplier nanoTime,
      long intervalMs) {
    this.journal = journal;
    this.projector = projector;
    this.executor = executor;
    this.nanoTime = nanoTime;
    this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMs);
    this.lastPublishedNanos = nanoTime.getAsLong() - intervalNanos;
    this.endListening = journal.listen(this::take);
  }

  /** The newest snapshot, never null. */
  public ClusterSnapshot newest() {
    return newest;
  }

  /**
   * Hears every snapshot published from now on.
   *
   * @param listener called on the publisher's thread, one call at a time; what it throws is logged
   * @return ends the subscription
   */
  public Runnable subscribe(Consumer<ClusterSnapshot> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /**
   * Keeps from now on what happens, and what the journal still knows of before, in this history.
   *
   * @param empty added to by this publisher alone
   */
  public void keep(ClusterHistory empty) {
    executor.execute(
        () -> {
          long upTo = projector.sequence();
          List<StampedEvent> before =
              journal.keepsAll()
                  ? journal.after(0).stream().filter(e -> e.sequence() <= upTo).toList()
                  : List.of();
          empty.begin(before, projector);
          history = Optional.of(empty);
        });
  }

  /** Takes no further events. What was taken before may still be published. */
  @Override
  public void close() {
    endListening.run();
  }

  private void take(StampedEvent event) {
    synchronized (lock) {
      if (event.event() instanceof ClusterEvent.Sample && backlog.size() >= SAMPLE_BACKLOG) {
        return;
      }
      backlog.add(event);
      if (scheduled) {
        return;
      }
      scheduled = true;
      long waitNanos = lastPublishedNanos + intervalNanos - nanoTime.getAsLong();
      try {
        executor.schedule(this::publish, Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("event {} comes after the end of publishing", event.sequence());
      }
    }
  }

  private void publish() {
    List<StampedEvent> events;
    synchronized (lock) {
      scheduled = false;
      lastPublishedNanos = nanoTime.getAsLong();
      events = List.copyOf(backlog);
      backlog.clear();
    }
    for (StampedEvent event : events) {
      try {
        projector.apply(event);
      } catch (RuntimeException e) {
        LOG.error("event {} cannot be folded in: {}", event.sequence(), event.event(), e);
      }
    }
    history.ifPresent(kept -> kept.add(events, projector));
    ClusterSnapshot snapshot = projector.snapshot();
    newest = snapshot;
    for (Consumer<ClusterSnapshot> listener : listeners) {
      try {
        listener.accept(snapshot);
      } catch (RuntimeException e) {
        LOG.error("a listener failed on snapshot {}", snapshot.sequence(), e);
      }
    }
  }
}
