package io.vitrine.console.controller;

import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.ControllerTrail;
import io.vitrine.cluster.snapshot.ControllerTrail.Election;
import io.vitrine.cluster.snapshot.ControllerTrail.Order;
import io.vitrine.cluster.snapshot.ControllerView;
import io.vitrine.cluster.snapshot.OrdersView;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.console.live.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the Controller view shows at one moment. Needs no toolkit.
 *
 * @param loading whether nothing is known of the cluster yet
 * @param broker who is controller, -1 nobody
 * @param epoch the newest controller epoch, 0 before the first
 * @param heldMs for how long it is in office, or for how long nobody is; -1 when nobody ever was
 * @param reigns newest first
 * @param steps of the newest fail-over, in order
 * @param brokers by id
 * @param leaderless partitions nobody leads
 * @param notPreferred partitions another than their preferred replica leads
 * @param trail what was done lately, newest first
 */
record ControllerPage(
    boolean loading,
    int broker,
    int epoch,
    long heldMs,
    ControllerView.Work work,
    List<Reign> reigns,
    List<StepRow> steps,
    List<BrokerRow> brokers,
    int leaderless,
    int notPreferred,
    ControllerTrail trail) {

  /** Kafka's default of {@code leader.imbalance.per.broker.percentage}. */
  static final int IMBALANCE_PERCENT = 10;

  ControllerPage {
    reigns = List.copyOf(reigns);
    steps = List.copyOf(steps);
    brokers = List.copyOf(brokers);
  }

  /**
   * A rung of the ladder.
   *
   * @param from where in the time of all rungs it begins, 0 to 1
   * @param to where it ends
   * @param heldMs how long it lasted or lasts
   * @param refused orders under its epoch that brokers refused, as far as they are remembered
   */
  record Reign(ControllerView.Reign view, double from, double to, long heldMs, int refused) {
    /** Whether it is still in office. */
    boolean lasts() {
      return view.end() == ControllerView.End.NONE;
    }

    /** Whether it gave orders after its time. */
    boolean zombie() {
      return !lasts() && refused > 0;
    }
  }

  /**
   * A step of the newest fail-over.
   *
   * @param number from 1 on
   * @param from where in the time of all steps it begins, 0 to 1
   * @param to where it ends
   */
  record StepRow(int number, ControllerView.Step view, double from, double to) {}

  /**
   * A broker as the controller deals with it.
   *
   * @param live whether the controller counts it among the living
   * @param orders what it was sent and answered since its election, empty counts when nothing
   * @param preferred partitions whose preferred replica it is
   * @param elsewhere those of them that another leads or nobody
   */
  record BrokerRow(int id, boolean live, OrdersView orders, int preferred, int elsewhere) {
    /** Kafka's imbalance of a broker in percent, 0 when it is nobody's preferred replica. */
    int imbalancePercent() {
      return preferred == 0 ? 0 : elsewhere * 100 / preferred;
    }

    /** Whether the next check of the balance would move leaders to it. */
    boolean imbalanced() {
      return preferred > 0 && elsewhere * 100 > IMBALANCE_PERCENT * preferred;
    }
  }

  static ControllerPage of(Frame frame) {
    ClusterSnapshot snapshot = frame.snapshot();
    ControllerView controller = snapshot.controller();
    List<PartitionView> partitions =
        snapshot.partitions().values().stream().filter(p -> !deleting(snapshot, p)).toList();
    return new ControllerPage(
        snapshot.sequence() == 0,
        controller.brokerId(),
        controller.epoch(),
        heldMs(frame, controller),
        controller.work(),
        reigns(frame, controller),
        steps(controller),
        brokers(snapshot, partitions),
        (int) partitions.stream().filter(p -> p.leader() < 0).count(),
        (int)
            partitions.stream()
                .filter(p -> p.leader() >= 0 && p.leader() != p.preferredLeader())
                .count(),
        controller.trail());
  }

  private static boolean deleting(ClusterSnapshot snapshot, PartitionView partition) {
    return snapshot.topics().containsKey(partition.id().topic())
        && snapshot.topics().get(partition.id().topic()).deleting();
  }

  private static long heldMs(Frame frame, ControllerView controller) {
    if (controller.history().isEmpty()) {
      return -1;
    }
    ControllerView.Reign newest = controller.history().get(0);
    long since = newest.endNanos() == 0 ? newest.startNanos() : newest.endNanos();
    return Math.max(0, (now(frame) - since) / 1_000_000);
  }

  /** The present twice a second, which is often enough for times that pass. */
  private static long now(Frame frame) {
    return frame.nowNanos() - frame.nowNanos() % 500_000_000;
  }

  private static List<Reign> reigns(Frame frame, ControllerView controller) {
    List<ControllerView.Reign> history = controller.history();
    if (history.isEmpty()) {
      return List.of();
    }
    long first = history.get(history.size() - 1).startNanos();
    long now = now(frame);
    double span = Math.max(1, now - first);
    Map<Integer, Integer> refused = new HashMap<>();
    for (Order order : controller.trail().refused()) {
      refused.merge(order.epoch(), 1, Integer::sum);
    }
    List<Reign> reigns = new ArrayList<>();
    for (ControllerView.Reign reign : history) {
      long end = reign.endNanos() == 0 ? Math.max(reign.startNanos(), now) : reign.endNanos();
      reigns.add(
          new Reign(
              reign,
              (reign.startNanos() - first) / span,
              Math.min(1, (end - first) / span),
              Math.max(0, (end - reign.startNanos()) / 1_000_000),
              refused.getOrDefault(reign.epoch(), 0)));
    }
    return reigns;
  }

  private static List<StepRow> steps(ControllerView controller) {
    if (controller.history().isEmpty()) {
      return List.of();
    }
    List<ControllerView.Step> steps = controller.history().get(0).steps();
    double all = Math.max(1, steps.stream().mapToLong(ControllerView.Step::tookNanos).sum());
    List<StepRow> rows = new ArrayList<>();
    long before = 0;
    for (ControllerView.Step step : steps) {
      long after = before + step.tookNanos();
      rows.add(new StepRow(rows.size() + 1, step, before / all, after / all));
      before = after;
    }
    return rows;
  }

  private static List<BrokerRow> brokers(ClusterSnapshot snapshot, List<PartitionView> partitions) {
    Map<Integer, int[]> balance = new TreeMap<>();
    for (PartitionView partition : partitions) {
      int[] counts = balance.computeIfAbsent(partition.preferredLeader(), id -> new int[2]);
      counts[0]++;
      counts[1] += partition.leader() == partition.preferredLeader() ? 0 : 1;
    }
    Map<Integer, OrdersView> orders = snapshot.controller().work().orders();
    List<BrokerRow> rows = new ArrayList<>();
    for (BrokerView broker : snapshot.brokers()) {
      int[] counts = balance.getOrDefault(broker.id(), new int[2]);
      rows.add(
          new BrokerRow(
              broker.id(),
              broker.registered() && broker.state() != BrokerState.STOPPED,
              orders.getOrDefault(broker.id(), new OrdersView(0, 0, 0)),
              counts[0],
              counts[1]));
    }
    return rows;
  }

  /** What changed hands, states that only lost or gained a follower not among them. */
  static boolean movesLeader(Election election) {
    return election.leader() != election.previousLeader();
  }
}
