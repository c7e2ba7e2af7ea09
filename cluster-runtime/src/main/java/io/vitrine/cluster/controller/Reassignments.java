package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.zookeeper.NodeData;
import io.vitrine.cluster.zookeeper.ReassignmentNode;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkPaths;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replicas that move to other brokers (KIP-455).
 *
 * <p>A reassignment is written into the topic's node at once; replicas that come fetch until all
 * wanted ones are in sync, then those that go are stopped, and the node is written once more. What
 * a fail-over needs to go on stands in that node at every moment. Owned by the event thread.
 */
final class Reassignments {
  private static final Logger LOG = LoggerFactory.getLogger(Reassignments.class);

  private final Office office;
  private final ControllerContext context;
  private final TopicDeletion deletion;

  Reassignments(Office office, TopicDeletion deletion) {
    this.office = office;
    this.context = office.context();
    this.deletion = deletion;
  }

  void watch() {
    office.watch(
        ZkPaths.REASSIGN_PARTITIONS,
        ControllerEvent.ZK_PARTITION_REASSIGNMENT,
        this::askedInZooKeeper);
  }

  // ---- wishes --------------------------------------------------------------------------------

  /**
   * Begins, replaces or cancels reassignments.
   *
   * @param wishes wanted replicas by partition; empty cancels
   */
  Map<TopicPartition, ApiError> alter(Map<TopicPartition, Optional<List<Integer>>> wishes) {
    Map<TopicPartition, ApiError> results = new HashMap<>();
    Map<TopicPartition, Assignment> accepted = new TreeMap<>(ControllerContext.ORDER);
    wishes.forEach(
        (partition, wanted) -> {
          Optional<ApiError> refusal = wanted.flatMap(replicas -> refusal(partition, replicas));
          if (refusal.isPresent()) {
            results.put(partition, refusal.get());
            return;
          }
          towards(partition, wanted)
              .ifPresentOrElse(
                  assignment -> accepted.put(partition, assignment),
                  () -> results.put(partition, new ApiError(Errors.NO_REASSIGNMENT_IN_PROGRESS)));
        });
    // The newest wish counts, whichever way it came.
    removeFromZooKeeper((partition, replicas) -> accepted.containsKey(partition));
    results.putAll(begin(accepted));
    return results;
  }

  /** Reassignments under way, of these partitions or of all. */
  Map<TopicPartition, Assignment> list(Optional<Set<TopicPartition>> asked) {
    Map<TopicPartition, Assignment> found = new TreeMap<>(ControllerContext.ORDER);
    for (TopicPartition partition : asked.orElseGet(context::reassigning)) {
      Assignment assignment = context.fullAssignment(partition);
      if (assignment.reassigning()) {
        found.put(partition, assignment);
      }
    }
    return found;
  }

  private Optional<ApiError> refusal(TopicPartition partition, List<Integer> replicas) {
    String reason = null;
    if (replicas.isEmpty()) {
      reason = "Empty replica list specified in partition reassignment.";
    } else if (new HashSet<>(replicas).size() != replicas.size()) {
      reason = "Duplicate replica ids in partition reassignment replica list: " + replicas;
    } else if (replicas.stream().anyMatch(id -> id < 0)) {
      reason = "Invalid broker id in replica list: " + replicas;
    } else {
      List<Integer> adding = context.fullAssignment(partition).reassignTo(replicas).adding();
      if (!context.live().containsAll(adding)) {
        reason =
            "Replica assignment has brokers that are not alive. Replica list: "
                + adding
                + ", live broker list: "
                + context.live();
      }
    }
    return Optional.ofNullable(reason)
        .map(message -> new ApiError(Errors.INVALID_REPLICA_ASSIGNMENT, message));
  }

  /** The way to the wanted replicas, or back; empty when there is nothing to cancel. */
  private Optional<Assignment> towards(TopicPartition partition, Optional<List<Integer>> wanted) {
    Assignment now = context.fullAssignment(partition);
    return wanted
        .or(() -> now.reassigning() ? Optional.of(now.origin()) : Optional.empty())
        .map(now::reassignTo);
  }

  private Map<TopicPartition, ApiError> begin(Map<TopicPartition, Assignment> accepted) {
    Map<TopicPartition, ApiError> results = new LinkedHashMap<>();
    accepted.forEach(
        (partition, assignment) -> {
          ApiError result = refusal(partition, assignment);
          if (result.isSuccess()) {
            proceed(partition, assignment);
          }
          results.put(partition, result);
        });
    return results;
  }

