package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ControllerState;
import io.vitrine.cluster.event.FailoverStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The controller and those before it.
 *
 * @param brokerId the active controller, -1 when there is none
 * @param epoch its controller epoch, 0 before the first
 * @param history newest first, bounded
 * @param work what the active one is at
 * @param trail what it and those before it did lately
 */
public record ControllerView(
    int brokerId, int epoch, List<Reign> history, Work work, ControllerTrail trail) {
  public ControllerView {
    history = List.copyOf(history);
  }

  /**
   * One controller's time in office.
   *
   * @param startWallMs when it was elected, by the wall clock
   * @param endNanos 0 while it lasts
   * @param failoverMs how long it took to read the whole state and tell the brokers, -1 until it is
   *     done
   * @param steps what it did between election and readiness, in order; empty when nobody told
   * @param end how it ended
   * @param reason what the controller itself said of its end, empty when it said nothing
   */
  public record Reign(
      int brokerId,
      int epoch,
      long startWallMs,
      long startNanos,
      long endNanos,
      long failoverMs,
      List<Step> steps,
      End end,
      String reason) {
    public Reign {
      steps = List.copyOf(steps);
    }

    Reign ready(long tookMs) {
      return new Reign(
          brokerId, epoch, startWallMs, startNanos, endNanos, tookMs, steps, end, reason);
    }

    Reign ended(long nanos, End how, String why) {
      return new Reign(
          brokerId, epoch, startWallMs, startNanos, nanos, failoverMs, steps, how, why);
    }

    Reign did(Step step) {
      List<Step> all = new ArrayList<>(steps);
      all.add(step);
      return new Reign(
          brokerId, epoch, startWallMs, startNanos, endNanos, failoverMs, all, end, reason);
    }
  }

  /** A step of a fail-over and how long it took. */
  public record Step(FailoverStep step, long tookNanos) {}

  /** How a reign ends. */
  public enum End {
    /** It lasts. */
    NONE,
    /** The controller gave up its office. */
    RESIGNED,
    /** Its session was over, and {@code /controller} with it. */
    SESSION_OVER,
    /** Another was elected, and nothing was heard of its end before. */
    SUPERSEDED
  }

  /**
   * The event thread of the active controller, since its election.
   *
   * @param event what it works on by Kafka's name, empty while it is idle
   * @param queueLength events that wait, as of the last begin or end of one
   * @param queuedNanos how long the last event waited
   * @param longestQueuedNanos how long any event waited at most
   * @param eventsDone events it is done with
   * @param orders by the broker they were sent to
   */
  public record Work(
      ControllerState state,
      String event,
      int queueLength,
      long queuedNanos,
      long longestQueuedNanos,
      long eventsDone,
      Map<Integer, OrdersView> orders) {
    public Work {
      orders = Collections.unmodifiableMap(new TreeMap<>(orders));
    }

    /** Nobody is at work. */
    public static Work none() {
      return new Work(ControllerState.IDLE, "", 0, 0, 0, 0, Map.of());
    }
  }

  /** Nobody was ever elected. */
  public static ControllerView none() {
    return new ControllerView(-1, 0, List.of(), Work.none(), ControllerTrail.none());
  }
}
