package io.vitrine.console.live;

import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import java.util.List;

/**
 * What the screen draws from, once a pulse.
 *
 * @param snapshot the newest state
 * @param events what happened since the last frame, oldest first, none newer than the snapshot;
 *     samples are not among them. When more happened than the journal keeps, the oldest are missing
 * @param nowNanos the present on the snapshot's monotonic clock, for countdowns and ages
 * @param paused whether the screen stands still on purpose
 */
public record Frame(
    ClusterSnapshot snapshot, List<StampedEvent> events, long nowNanos, boolean paused) {
  public Frame {
    events = List.copyOf(events);
  }

  /** How old the snapshot is in milliseconds, never negative; 0 when nothing happened yet. */
  public long ageMs() {
    return snapshot.sequence() == 0 ? 0 : sinceMs(snapshot.nanos());
  }

  /** Milliseconds from that time on the monotonic clock to now, never negative. */
  public long sinceMs(long nanos) {
    return Math.max(0, (nowNanos - nanos) / 1_000_000);
  }
}
