package io.vitrine.cluster.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * States of the cluster from which others are folded: close together lately, further apart the
 * longer ago. Owned by a {@link ClusterHistory}, under its lock.
 *
 * <p>When they weigh more than they may, one goes whose neighbours are close for its age: so the
 * distance between two stays a fixed share of how long ago they were. Two never come to stand so
 * far apart that folding from one to the other takes long, unless all already do.
 */
final class Keyframes {
  /** Events between two, unless there are so many that all stand further apart. */
  private static final int MOST_EVENTS_BETWEEN = 8_000;

  /**
   * A state.
   *
   * @param events how many events proper had happened
   * @param state never folded on; copies are
   */
  record Keyframe(long sequence, long nanos, long events, int weight, SnapshotProjector state) {}

  private final long capacity;
  private final List<Keyframe> frames = new ArrayList<>();
  private long weight;

  /**
   * @param capacity how much they may weigh, see {@link SnapshotProjector#weight}
   */
  Keyframes(long capacity) {
    this.capacity = capacity;
  }

  void add(SnapshotProjector state, long nanos, long events) {
    Keyframe frame = new Keyframe(state.sequence(), nanos, events, state.weight(), state.copy());
    frames.add(frame);
    weight += frame.weight();
    while (weight > capacity && frames.size() > 2) {
      remove(leastMissed());
    }
  }

  /** Those before this place are of no use any more, but for the last of them. */
  void forgetBefore(long sequence) {
    while (frames.size() > 1 && frames.get(1).sequence() <= sequence) {
      remove(0);
    }
  }

  Optional<Keyframe> first() {
    return frames.isEmpty() ? Optional.empty() : Optional.of(frames.get(0));
  }

  Optional<Keyframe> last() {
    return frames.isEmpty() ? Optional.empty() : Optional.of(frames.get(frames.size() - 1));
  }

  /** The last one at or before this place in the stream. */
  Optional<Keyframe> floor(long sequence) {
    int low = 0;
    int high = frames.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (frames.get(middle).sequence() <= sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? Optional.empty() : Optional.of(frames.get(low - 1));
  }

  int size() {
    return frames.size();
  }

  private void remove(int index) {
    weight -= frames.remove(index).weight();
  }

  /** The ends stay. */
  private int leastMissed() {
    long now = frames.get(frames.size() - 1).nanos();
    int found = 1;
    double least = Double.MAX_VALUE;
    for (int i = 1; i < frames.size() - 1; i++) {
      Keyframe before = frames.get(i - 1);
      Keyframe after = frames.get(i + 1);
      double share = (after.nanos() - before.nanos()) / (1.0 + now - before.nanos());
      long events = after.events() - before.events();
      // A gap too long to be folded in no time is the worse the longer it is.
      double missed = events <= MOST_EVENTS_BETWEEN ? share : events;
      if (missed < least) {
        least = missed;
        found = i;
      }
    }
    return found;
  }
}
