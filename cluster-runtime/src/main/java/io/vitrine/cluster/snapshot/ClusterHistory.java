package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventArchive;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.Keyframes.Keyframe;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the cluster was at any moment: a fold of its events from the nearest kept state before it.
 *
 * <p>Every event is kept, up to a million; measurements only of the newest stretch. Further back a
 * state shows the measurements of the kept state it is folded from, and says by their times how old
 * they are. States are kept once a second, and thinned as they age. Memory is bounded whatever the
 * cluster's size: some tens of megabytes each for events, states and measurements.
 *
 * <p>One thread adds ({@link SnapshotPublisher}'s); any may read. A {@link Cursor} belongs to
 * whoever made it.
 */
public final class ClusterHistory {
  private static final int EVENTS_KEPT = 1_000_000;
  private static final long KEYFRAME_NANOS = 1_000_000_000L;
  private static final int KEYFRAME_EVENTS = 2_000;

  /** Replicas in all kept states together; one takes about 200 bytes. */
  private static final long KEYFRAMES_WEIGHT = 300_000;

  /** Replicas in all kept measurements together; one takes about 200 bytes. */
  private static final long SAMPLES_WEIGHT = 150_000;

  /**
   * How far back it goes.
   *
   * @param firstNanos the earliest moment that is known
   * @param lastNanos the newest
   * @param firstSequence of the state known at the earliest moment
   * @param events how many events are kept
   */
  public record Extent(long firstNanos, long lastNanos, long firstSequence, int events) {}

  private final EventArchive archive;
  private final long samplesCapacity;
  private final Object lock = new Object();
  // Under the lock.
  private final Keyframes keyframes;
  private final Deque<StampedEvent> samples = new ArrayDeque<>();
  private long samplesWeight;
  private long happened;
  private long lastNanos;

  /** A history of the usual length. */
  public ClusterHistory() {
    this(EVENTS_KEPT, KEYFRAMES_WEIGHT, SAMPLES_WEIGHT);
  }

  /**
   * A history of another length.
   *
   * @param events how many are kept
   * @param keyframesWeight replicas in all kept states together
   * @param samplesWeight replicas in all kept measurements together
   */
  public ClusterHistory(int events, long keyframesWeight, long samplesWeight) {
    this.archive = new EventArchive(events);
    this.keyframes = new Keyframes(keyframesWeight);
    this.samplesCapacity = samplesWeight;
  }

  // ---- what happens
  // ------------------------------------------------------------------------------

  /**
   * Begins, with what happened before.
   *
   * @param before all events since the stream began, or none when some of them are lost
   * @param now the state after them
   */
  public void begin(List<StampedEvent> before, SnapshotProjector now) {
    SnapshotProjector early = now.anew();
    long untilKeyframe = 0;
    for (StampedEvent event : before) {
      if (untilKeyframe-- == 0) {
        keyframe(early, event.nanos());
        untilKeyframe = KEYFRAME_EVENTS;
      }
      early.apply(event);
      keep(event);
    }
    if (now.sequence() > 0) {
      keyframe(now, now.nanos());
    }
  }

  /**
   * Takes what happened since.
   *
   * @param events oldest first
   * @param after the state after them
   */
  public void add(List<StampedEvent> events, SnapshotProjector after) {
    if (events.isEmpty()) {
      return;
    }
    if (extent().isEmpty()) {
      keyframe(after.anew(), events.get(0).nanos());
    }
    events.forEach(this::keep);
    synchronized (lock) {
      Keyframe last = keyframes.last().orElseThrow();
      if (lastNanos - last.nanos() >= KEYFRAME_NANOS
          || happened - last.events() >= KEYFRAME_EVENTS) {
        keyframe(after, lastNanos);
      }
    }
  }

  private void keyframe(SnapshotProjector state, long nanos) {
    synchronized (lock) {
      keyframes.add(state, nanos, happened);
      lastNanos = Math.max(lastNanos, nanos);
      archive.firstSequence().ifPresent(first -> keyframes.forgetBefore(first - 1));
    }
  }

  private void keep(StampedEvent event) {
    boolean sample = event.event() instanceof ClusterEvent.Sample;
    if (!sample) {
      archive.add(event);
    }
    synchronized (lock) {
      lastNanos = event.nanos();
      if (!sample) {
        happened++;
        return;
      }
      samples.addLast(event);
      samplesWeight += weight(event.event());
      while (samplesWeight > samplesCapacity && samples.size() > 1) {
        samplesWeight -= weight(samples.removeFirst().event());
      }
    }
  }

  private static int weight(ClusterEvent sample) {
    if (sample instanceof ClusterEvent.BrokerSampled e) {
      return 16 + e.replicas().size();
    }
    if (sample instanceof ClusterEvent.TransactionsSampled e) {
      return 1 + e.transactions().size() + e.open().size();
    }
    if (sample instanceof ClusterEvent.GroupsSampled e) {
      return 1 + e.groups().values().stream().mapToInt(g -> 1 + g.committed().size()).sum();
    }
    return 1;
  }

  // ---- what happened
  // -----------------------------------------------------------------------------

  /** How far back it goes; empty while nothing is known. */
  public Optional<Extent> extent() {
    synchronized (lock) {
      return keyframes
          .first()
          .map(first -> new Extent(first.nanos(), lastNanos, first.sequence(), archive.size()));
    }
  }

  /** The next event after this place in the stream. */
  public Optional<StampedEvent> after(long sequence) {
    return archive.after(sequence);
  }

  /** The last event before this place in the stream whose moment is known. */
  public Optional<StampedEvent> before(long sequence) {
    long first = extent().map(Extent::firstSequence).orElse(Long.MAX_VALUE);
    return archive.before(sequence).filter(event -> event.sequence() > first);
  }

  /** The last event that was no later than this moment. */
  public Optional<StampedEvent> notAfter(long nanos) {
    return archive.notAfter(nanos);
  }

  /** The events up to this place, the newest first, but no more than told. */
  public List<StampedEvent> latest(long upTo, int most) {
    return archive.latest(upTo, most);
  }

  /** Gives every event of a stretch of time, both ends included, oldest first. */
  public void between(long fromNanos, long toNanos, Consumer<StampedEvent> taker) {
    archive.between(fromNanos, toNanos, taker);
  }

  /** A way to look at moments. */
  public Cursor cursor() {
    return new Cursor();
  }

  /**
   * Goes from moment to moment. Going on a little is cheap: it folds on from where it is. So is
   * going back a little: it leaves states of its own on the way. Not safe for several threads.
   */
  public final class Cursor {
    /** Places in the stream between two states left on the way. */
    private static final int STRIDE = 500;

    private static final int MOST_LEFT = 24;

    private final NavigableMap<Long, SnapshotProjector> left = new TreeMap<>();
    private SnapshotProjector here;
    private long from = -1;

    private Cursor() {}

    /**
     * The state at a moment; the earliest known one for moments before it.
     *
     * @param nanos on the events' monotonic clock
     */
    public ClusterSnapshot at(long nanos) {
      return upTo(sequenceAt(nanos));
    }

    /** The state after this event; the earliest known one for events before it. */
    public ClusterSnapshot upTo(long sequence) {
      List<StampedEvent> measured;
      synchronized (lock) {
        Optional<Keyframe> floor = keyframes.floor(sequence).or(keyframes::first);
        if (floor.isEmpty()) {
          return ClusterSnapshot.empty();
        }
        start(floor.get(), sequence);
        measured = measured(here.sequence(), sequence);
      }
      fold(archive.range(here.sequence(), sequence), measured);
      return here.snapshot();
    }

    /** Stands at the last state that is known before this place. */
    private void start(Keyframe floor, long sequence) {
      if (from != floor.sequence()) {
        left.clear();
        from = floor.sequence();
      }
      Map.Entry<Long, SnapshotProjector> nearest = left.floorEntry(sequence);
      long known = nearest == null ? floor.sequence() : nearest.getKey();
      if (here == null || here.sequence() < known || here.sequence() > sequence) {
        here = (nearest == null ? floor.state() : nearest.getValue()).copy();
      }
    }

    private void leave() {
      long at = here.sequence();
      Long before = left.floorKey(at);
      if (left.size() < MOST_LEFT && at - (before == null ? from : before) >= STRIDE) {
        left.put(at, here.copy());
      }
    }

    /** Both in the order of the stream. */
    private void fold(List<StampedEvent> events, List<StampedEvent> measured) {
      int next = 0;
      for (StampedEvent event : events) {
        while (next < measured.size() && measured.get(next).sequence() < event.sequence()) {
          here.apply(measured.get(next++));
        }
        here.apply(event);
        leave();
      }
      while (next < measured.size()) {
        here.apply(measured.get(next++));
      }
    }
  }

  /** Measurements after the one place up to the other, oldest first; under the lock. */
  private List<StampedEvent> measured(long after, long upTo) {
    List<StampedEvent> found = new ArrayList<>();
    Iterator<StampedEvent> newestFirst = samples.descendingIterator();
    while (newestFirst.hasNext()) {
      StampedEvent sample = newestFirst.next();
      if (sample.sequence() <= after) {
        break;
      }
      if (sample.sequence() <= upTo) {
        found.add(sample);
      }
    }
    Collections.reverse(found);
    return found;
  }

  /** The last place in the stream that was reached at this moment. */
  private long sequenceAt(long nanos) {
    long sequence = archive.notAfter(nanos).map(StampedEvent::sequence).orElse(0L);
    synchronized (lock) {
      Iterator<StampedEvent> newestFirst = samples.descendingIterator();
      while (newestFirst.hasNext()) {
        StampedEvent sample = newestFirst.next();
        if (sample.nanos() <= nanos) {
          return Math.max(sequence, sample.sequence());
        }
      }
      return sequence;
    }
  }
}
