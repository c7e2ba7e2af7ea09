package io.vitrine.console.live;

import io.vitrine.cluster.Cluster;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The only hop to the JavaFX thread.
 *
 * <p>Keeps the newest snapshot and the events up to it, and has at most one hop under way: however
 * fast the cluster publishes, the screen takes one frame at a time and never falls behind. {@link
 * #take} runs on the publisher's thread and shares the fields marked so under one lock; everything
 * else belongs to the JavaFX thread.
 *
 * <p>The screen may show a moment of the past instead ({@link #showPast}). The present goes on
 * meanwhile for those who {@link #follow} it, and what happens is told to the screen when it is
 * back.
 */
public final class SnapshotFeed implements AutoCloseable {
  /** What happens while the screen shows the past is kept so far; a journal keeps no more. */
  private static final int MISSED_KEPT = 20_000;

  private final Cluster cluster;
  private final Executor screen;
  private final LongSupplier nanoTime;
  private final List<Consumer<Frame>> listeners = new ArrayList<>();
  private final List<Consumer<Frame>> followers = new ArrayList<>();
  private final List<StampedEvent> missed = new ArrayList<>();
  private Runnable endSubscription = () -> {};
  private Frame frame;
  private Frame present;
  private boolean paused;

  private final Object lock = new Object();
  // Under the lock.
  private ClusterSnapshot newest;
  private List<StampedEvent> pending = new ArrayList<>();
  private long takenUpTo;
  private boolean hopping;

  /**
   * A feed that is paused until {@link #resume}.
   *
   * @param screen runs things on the JavaFX thread, once a pulse
   * @param nanoTime the clock the cluster stamps its events with
   */
  public SnapshotFeed(Cluster cluster, Executor screen, LongSupplier nanoTime) {
    this.cluster = cluster;
    this.screen = screen;
    this.nanoTime = nanoTime;
    this.newest = ClusterSnapshot.empty();
    this.present = new Frame(newest, List.of(), nanoTime.getAsLong(), false);
    this.frame = present;
    this.paused = true;
  }

  /** The frame on the screen. */
  public Frame frame() {
    return frame;
  }

  /** The newest frame of the present, whatever is on the screen. */
  public Frame present() {
    return present;
  }

  /** Whether the feed stands still. */
  public boolean paused() {
    return paused;
  }

  /**
   * Hears every frame on the screen from now on, and at once the one there is, without its events.
   *
   * @return ends the subscription
   */
  public Runnable subscribe(Consumer<Frame> listener) {
    listeners.add(listener);
    listener.accept(frame.still());
    return () -> listeners.remove(listener);
  }

  /**
   * Hears every frame of the present from now on, whatever is on the screen, and at once the newest
   * one, without its events.
   *
   * @return ends the subscription
   */
  public Runnable follow(Consumer<Frame> listener) {
    followers.add(listener);
    listener.accept(present.still());
    return () -> followers.remove(listener);
  }

  /** Follows the cluster. What happened during a pause comes with the next frame. */
  public void resume() {
    if (paused) {
      paused = false;
      endSubscription = cluster.subscribe(this::take);
      take(cluster.snapshot());
    }
  }

  /** Stops drawing and asking; the last frame stays. */
  public void pause() {
    if (!paused) {
      paused = true;
      endSubscription.run();
      show(new Frame(present.snapshot(), List.of(), present.nowNanos(), true));
    }
  }

  /** Lets time pass on the screen although nothing happened: countdowns run, ages grow. */
  public void tick() {
    if (!paused) {
      show(new Frame(present.snapshot(), List.of(), nanoTime.getAsLong(), false));
    }
  }

  /** Shows a moment of the past from now on. */
  public void showPast(ClusterSnapshot snapshot, long nanos) {
    toScreen(new Frame(snapshot, List.of(), nanos, false, true));
  }

  /** Shows the present again; what happened meanwhile comes with it. */
  public void showPresent() {
    if (frame.past()) {
      Frame back =
          new Frame(
              present.snapshot(),
              missed,
              paused ? present.nowNanos() : nanoTime.getAsLong(),
              paused);
      missed.clear();
      toScreen(back);
    }
  }

  /** Takes nothing more from the cluster. */
  @Override
  public void close() {
    paused = true;
    endSubscription.run();
    listeners.clear();
    followers.clear();
  }

  private void take(ClusterSnapshot snapshot) {
    synchronized (lock) {
      if (snapshot.sequence() < newest.sequence()) {
        return;
      }
      newest = snapshot;
      for (StampedEvent event : cluster.events().after(takenUpTo)) {
        if (event.sequence() > snapshot.sequence()) {
          break;
        }
        pending.add(event);
      }
      takenUpTo = snapshot.sequence();
      if (hopping) {
        return;
      }
      hopping = true;
    }
    screen.execute(this::land);
  }

  private void land() {
    ClusterSnapshot snapshot;
    List<StampedEvent> events;
    synchronized (lock) {
      hopping = false;
      if (paused) {
        return;
      }
      snapshot = newest;
      events = pending;
      pending = new ArrayList<>();
    }
    show(new Frame(snapshot, events, nanoTime.getAsLong(), false));
  }

  /** A frame of the present. */
  private void show(Frame next) {
    present = next;
    List.copyOf(followers).forEach(l -> l.accept(next));
    if (!frame.past()) {
      toScreen(next);
      return;
    }
    missed.addAll(next.events());
    if (missed.size() > MISSED_KEPT) {
      missed.subList(0, missed.size() - MISSED_KEPT).clear();
    }
  }

  private void toScreen(Frame next) {
    frame = next;
    List.copyOf(listeners).forEach(l -> l.accept(next));
  }
}
