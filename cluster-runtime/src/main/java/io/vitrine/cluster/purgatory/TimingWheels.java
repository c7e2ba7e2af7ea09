package io.vitrine.cluster.purgatory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Wheels of growing ticks: 20 slots of 1 ms, 20 of 20 ms, 20 of 400 ms and so on. Guarded by the
 * timer's lock.
 *
 * <p>An item lies in the finest wheel that reaches it; when its slot's time comes it moves to a
 * finer one, or is due. Slots that hold items are ordered by time in a queue, so that nobody looks
 * at empty ones.
 */
final class TimingWheels {
  private static final long TICK_MS = 1;
  private static final int SLOTS = 20;

  private final List<TimingWheel> wheels = new ArrayList<>();
  private final PriorityQueue<Queued> occupied = new PriorityQueue<>();
  private long nowMs;
  private int size;

  /** A slot in the queue; the time is kept apart since an emptied slot may be used again. */
  private record Queued(long startMs, TimingWheel.Slot slot) implements Comparable<Queued> {
    @Override
    public int compareTo(Queued other) {
      return Long.compare(startMs, other.startMs);
    }
  }

  TimingWheels(long nowMs) {
    this.nowMs = nowMs;
    wheels.add(new TimingWheel(TICK_MS, SLOTS, nowMs));
  }

  int size() {
    return size;
  }

  /** When the clock must be advanced next; the far future when nothing waits. */
  long nextDueMs() {
    return occupied.isEmpty() ? Long.MAX_VALUE : occupied.peek().startMs();
  }

  void add(TimingWheel.Item item) {
    size++;
    place(item);
  }

  void remove(TimingWheel.Item item) {
    if (TimingWheel.remove(item)) {
      size--;
    }
  }

  /** Moves the clock and takes out what is due, in the order of its time. */
  List<TimingWheel.Item> advanceTo(long toMs) {
    List<TimingWheel.Item> due = new ArrayList<>();
    while (nextDueMs() <= toMs) {
      Queued queued = occupied.poll();
      moveClock(Math.max(nowMs, queued.startMs()));
      TimingWheel.Slot slot = queued.slot();
      slot.queuedForMs = Long.MIN_VALUE;
      while (!slot.isEmpty() && slot.startMs == queued.startMs()) {
        TimingWheel.Item item = slot.takeFirst();
        if (item.dueMs <= toMs) {
          due.add(item);
          size--;
        } else {
          place(item);
        }
      }
    }
    moveClock(Math.max(nowMs, toMs));
    due.sort(Comparator.comparingLong(item -> item.dueMs));
    return due;
  }

  private void moveClock(long toMs) {
    nowMs = toMs;
    for (TimingWheel wheel : wheels) {
      wheel.advanceTo(toMs);
    }
  }

  private void place(TimingWheel.Item item) {
    int level = 0;
    while (!wheels.get(level).reaches(item.dueMs)) {
      if (++level == wheels.size()) {
        wheels.add(new TimingWheel(wheels.get(level - 1).spanMs(), SLOTS, nowMs));
      }
    }
    TimingWheel.Slot slot = wheels.get(level).add(item);
    if (slot.queuedForMs != slot.startMs) {
      slot.queuedForMs = slot.startMs;
      occupied.add(new Queued(slot.startMs, slot));
    }
  }
}
