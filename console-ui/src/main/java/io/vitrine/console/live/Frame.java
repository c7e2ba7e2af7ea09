package io.vitrine.console.live;

import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import java.util.List;

/**
 * What the screen draws from, once a pulse.
 *
 * @param snapshot the newest state, or that of a moment in the past
 * @param events what happened since the last frame, oldest first, none newer than the snapshot;
 *     samples are not among them. When more happened than the journal keeps, the oldest are missing
 * @param nowNanos the moment that is shown, on the snapshot's monotonic clock, for countdowns and
 *     ages
 * @param paused whether the screen stands still on purpose
 * @param past whether the moment is not the present: then nothing happens and nothing can be done
 */
public record Frame(
    ClusterSnapshot snapshot,
    List<StampedEvent> events,
    long nowNanos,
    boolean paused,
    boolean past) {
  public Frame {
    events = List.copyOf(events);
  }

  /** A frame of the present. */
  public Frame(ClusterSnapshot snapshot, List<StampedEvent> events, long nowNanos, boolean paused) {
    this(snapshot, events, nowNanos, paused, false);
  }

  /** The same state without news, for somebody who was not there when they were told. */
  public Frame still() {
    return new Frame(snapshot, List.of(), nowNanos, paused, past);
  }

  /** Whether nothing on the screen may move by itself: it is paused, or a moment of the past. */
  public boolean stands() {
    return paused || past;
  }

  /** How old the snapshot is in milliseconds, never negative; 0 when nothing happened yet. */
  public long ageMs() {
    return snapshot.sequence() == 0 ? 0 : sinceMs(snapshot.nanos());
  }

  /** Wall-clock time of the moment, in milliseconds since the epoch; 0 when nothing happened. */
  public long wallMs() {
    return snapshot.sequence() == 0
        ? 0
        : snapshot.wallMs() + (nowNanos - snapshot.nanos()) / 1_000_000;
  }

  /** Milliseconds from that time on the monotonic clock to now, never negative. */
  public long sinceMs(long nanos) {
    return Math.max(0, (nowNanos - nanos) / 1_000_000);
  }
}
