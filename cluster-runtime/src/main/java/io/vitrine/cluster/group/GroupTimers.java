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
    private long dueMs;
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

    private long leftMs(long nowMs) {
      return Math.max(0, dueMs - nowMs);
    }

    /** Begins to wait. */
    void begin(WheelTimer timer, long delayMs, Runnable task) {
      dueMs = timer.nowMs() + delayMs;
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

  /**
   * How long the rebalance waits at most for who is missing.
   *
   * @param nowMs by the timer
   * @return -1 when it waits for nobody
   */
  long rebalanceLeftMs(long nowMs) {
    return join != null && join.on
        ? join.leftMs(nowMs)
        : sync != null && sync.on ? sync.leftMs(nowMs) : -1;
  }

  /** How long each member may stay silent from now on, by member id; also ids given out. */
  Map<String, Long> sessionsLeftMs(long nowMs) {
    Map<String, Long> left = new HashMap<>();
    sessions.forEach((member, turn) -> left.put(member, turn.leftMs(nowMs)));
    return left;
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
