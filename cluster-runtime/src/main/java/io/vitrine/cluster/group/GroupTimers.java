package io.vitrine.cluster.group;

import io.vitrine.cluster.purgatory.WheelTimer;
import java.util.HashMap;
import java.util.Map;

/**
 * The time-outs of one group: a session for every member and every id given out, one for the joins
 * and one for the syncs of a rebalance. Guarded by the group's lock; a task that has begun may find
 * that it was cancelled, and asks {@link Turn#take} under the lock.
 */
final class GroupTimers {
  private final Map<String, Turn> sessions = new HashMap<>();
  private Turn join;
  private Turn sync;

  /** One waiting of one time-out. */
  static final class Turn {
    private WheelTimer.Entry entry;
    private boolean on = true;

    /** Whether its time has come, and not too late; true once at most. */
    boolean take() {
      boolean taken = on;
      on = false;
      return taken;
    }

    private void cancel() {
      on = false;
      entry.cancel();
    }

    /** Begins to wait. */
    void begin(WheelTimer timer, long delayMs, Runnable task) {
      entry = timer.add(delayMs, task);
    }
  }

  /** The turn of a member's session; the one before is over. */
  Turn session(String memberId) {
    Turn turn = new Turn();
    end(sessions.put(memberId, turn));
    return turn;
  }

  void cancelSession(String memberId) {
    end(sessions.remove(memberId));
  }

  Turn join() {
    end(join);
    join = new Turn();
    return join;
  }

  void cancelJoin() {
    end(join);
    join = null;
  }

  Turn sync() {
    end(sync);
    sync = new Turn();
    return sync;
  }

  void cancelSync() {
    end(sync);
    sync = null;
  }

  void cancelAll() {
    sessions.values().forEach(GroupTimers::end);
    sessions.clear();
    cancelJoin();
    cancelSync();
  }

  private static void end(Turn turn) {
    if (turn != null && turn.on) {
      turn.cancel();
    }
  }
}
