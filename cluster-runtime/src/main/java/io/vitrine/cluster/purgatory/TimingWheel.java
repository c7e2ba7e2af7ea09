package io.vitrine.cluster.purgatory;

/**
 * One wheel: a ring of slots, each standing for one tick. Guarded by the timer's lock.
 *
 * <p>A slot holds its items as a doubly linked list, so that one is taken out in constant time. At
 * any time a slot holds items of one tick only, since the wheel takes none that lie a turn ahead.
 */
final class TimingWheel {
  private final long tickMs;
  private final Slot[] slots;
  private long currentMs;

  /** A task and when it is due. */
  static final class Item {
    final long dueMs;
    final Runnable task;
    private Slot slot;
    private Item previous;
    private Item next;

    Item(long dueMs, Runnable task) {
      this.dueMs = dueMs;
      this.task = task;
    }
  }

  /** The items of one tick; {@code startMs} is when that tick begins. */
  static final class Slot {
    long startMs;

    /** The tick it stands in the queue for, so that it stands there once. */
    long queuedForMs = Long.MIN_VALUE;

    private Item first;
    private Item last;

    boolean isEmpty() {
      return first == null;
    }

    private void add(Item item) {
      item.slot = this;
      item.previous = last;
      if (last == null) {
        first = item;
      } else {
        last.next = item;
      }
      last = item;
    }

    Item takeFirst() {
      Item item = first;
      remove(item);
      return item;
    }

    private void remove(Item item) {
      if (item.previous == null) {
        first = item.next;
      } else {
        item.previous.next = item.next;
      }
      if (item.next == null) {
        last = item.previous;
      } else {
        item.next.previous = item.previous;
      }
      item.slot = null;
      item.previous = null;
      item.next = null;
    }
  }

  TimingWheel(long tickMs, int size, long nowMs) {
    this.tickMs = tickMs;
    this.slots = new Slot[size];
    for (int i = 0; i < size; i++) {
      slots[i] = new Slot();
    }
    advanceTo(nowMs);
  }

  /** How far ahead of now an item may lie. */
  long spanMs() {
    return tickMs * slots.length;
  }

  boolean reaches(long dueMs) {
    return dueMs < currentMs + spanMs();
  }

  void advanceTo(long nowMs) {
    currentMs = Math.floorDiv(nowMs, tickMs) * tickMs;
  }

  /** Takes an item within reach and gives its slot. */
  Slot add(Item item) {
    long tick = Math.floorDiv(item.dueMs, tickMs);
    Slot slot = slots[(int) Math.floorMod(tick, (long) slots.length)];
    slot.startMs = tick * tickMs;
    slot.add(item);
    return slot;
  }

  /** Takes an item out of whatever slot it is in; false when it is in none. */
  static boolean remove(Item item) {
    if (item.slot == null) {
      return false;
    }
    item.slot.remove(item);
    return true;
  }
}
