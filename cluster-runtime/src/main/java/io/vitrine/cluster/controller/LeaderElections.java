package io.vitrine.cluster.controller;

import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.zookeeper.NodeData;
import io.vitrine.cluster.zookeeper.PreferredElectionNode;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkPaths;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elections: of partitions nobody leads, by an operator's wish, and by the timer of the automatic
 * rebalance. Owned by the event thread.
 */
final class LeaderElections {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderElections.class);

  private final Office office;
  private final ControllerContext context;
  private final TopicSettingsReader settings;

  LeaderElections(Office office, TopicSettingsReader settings) {
    this.office = office;
    this.context = office.context();
    this.settings = settings;
  }

  void watch() {
    office.watch(ZkPaths.PREFERRED_ELECTION, "preferred election", this::preferredElectionAsked);
  }

  // ---- where nobody leads --------------------------------------------------------------------

  /** Gives every partition a leader that has none and can get one. */
  void whereNobodyLeads(OrderBatch orders) {
    Set<TopicPartition> fresh = new TreeSet<>(ControllerContext.ORDER);
    Set<TopicPartition> offline = new TreeSet<>(ControllerContext.ORDER);
    for (TopicPartition partition : context.withoutLeader()) {
      (context.state(partition).isPresent() ? offline : fresh).add(partition);
    }
    office.changes().createFirst(fresh, orders);
    office.changes().elect(offline, this::offline, ElectionReason.OFFLINE, orders);
  }

  /** Tries those of a topic's partitions again that have no leader. */
  void offlineOf(String topic) {
    Set<TopicPartition> offline = context.withoutLeader();
    offline.removeIf(
        partition -> !partition.topic().equals(topic) || context.state(partition).isEmpty());
    OrderBatch orders = office.orders();
    office.changes().elect(offline, this::offline, ElectionReason.OFFLINE, orders);
    orders.send();
  }

  private Optional<Elections.Elected> offline(TopicPartition partition, PartitionState state) {
    List<Integer> assignment = context.assignment(partition);
    Set<Integer> live = context.liveFor(partition);
    Optional<Elections.Elected> clean = Elections.offline(assignment, state.isr(), live, false);
    return clean.isPresent() || !uncleanAllowed(partition.topic())
        ? clean
        : Elections.offline(assignment, state.isr(), live, true);
  }

  private boolean uncleanAllowed(String topic) {
    return TopicConfig.of(office.config(), settings.of(topic)).uncleanLeaderElectionEnable();
  }

  // ---- by wish -------------------------------------------------------------------------------

  /** An operator's election, preferred or unclean. */
  Map<TopicPartition, ApiError> elect(ElectionType type, Optional<Set<TopicPartition>> asked) {
    Set<TopicPartition> partitions = new TreeSet<>(ControllerContext.ORDER);
    partitions.addAll(asked.orElse(context.partitions()));
    Map<TopicPartition, ApiError> results = new HashMap<>();
    Set<TopicPartition> electable = new TreeSet<>(ControllerContext.ORDER);
    for (TopicPartition partition : partitions) {
      ApiError refusal = refusal(type, partition);
      if (refusal.isFailure()) {
        results.put(partition, refusal);
      } else {
        electable.add(partition);
      }
    }
    OrderBatch orders = office.orders();
    boolean preferred = type == ElectionType.PREFERRED;
    Set<TopicPartition> failed =
        office
            .changes()
            .elect(
                electable,
                preferred ? this::preferred : this::unclean,
                preferred ? ElectionReason.PREFERRED : ElectionReason.OFFLINE,
                orders);
    orders.send();
    Errors error =
        preferred ? Errors.PREFERRED_LEADER_NOT_AVAILABLE : Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE;
    for (TopicPartition partition : electable) {
      results.put(
          partition,
          failed.contains(partition)
              ? new ApiError(error, "no replica of " + partition + " can lead")
              : ApiError.NONE);
    }
    return results;
  }

  private ApiError refusal(ElectionType type, TopicPartition partition) {
    if (!context.contains(partition)) {
      return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "The partition does not exist.");
    }
    if (context.deleting().contains(partition.topic())) {
      return new ApiError(Errors.INVALID_TOPIC_EXCEPTION, "The topic is being deleted");
    }
    int leader = context.state(partition).map(PartitionState::leader).orElse(-1);
    boolean needed =
        type == ElectionType.PREFERRED
            ? leader != context.assignment(partition).get(0)
            : leader < 0 || !context.live().contains(leader);
    return needed
        ? ApiError.NONE
        : new ApiError(
            Errors.ELECTION_NOT_NEEDED, "Leader election not needed for topic partition.");
  }

  private Optional<Elections.Elected> preferred(TopicPartition partition, PartitionState state) {
    return Elections.preferred(
        context.assignment(partition), state.isr(), context.liveFor(partition));
  }

  private Optional<Elections.Elected> unclean(TopicPartition partition, PartitionState state) {
    return Elections.offline(
        context.assignment(partition), state.isr(), context.liveFor(partition), true);
  }

  /** An old tool left its wish in ZooKeeper. */
  void preferredElectionAsked() {
    Optional<NodeData> node = Waiting.on(office.session().getAndWatch(ZkPaths.PREFERRED_ELECTION));
    if (node.isEmpty()) {
      return;
    }
    try {
      elect(
          ElectionType.PREFERRED,
          Optional.of(Set.copyOf(PreferredElectionNode.decode(node.get().data()))));
    } catch (IllegalArgumentException e) {
      // A node nobody can read must not stop a reign.
      LOG.warn("ignored: {}", e.getMessage());
    }
    office.store().delete(ZkPaths.PREFERRED_ELECTION, true);
  }

  // ---- by the timer --------------------------------------------------------------------------

  /** Gives leadership back where too much of it is elsewhere. */
  void rebalance() {
    Set<TopicPartition> due =
        PreferredRebalance.due(context, office.config().leaderImbalancePerBrokerPercentage());
    if (!due.isEmpty()) {
      OrderBatch orders = office.orders();
      office.changes().elect(due, this::preferred, ElectionReason.PREFERRED, orders);
      orders.send();
    }
  }
}
