package io.vitrine.console.live;

import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterHistory;
import io.vitrine.cluster.snapshot.ClusterHistory.Cursor;
import io.vitrine.cluster.snapshot.ClusterHistory.Extent;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the screen to moments of the past and back.
 *
 * <p>A moment is looked up off the JavaFX thread, one at a time: while one is on its way, only the
 * newest wish is kept, so that scrubbing shows what the hand has reached and never queues up.
 * JavaFX thread; the cursor belongs to the one background task that runs.
 */
public final class TimeMachine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TimeMachine.class);

  private final Optional<ClusterHistory> history;
  private final Optional<Cursor> cursor;
  private final SnapshotFeed feed;
  private final Executor background;
  private final Executor screen;
  private final List<Runnable> listeners = new ArrayList<>();
  private Optional<Place> place = Optional.empty();
  private Optional<Wish> next = Optional.empty();
  private boolean away;
  private boolean looking;
  private int journey;
  private long wishedNanos;
  private double speed;
  private boolean closed;

  /** Where somebody wants to be. */
  private sealed interface Wish {}

  private record Moment(long nanos) implements Wish {}

  private record After(long sequence) implements Wish {}

  /** So many events on from where the screen is by then, or back. */
  private record Steps(int by) implements Wish {}

  /**
   * A moment of the past that is on the screen.
   *
   * @param event the last one before or at it
   */
  private record Place(ClusterSnapshot snapshot, long nanos, Optional<StampedEvent> event) {
    boolean isAtEvent() {
      return event.filter(e -> e.nanos() == nanos).isPresent();
    }
  }

  /**
   * A machine that stands where the feed does.
   *
   * @param history empty where the past cannot be known
   * @param background looks moments up
   * @param screen runs things on the JavaFX thread
   */
  public TimeMachine(
      Optional<ClusterHistory> history, SnapshotFeed feed, Executor background, Executor screen) {
    this.history = history;
    this.cursor = history.map(ClusterHistory::cursor);
    this.feed = feed;
    this.background = background;
    this.screen = screen;
    if (feed.frame().past()) {
      goTo(feed.frame().nowNanos());
    }
  }

  /** How far back one can go; empty when one cannot. */
  public Optional<Extent> extent() {
    return history.flatMap(ClusterHistory::extent);
  }

  /** What is kept, empty where nothing is. */
  public Optional<ClusterHistory> history() {
    return history;
  }

  /** Whether the screen shows the past, or will once it is looked up. */
  public boolean past() {
    return away;
  }

  /** The moment wished for last, on the monotonic clock; the present when none is. */
  public long nanos() {
    return past() ? wishedNanos : feed.present().nowNanos();
  }

  /** The last event before or at the moment of the past that is on the screen. */
  public Optional<StampedEvent> event() {
    return place.flatMap(Place::event);
  }

  /** Whether time passes by itself in the past. */
  public boolean plays() {
    return speed > 0;
  }

  /** Hears whenever place or pace change. */
  public Runnable subscribe(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Goes to a moment; the earliest known for those before it, the present for those not past. */
  public void goTo(long nanos) {
    Optional<Extent> extent = extent();
    if (extent.isEmpty()) {
      return;
    }
    if (nanos >= feed.present().nowNanos()) {
      backToNow();
    } else {
      wishedNanos = Math.max(extent.get().firstNanos(), nanos);
      wish(new Moment(wishedNanos));
    }
  }

  /**
   * Goes to the moment right after an event.
   *
   * @param sequence of the event
   * @param nanos when it was
   */
  public void goToEvent(long sequence, long nanos) {
    if (extent().isPresent()) {
      wishedNanos = nanos;
      wish(new After(sequence));
    }
  }

  /** Goes to the next event or the one before; back to the present when no other follows. */
  public void step(boolean forward) {
    if (extent().isEmpty() || forward && !past()) {
      return;
    }
    stop();
    if (!past()) {
      wishedNanos = feed.present().nowNanos();
    }
    int by = forward ? 1 : -1;
    wish(new Steps(next.orElse(null) instanceof Steps steps ? steps.by() + by : by));
  }

  /**
   * Lets time pass from the moment on the screen; from the beginning when that is the present.
   *
   * @param times how many times as fast as it did, above 0
   */
  public void play(double times) {
    Optional<Extent> extent = extent();
    if (extent.isPresent()) {
      speed = times;
      if (!past()) {
        goTo(extent.get().firstNanos());
      }
      tell();
    }
  }

  /** Stays at the moment on the screen. */
  public void stop() {
    if (speed > 0) {
      speed = 0;
      tell();
    }
  }

  /** So much time has passed in front of the screen; does nothing unless it plays. */
  public void pass(long nanos) {
    if (speed > 0 && past()) {
      goTo(wishedNanos + Math.round(nanos * speed));
    }
  }

  /** The present again. */
  public void backToNow() {
    speed = 0;
    next = Optional.empty();
    place = Optional.empty();
    away = false;
    journey++;
    feed.showPresent();
    tell();
  }

  /** What is on its way does not arrive. The feed stays where it is. */
  @Override
  public void close() {
    closed = true;
    speed = 0;
    listeners.clear();
  }

  // ---- looking up
  // --------------------------------------------------------------------------------

  private void wish(Wish wish) {
    away = true;
    next = Optional.of(wish);
    if (!looking) {
      look();
    }
    tell();
  }

  private void look() {
    Wish wish = next.orElseThrow();
    Optional<Place> from = place;
    int of = journey;
    next = Optional.empty();
    looking = true;
    background.execute(
        () -> {
          try {
            Optional<Place> found = find(wish, from);
            screen.execute(() -> arrive(of, found));
          } catch (RuntimeException e) {
            LOG.error("{} cannot be shown", wish, e);
            screen.execute(() -> arrive(of, Optional.empty()));
          }
        });
  }

  /** Empty is the present. */
  private void arrive(int of, Optional<Place> found) {
    looking = false;
    if (closed) {
      return;
    }
    if (of == journey) {
      if (found.isEmpty()) {
        backToNow();
        return;
      }
      place = found;
      if (next.isEmpty()) {
        wishedNanos = found.get().nanos();
      }
      feed.showPast(found.get().snapshot(), found.get().nanos());
    }
    if (next.isPresent()) {
      look();
    }
    tell();
  }

  private Optional<Place> find(Wish wish, Optional<Place> from) {
    ClusterHistory kept = history.orElseThrow();
    Cursor at = cursor.orElseThrow();
    if (wish instanceof Moment moment) {
      return Optional.of(
          new Place(at.at(moment.nanos()), moment.nanos(), kept.notAfter(moment.nanos())));
    }
    Optional<StampedEvent> event =
        wish instanceof After after
            ? kept.before(after.sequence() + 1)
            : stepped(kept, ((Steps) wish).by(), from);
    return event.map(e -> new Place(at.upTo(e.sequence()), e.nanos(), event));
  }

  /** The event so many steps away, or the earliest; empty when there are not so many. */
  private static Optional<StampedEvent> stepped(ClusterHistory kept, int by, Optional<Place> from) {
    Optional<StampedEvent> event = from.flatMap(Place::event);
    if (by > 0) {
      for (int i = 0; i < by && (i == 0 || event.isPresent()); i++) {
        event = kept.after(event.map(StampedEvent::sequence).orElse(0L));
      }
      return event;
    }
    int left = -by;
    if (left > 0 && from.filter(Place::isAtEvent).isEmpty()) {
      event = from.isEmpty() ? kept.before(Long.MAX_VALUE) : event;
      left--;
    }
    while (left-- > 0 && event.isPresent()) {
      Optional<StampedEvent> before = kept.before(event.get().sequence());
      if (before.isEmpty()) {
        break;
      }
      event = before;
    }
    return event;
  }

  private void tell() {
    List.copyOf(listeners).forEach(Runnable::run);
  }
}
