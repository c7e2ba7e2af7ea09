package io.vitrine.cluster.controller;

import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.zookeeper.NodeData;
import io.vitrine.cluster.zookeeper.PreferredElectionNode;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkPaths;
import java.util.HashMap;
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
    office.watch(
        ZkPaths.PREFERRED_ELECTION,
        ControllerEvent.REPLICA_LEADER_ELECTION,
        this::preferredElectionAsked);
  }

  // ---- where nobody leads --------------------------------------------------------------------

  /** Gives every partition a leader that has none and can get one. */
  void whereNobodyLeads(OrderBatch orders) {
    elect(context.withoutLeader(), orders);
  }

  private void elect(Set<TopicPartition> open, OrderBatch orders) {
    Set<TopicPartition> fresh = new TreeSet<>(ControllerContext.ORDER);
    Set<TopicPartition> offline = new TreeSet<>(ControllerContext.ORDER);
    for (TopicPartition partition : open) {
      (context.state(partition).isPresent() ? offline : fresh).add(partition);
    }
    office.changes().createFirst(fresh, orders);
    office.changes().elect(offline, offlineElection(offline), ElectionReason.OFFLINE, orders);
  }

  /** Tries partitions without leader again, those of one topic or all. */
  void offlineAgain(Optional<String> topic) {
    Set<TopicPartition> open = context.withoutLeader();
    topic.ifPresent(name -> open.removeIf(partition -> !partition.topic().equals(name)));
    OrderBatch orders = office.orders();
    elect(open, orders);
    orders.send();
  }

  /**
   * Elects a member of the ISR, or anybody where the topic allows it. Settings are read before, in
   * one burst, of the topics that will need them; one that needs them unexpectedly reads its own.
   */
  private PartitionChanges.Decision offlineElection(Set<TopicPartition> offline) {
    Set<String> doubtful = new TreeSet<>();
    for (TopicPartition partition : offline) {
      context
          .state(partition)
          .filter(state -> clean(partition, state).isEmpty())
          .ifPresent(state -> doubtful.add(partition.topic()));
    }
    Map<String, Boolean> allowed = new HashMap<>();
    settings.of(doubtful).forEach((topic, own) -> allowed.put(topic, uncleanAllowed(own)));
    return (partition, state) ->
        clean(partition, state)
            .or(
                () ->
                    allowed.computeIfAbsent(
                            partition.topic(),
                            topic -> uncleanAllowed(settings.of(Set.of(topic)).get(topic)))
                        ? unclean(partition, state)
                        : Optional.empty());
  }

  private Optional<Elections.Elected> clean(TopicPartition partition, PartitionState state) {
    return Elections.offline(
        context.assignment(partition), state.isr(), context.liveFor(partition), false);
  }

  private boolean uncleanAllowed(Map<String, String> own) {
    return TopicConfig.of(office.config(), own).uncleanLeaderElectionEnable();
  }

  // ---- by wish -------------------------------------------------------------------------------

  /** An operator's election, preferred or unclean. */
  Map<TopicPartition, ApiError> elect(ElectionType type, Set<TopicPartition> asked) {
    Set<TopicPartition> partitions = new TreeSet<>(ControllerContext.ORDER);
    partitions.addAll(asked);
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
    return needed ? ApiError.NONE : new ApiError(Errors.ELECTION_NOT_NEEDED);
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
      elect(ElectionType.PREFERRED, Set.copyOf(PreferredElectionNode.decode(node.get().data())));
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
