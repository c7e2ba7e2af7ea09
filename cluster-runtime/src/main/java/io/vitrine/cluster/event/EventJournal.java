package io.vitrine.cluster.event;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Numbers events and keeps the newest of them.
 *
 * <p>Owns a ring of fixed capacity: when it is full the oldest event makes room. Samples (see
 * {@link ClusterEvent.Sample}) pass through to the listeners but are not kept, so that the ring
 * holds what a person would call an event. One lock orders the stream; listeners are called under
 * it, in order, and therefore only hand over.
 */
public final class EventJournal implements EventSink {
  private final Object lock = new Object();
  private final StampedEvent[] ring;
  private final InstantSource wall;
  private final LongSupplier nanoTime;
  private final List<Consumer<StampedEvent>> listeners = new CopyOnWriteArrayList<>();
  private long lastSequence;
  private long kept;

  /**
   * @param capacity how many events are kept, at least 1
   * @param wall wall clock for showing
   * @param nanoTime monotonic clock in nanoseconds
   */
  public EventJournal(int capacity, InstantSource wall, LongSupplier nanoTime) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, not " + capacity);
    }
    this.ring = new StampedEvent[capacity];
    this.wall = wall;
    this.nanoTime = nanoTime;
  }

  @Override
  public void report(int brokerId, ClusterEvent event) {
    synchronized (lock) {
      StampedEvent stamped =
          new StampedEvent(++lastSequence, nanoTime.getAsLong(), wall.millis(), brokerId, event);
      if (!(event instanceof ClusterEvent.Sample)) {
        ring[(int) (kept++ % ring.length)] = stamped;
      }
      for (Consumer<StampedEvent> listener : listeners) {
        listener.accept(stamped);
      }
    }
  }

  /** The kept events with a sequence above the given one, oldest first. */
  public List<StampedEvent> after(long sequence) {
    synchronized (lock) {
      List<StampedEvent> found = new ArrayList<>();
      for (long i = kept - 1; i >= Math.max(0, kept - ring.length); i--) {
        StampedEvent event = ring[(int) (i % ring.length)];
        if (event.sequence() <= sequence) {
          break;
        }
        found.add(event);
      }
      java.util.Collections.reverse(found);
      return List.copyOf(found);
    }
  }

  /** Whether no event had to make room yet. */
  public boolean keepsAll() {
    synchronized (lock) {
      return kept <= ring.length;
    }
  }

  /** The sequence of the newest event, samples included; 0 when nothing happened yet. */
  public long lastSequence() {
    synchronized (lock) {
      return lastSequence;
    }
  }

  /**
   * Hears every event from now on, samples included.
   *
   * @param listener called in stream order under the journal's lock; must only hand over
   * @return closes the subscription
   */
  public Runnable listen(Consumer<StampedEvent> listener) {
    synchronized (lock) {
      listeners.add(listener);
    }
    return () -> listeners.remove(listener);
  }
}
