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
 */
public final class SnapshotFeed implements AutoCloseable {
  private final Cluster cluster;
  private final Executor screen;
  private final LongSupplier nanoTime;
  private final List<Consumer<Frame>> listeners = new ArrayList<>();
  private Runnable endSubscription = () -> {};
  private Frame frame;
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
    this.frame = new Frame(newest, List.of(), nanoTime.getAsLong(), false);
    this.paused = true;
  }

  /** The frame on the screen. */
  public Frame frame() {
    return frame;
  }

  /** Whether the feed stands still. */
  public boolean paused() {
    return paused;
  }

  /**
   * Hears every frame from now on, and at once the present one, without its events.
   *
   * @return ends the subscription
   */
  public Runnable subscribe(Consumer<Frame> listener) {
    listeners.add(listener);
    listener.accept(new Frame(frame.snapshot(), List.of(), frame.nowNanos(), frame.paused()));
    return () -> listeners.remove(listener);
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
      show(new Frame(frame.snapshot(), List.of(), frame.nowNanos(), true));
    }
  }

  /** Lets time pass on the screen although nothing happened: countdowns run, ages grow. */
  public void tick() {
    if (!paused) {
      show(new Frame(frame.snapshot(), List.of(), nanoTime.getAsLong(), false));
    }
  }

  /** Takes nothing more from the cluster. */
  @Override
  public void close() {
    paused = true;
    endSubscription.run();
    listeners.clear();
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

  private void show(Frame next) {
    frame = next;
    List.copyOf(listeners).forEach(l -> l.accept(next));
  }
}
