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
  private final ControllerTrailDraft trail;
  private int brokerId = NOBODY;
  private int epoch;
  private ControllerState state = ControllerState.IDLE;
  private String event = "";
  private int queueLength;
  private long queuedNanos;
  private long longestQueuedNanos;
  private long eventsDone;

  ControllerDraft() {
    trail = new ControllerTrailDraft();
  }

  private ControllerDraft(ControllerDraft other) {
    history.addAll(other.history);
    orders.putAll(other.orders);
    trail = other.trail.copy();
    brokerId = other.brokerId;
    epoch = other.epoch;
    state = other.state;
    event = other.event;
    queueLength = other.queueLength;
    queuedNanos = other.queuedNanos;
    longestQueuedNanos = other.longestQueuedNanos;
    eventsDone = other.eventsDone;
  }

  ControllerDraft copy() {
    return new ControllerDraft(this);
  }

  int brokerId() {
    return brokerId;
  }

  int epoch() {
    return epoch;
  }

  void elected(int broker, int newEpoch, Moment at) {
    if (brokerId >= 0) {
      ended(at.nanos(), ControllerView.End.SUPERSEDED, "");
    }
    history.add(
        0,
        new ControllerView.Reign(
            broker,
            newEpoch,
            at.wallMs(),
            at.nanos(),
            0,
            -1,
            List.of(),
            ControllerView.End.NONE,
            ""));
    if (history.size() > REIGNS_KEPT) {
      history.remove(REIGNS_KEPT);
    }
    brokerId = broker;
    epoch = newEpoch;
    // An election is an event of the winner's queue that began before it won.
    state = ControllerState.CONTROLLER_CHANGE;
  }

  /** The steps of a fail-over are done. */
  void ready(int broker, ClusterEvent.ControllerReady event) {
    history.replaceAll(
        reign ->
            reign.brokerId() == broker && reign.epoch() == event.controllerEpoch()
                ? reign.ready(event.tookMs())
                : reign);
  }

  /** A controller says that its reign is over; it may say so after everybody knows. */
  void resigned(int broker, ClusterEvent.ControllerResigned event, long nanos) {
    trail.resigned(broker);
    if (brokerId == broker && epoch == event.controllerEpoch()) {
      ended(nanos, ControllerView.End.RESIGNED, event.reason());
    }
  }

  /** The session of the controller is over. */
  void sessionOver(long nanos) {
    ended(nanos, ControllerView.End.SESSION_OVER, "");
  }

  /** The reign is over, and with it what was known of its work. */
  private void ended(long nanos, ControllerView.End how, String reason) {
    history.replaceAll(
        reign ->
            reign.brokerId() == brokerId && reign.endNanos() == 0
                ? reign.ended(nanos, how, reason)
                : reign);
    brokerId = NOBODY;
    orders.clear();
    state = ControllerState.IDLE;
    event = "";
    queueLength = 0;
    queuedNanos = 0;
    longestQueuedNanos = 0;
    eventsDone = 0;
  }

  /** What the broker's controller does; only the active one's counts, everybody's is kept. */
  void works(int broker, ClusterEvent.ControllerWork work, Moment at) {
    keep(broker, work, at);
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

  private void keep(int broker, ClusterEvent.ControllerWork work, Moment at) {
    if (work instanceof ClusterEvent.ControllerEventBegun begun) {
      trail.begun(broker, begun);
    } else if (work instanceof ClusterEvent.ControllerEventEnded ended) {
      trail.done(at, broker, ended);
    } else if (work instanceof ClusterEvent.OrdersAnswered answered) {
      trail.answered(at, broker, answered);
    } else if (work instanceof ClusterEvent.FailoverStepDone done) {
      did(broker, done);
    }
  }

  private void did(int broker, ClusterEvent.FailoverStepDone done) {
    history.replaceAll(
        reign ->
            reign.brokerId() == broker && reign.epoch() == done.controllerEpoch()
                ? reign.did(new ControllerView.Step(done.step(), done.tookNanos()))
                : reign);
  }

  void ordered(int broker, ClusterEvent.OrdersSent sent, Moment at) {
    trail.ordered(at, broker, epochOf(broker), sent);
    if (broker == brokerId) {
      OrdersView before = orders.getOrDefault(sent.toBroker(), OrdersView.NONE);
      orders.put(
          sent.toBroker(), new OrdersView(before.sent() + 1, before.answered(), before.refused()));
    }
  }

  /** The epoch this broker was elected with last, 0 when that is not known. */
  private int epochOf(int broker) {
    return history.stream()
        .filter(reign -> reign.brokerId() == broker)
        .mapToInt(ControllerView.Reign::epoch)
        .findFirst()
        .orElse(0);
  }

  /**
   * A partition's state was written.
   *
   * @param previousLeader who led before, -1 nobody
   */
  void written(int previousLeader, ClusterEvent.PartitionStateWritten state, Moment at) {
    trail.written(at, previousLeader, state);
  }

  /** A broker's life ended: what it did not answer it never will. */
  void gone(int broker) {
    orders.remove(broker);
    trail.brokerGone(broker);
  }

  ControllerView view() {
    return new ControllerView(
        brokerId,
        epoch,
        history,
        new ControllerView.Work(
            state, event, queueLength, queuedNanos, longestQueuedNanos, eventsDone, orders),
        trail.view());
  }
}