  private ApiError refusal(TopicPartition partition, Assignment assignment) {
    if (!context.contains(partition) || context.deleting().contains(partition.topic())) {
      return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "The partition does not exist.");
    }
    List<Integer> isr = context.state(partition).map(PartitionState::isr).orElse(List.of());
    if (!isr.isEmpty() && isr.stream().noneMatch(assignment.replicas()::contains)) {
      // Replicas that a wish still under way added would be deleted at once, and with them the
      // only ones that have every record.
      return new ApiError(
          Errors.INVALID_REPLICA_ASSIGNMENT,
          "None of the replicas "
              + assignment.replicas()
              + " is in sync; those that are, "
              + isr
              + ", would be deleted. Wait until one of them has caught up.");
    }
    return ApiError.NONE;
  }

  // ---- resuming ------------------------------------------------------------------------------

  /** Goes on with what the last controller left, wishes in ZooKeeper first. */
  void resume() {
    Set<TopicPartition> underWay = context.reassigning();
    underWay.removeAll(begunFromZooKeeper());
    underWay.forEach(partition -> proceed(partition, context.fullAssignment(partition)));
  }

  /** Brokers came: reassignments that want them go on. */
  void resumeFor(Collection<Integer> brokers) {
    for (TopicPartition partition : context.reassigning()) {
      Assignment assignment = context.fullAssignment(partition);
      if (assignment.target().stream().anyMatch(brokers::contains)) {
        proceed(partition, assignment);
      }
    }
  }

  /** The ISR of a partition changed: its reassignment may be complete. */
  void isrChanged(TopicPartition partition) {
    Assignment assignment = context.fullAssignment(partition);
    if (assignment.reassigning() && complete(partition, assignment)) {
      proceed(partition, assignment);
    }
  }

  /** Leaders that write their ISR themselves tell nobody at once: the node is watched. */
  private void watchState(TopicPartition partition) {
    if (office.config().interBrokerProtocol().hasAlterPartition()) {
      return;
    }
    String path = ZkPaths.partitionState(partition.topic(), partition.partition());
    office.watch(
        path,
        ControllerEvent.PARTITION_REASSIGNMENT_ISR_CHANGE,
        () -> stateChanged(path, partition));
    office.session().getAndWatch(path);
  }

  private void stateChanged(String path, TopicPartition partition) {
    if (context.fullAssignment(partition).reassigning()) {
      office.session().getAndWatch(path);
      isrChanged(partition);
    } else {
      office.unwatch(path);
    }
  }

  // ---- the steps -----------------------------------------------------------------------------

  private void proceed(TopicPartition partition, Assignment assignment) {
    deletion.hold(partition.topic());
    update(partition, assignment);
    watchState(partition);
    if (complete(partition, assignment)) {
      finish(partition, assignment);
    } else {
      OrderBatch orders = office.orders();
      office
          .changes()
          .bumpLeaderEpoch(partition, ElectionReason.REASSIGNMENT)
          .ifPresent(
              state -> {
                orders.leaderAndIsr(assignment.origin(), partition, false);
                orders.leaderAndIsr(assignment.adding(), partition, true);
              });
      orders.send();
    }
  }

  /** Writes what is wanted, and stops replicas of a wish it replaces. */
  private void update(TopicPartition partition, Assignment assignment) {
    Assignment before = context.fullAssignment(partition);
    if (before.equals(assignment)) {
      return;
    }
    write(partition, assignment);
    List<Integer> unneeded =
        before.replicas().stream().filter(id -> !assignment.replicas().contains(id)).toList();
    if (!unneeded.isEmpty()) {
      stop(partition, unneeded);
    }
  }

  private void write(TopicPartition partition, Assignment assignment) {
    context.setAssignment(partition, assignment);
    office.store().setTopic(partition.topic(), Topics.node(context, partition.topic()));
    office.report(
        new ClusterEvent.ReassignmentChanged(
            partition, assignment.replicas(), assignment.adding(), assignment.removing()));
  }

  private boolean complete(TopicPartition partition, Assignment assignment) {
    if (!assignment.reassigning()) {
      return true;
    }
    PartitionState state = office.store().states(List.of(partition)).get(partition);
    return state != null && state.isr().containsAll(assignment.target());
  }

  private void finish(TopicPartition partition, Assignment assignment) {
    Assignment target = Assignment.of(assignment.target());
    // In ZooKeeper last: what it was before stands nowhere else, should this controller fall now.
    context.setAssignment(partition, target);
    moveLeader(partition, target);
    if (!assignment.removing().isEmpty()) {
      stop(partition, assignment.removing());
    }
    write(partition, target);
    removeFromZooKeeper(
        (listed, replicas) -> listed.equals(partition) && replicas.equals(target.replicas()));
    OrderBatch orders = office.orders();
    orders.updateMetadata(context.brokers().keySet(), List.of(partition));
    orders.send();
    deletion.release(partition.topic());
  }

  private void moveLeader(TopicPartition partition, Assignment target) {
    int leader =
        context.state(partition).map(PartitionState::leader).orElse(PartitionState.NO_LEADER);
    OrderBatch orders = office.orders();
    if (target.replicas().contains(leader) && context.replicaOnline(leader, partition)) {
      office
          .changes()
          .bumpLeaderEpoch(partition, ElectionReason.REASSIGNMENT)
          .ifPresent(state -> orders.leaderAndIsr(target.replicas(), partition, false));
    } else {
      Set<TopicPartition> failed =
          office
              .changes()
              .elect(
                  List.of(partition),
                  (p, state) ->
                      Elections.reassignment(target.replicas(), state.isr(), context.liveFor(p)),
                  ElectionReason.REASSIGNMENT,
                  orders);
      if (!failed.isEmpty()) {
        LOG.warn("{}: none of its new replicas {} can lead", partition, target.replicas());
      }
    }
    orders.send();
  }

  /** Takes replicas out of the ISR and has their brokers delete them. */
  private void stop(TopicPartition partition, List<Integer> replicas) {
    OrderBatch orders = office.orders();
    for (int replica : replicas) {
      orders.stopReplica(List.of(replica), partition, false);
      office.changes().removeReplica(replica, List.of(partition), orders);
    }
    orders.send();
    OrderBatch deletions = office.orders();
    deletions.stopReplica(replicas, partition, true);
    deletions.send();
  }

  // ---- wishes of old tools -------------------------------------------------------------------

  private void askedInZooKeeper() {
    begunFromZooKeeper();
  }

  /** Begins what {@code /admin/reassign_partitions} asks for, and arms the watch. */
  private Set<TopicPartition> begunFromZooKeeper() {
    Optional<NodeData> node = Waiting.on(office.session().getAndWatch(ZkPaths.REASSIGN_PARTITIONS));
    if (node.isEmpty()) {
      return Set.of();
    }
    Map<TopicPartition, Assignment> accepted = new TreeMap<>(ControllerContext.ORDER);
    wishes(node.get())
        .forEach(
            (partition, replicas) ->
                accepted.put(partition, context.fullAssignment(partition).reassignTo(replicas)));
    Set<TopicPartition> begun = new TreeSet<>(ControllerContext.ORDER);
    Set<TopicPartition> refused = new TreeSet<>(ControllerContext.ORDER);
    begin(accepted)
        .forEach((partition, result) -> (result.isSuccess() ? begun : refused).add(partition));
    if (!refused.isEmpty()) {
      LOG.warn(
          "{} asks for partitions that do not exist: {}", ZkPaths.REASSIGN_PARTITIONS, refused);
      removeFromZooKeeper((partition, replicas) -> refused.contains(partition));
    }
    return begun;
  }

  private void removeFromZooKeeper(BiPredicate<TopicPartition, List<Integer>> done) {
    Optional<NodeData> node = Waiting.on(office.session().get(ZkPaths.REASSIGN_PARTITIONS));
    if (node.isEmpty()) {
      return;
    }
    Map<TopicPartition, List<Integer>> listed = wishes(node.get());
    listed.entrySet().removeIf(each -> done.test(each.getKey(), each.getValue()));
    if (listed.isEmpty()) {
      office.store().delete(ZkPaths.REASSIGN_PARTITIONS, true);
      office.enqueue(ControllerEvent.ZK_PARTITION_REASSIGNMENT, this::askedInZooKeeper);
    } else {
      office.store().setData(ZkPaths.REASSIGN_PARTITIONS, ReassignmentNode.encode(listed));
    }
  }

  /** What the node asks for; nothing when nobody can read it, since it must not stop a reign. */
  private static Map<TopicPartition, List<Integer>> wishes(NodeData node) {
    try {
      return ReassignmentNode.decode(node.data());
    } catch (IllegalArgumentException e) {
      LOG.warn("ignored: {}", e.getMessage());
      return new LinkedHashMap<>();
    }
  }
}
