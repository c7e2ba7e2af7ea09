package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ControllerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The controller while events are folded in. Owned by its {@link SnapshotProjector}. */
final class ControllerDraft {
  /** How many controllers back the history reaches. */
  private static final int REIGNS_KEPT = 64;

  private static final int NOBODY = -1;

  private final List<ControllerView.Reign> history = new ArrayList<>();
  private final Map<Integer, OrdersView> orders = new TreeMap<>();
  private int brokerId = NOBODY;
  private int epoch;
  private ControllerState state = ControllerState.IDLE;
  private String event = "";
  private int queueLength;
  private long queuedNanos;
  private long longestQueuedNanos;
  private long eventsDone;

  int brokerId() {
    return brokerId;
  }

  int epoch() {
    return epoch;
  }

  void elected(int broker, int newEpoch, long nanos) {
    if (brokerId >= 0) {
      ended(nanos);
    }
    history.add(0, new ControllerView.Reign(broker, newEpoch, nanos, 0));
    if (history.size() > REIGNS_KEPT) {
      history.remove(REIGNS_KEPT);
    }
    brokerId = broker;
    epoch = newEpoch;
    // An election is an event of the winner's queue that began before it won.
    state = ControllerState.CONTROLLER_CHANGE;
  }

  /** The reign is over, and with it what was known of its work. */
  void ended(long nanos) {
    for (int i = 0; i < history.size(); i++) {
      ControllerView.Reign reign = history.get(i);
      if (reign.brokerId() == brokerId && reign.endNanos() == 0) {
        history.set(
            i, new ControllerView.Reign(brokerId, reign.epoch(), reign.startNanos(), nanos));
      }
    }
    brokerId = NOBODY;
    orders.clear();
    state = ControllerState.IDLE;
    event = "";
    queueLength = 0;
    queuedNanos = 0;
    longestQueuedNanos = 0;
    eventsDone = 0;
  }

  /** What the broker's controller does; only the active one's counts. */
  void works(int broker, ClusterEvent.ControllerWork work) {
    if (broker != brokerId) {
      return;
    }
    if (work instanceof ClusterEvent.ControllerEventBegun begun) {
      state = begun.state();
      event = begun.event();
      queueLength = begun.waiting();
      queuedNanos = begun.queuedNanos();
      longestQueuedNanos = Math.max(longestQueuedNanos, queuedNanos);
    } else if (work instanceof ClusterEvent.ControllerEventEnded ended) {
      state = ControllerState.IDLE;
      event = "";
      queueLength = ended.waiting();
      eventsDone++;
    } else if (work instanceof ClusterEvent.OrdersAnswered answered) {
      orders.computeIfPresent(
          answered.fromBroker(),
          (id, before) ->
              new OrdersView(
                  before.sent(),
                  before.answered() + 1,
                  before.refused() + (answered.error().isEmpty() ? 0 : 1)));
    }
  }

  void ordered(int broker, int toBroker) {
    if (broker == brokerId) {
      OrdersView before = orders.getOrDefault(toBroker, OrdersView.NONE);
      orders.put(toBroker, new OrdersView(before.sent() + 1, before.answered(), before.refused()));
    }
  }

  /** A broker's life ended: what it did not answer it never will. */
  void gone(int broker) {
    orders.remove(broker);
  }

  ControllerView view() {
    return new ControllerView(
        brokerId,
        epoch,
        history,
        new ControllerView.Work(
            state, event, queueLength, queuedNanos, longestQueuedNanos, eventsDone, orders));
  }
}
