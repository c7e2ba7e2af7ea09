package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.snapshot.ControllerTrail.Fate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What controllers did lately, while events are folded in. Owned by its {@link ControllerDraft}.
 *
 * <p>Orders to one broker are in flight one at a time and answered in order, so that an answer
 * belongs to the oldest open order of its kind.
 */
final class ControllerTrailDraft {
  private final Deque<ControllerTrail.Done> events = new ArrayDeque<>();
  private final Deque<Sent> orders = new ArrayDeque<>();
  private final Deque<ControllerTrail.Order> refused = new ArrayDeque<>();
  private final Deque<ControllerTrail.Election> elections = new ArrayDeque<>();

  /** How long the event each broker's thread works on has waited. */
  private final Map<Integer, Long> queuedNanos = new HashMap<>();

  /** What was told last, until something is new. */
  private ControllerTrail told = ControllerTrail.none();

  /** An order and when it was sent. */
  private static final class Sent {
    final long nanos;
    ControllerTrail.Order order;

    Sent(long nanos, ControllerTrail.Order order) {
      this.nanos = nanos;
      this.order = order;
    }

    void became(Fate fate, long tookNanos, String error) {
      order =
          new ControllerTrail.Order(
              order.sequence(),
              order.wallMs(),
              order.controller(),
              order.epoch(),
              order.broker(),
              order.api(),
              order.partitions(),
              fate,
              tookNanos,
              error);
    }
  }

  ControllerTrailDraft() {}

  private ControllerTrailDraft(ControllerTrailDraft other) {
    events.addAll(other.events);
    other.orders.forEach(sent -> orders.add(new Sent(sent.nanos, sent.order)));
    refused.addAll(other.refused);
    elections.addAll(other.elections);
    queuedNanos.putAll(other.queuedNanos);
    told = other.told;
  }

  ControllerTrailDraft copy() {
    return new ControllerTrailDraft(this);
  }

  void begun(int controller, ClusterEvent.ControllerEventBegun event) {
    queuedNanos.put(controller, event.queuedNanos());
  }

  void done(Moment at, int controller, ClusterEvent.ControllerEventEnded event) {
    Long queued = queuedNanos.remove(controller);
    push(
        events,
        new ControllerTrail.Done(
            at.sequence(),
            at.wallMs(),
            controller,
            event.event(),
            event.state(),
            queued == null ? 0 : queued,
            event.tookNanos(),
            event.waiting()));
  }

  /**
   * @param epoch the epoch this controller was elected with last, 0 when that is not known
   */
  void ordered(Moment at, int controller, int epoch, ClusterEvent.OrdersSent sent) {
    push(
        orders,
        new Sent(
            at.nanos(),
            new ControllerTrail.Order(
                at.sequence(),
                at.wallMs(),
                controller,
                epoch,
                sent.toBroker(),
                sent.api(),
                sent.partitions(),
                Fate.OPEN,
                -1,
                "")));
  }

  void answered(Moment at, int controller, ClusterEvent.OrdersAnswered answer) {
    Sent oldest = null;
    for (Sent sent : orders) {
      ControllerTrail.Order order = sent.order;
      if (order.fate() == Fate.OPEN
          && order.controller() == controller
          && order.broker() == answer.fromBroker()
          && order.api().equals(answer.api())) {
        oldest = sent;
      }
    }
    if (oldest == null) {
      return;
    }
    oldest.became(
        answer.error().isEmpty() ? Fate.ANSWERED : Fate.REFUSED,
        at.nanos() - oldest.nanos,
        answer.error());
    if (!answer.error().isEmpty()) {
      push(refused, oldest.order);
    }
    told = null;
  }

  /** A broker's life ended: neither does it answer nor does it hear answers. */
  void brokerGone(int broker) {
    drop(order -> order.broker() == broker || order.controller() == broker);
  }

  /** A controller laid down its office: it hears no more answers. */
  void resigned(int controller) {
    drop(order -> order.controller() == controller);
  }

  private void drop(Predicate<ControllerTrail.Order> which) {
    for (Sent sent : orders) {
      if (sent.order.fate() == Fate.OPEN && which.test(sent.order)) {
        sent.became(Fate.DROPPED, -1, "");
        told = null;
      }
    }
  }

  void written(Moment at, int previousLeader, ClusterEvent.PartitionStateWritten state) {
    if (state.reason() != ElectionReason.LOADED) {
      push(
          elections,
          new ControllerTrail.Election(
              at.sequence(),
              at.wallMs(),
              state.partition(),
              state.reason(),
              previousLeader,
              state.leader(),
              state.leaderEpoch(),
              state.isr()));
    }
  }

  private <T> void push(Deque<T> list, T element) {
    list.addFirst(element);
    if (list.size() > ControllerTrail.KEPT) {
      list.removeLast();
    }
    told = null;
  }

  ControllerTrail view() {
    if (told == null) {
      List<ControllerTrail.Order> all = new ArrayList<>(orders.size());
      orders.forEach(sent -> all.add(sent.order));
      told =
          new ControllerTrail(
              List.copyOf(events), all, List.copyOf(refused), List.copyOf(elections));
    }
    return told;
  }
}
