package io.vitrine.cluster.controller;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.event.FailoverStep;
import io.vitrine.cluster.zookeeper.FeatureNode;
import io.vitrine.cluster.zookeeper.ProducerIdBlocks;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import io.vitrine.protocol.client.NodeClients;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.apache.kafka.common.message.ControlledShutdownResponseData;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.requests.StopReplicaResponse;

/**
 * One controller's time in office, from its election to its resignation: the order in which it
 * begins, and who of its parts does what on which event.
 *
 * <p>Owned by the event thread; a new election makes a new one, so nothing is left of the old.
 */
final class Reign {
  private final Office office;
  private final LeaderElections elections;
  private final TopicDeletion deletion;
  private final Topics topics;
  private final Reassignments reassignments;
  private final Membership membership;
  private final Shutdowns shutdowns;
  private final AlterPartitions alterPartitions;
  private final ProducerIdAllocation producerIds;
  private final IsrNotifications isrNotifications;

  /**
   * @param enqueue puts work of this reign into the event queue; it is dropped once the reign ended
   */
  Reign(
      int brokerId,
      Supplier<BrokerConfig> config,
      ZooKeeperSession session,
      NodeClients clients,
      ScheduledExecutorService scheduler,
      EventSink events,
      BiConsumer<ControllerEvent, Runnable> enqueue,
      ControllerElection.Won won) {
    this.office =
        new Office(
            brokerId,
            config,
            session,
            new FencedStore(session, won.epoch(), won.epochVersion()),
            events,
            enqueue,
            new QueuedAnswers());
    TopicSettingsReader settings = new TopicSettingsReader(session);
    this.elections = new LeaderElections(office, settings);
    this.deletion = new TopicDeletion(office);
    this.topics = new Topics(office, deletion, settings);
    this.reassignments = new Reassignments(office, deletion);
    this.membership =
        new Membership(office, clients, scheduler, elections, deletion, reassignments);
    this.shutdowns = new Shutdowns(office);
    this.alterPartitions = new AlterPartitions(office.context(), office.store(), office.changes());
    this.producerIds =
        new ProducerIdAllocation(office.context(), new ProducerIdBlocks(office.session()));
    this.isrNotifications = new IsrNotifications(office, reassignments);
  }

  int epoch() {
    return office.store().epoch();
  }

  DeletionBacklog deletionBacklog() {
    return deletion.backlog();
  }

  // ---- coming into office --------------------------------------------------------------------

  /**
   * The steps of a fail-over, in Kafka's order.
   *
   * @param done hears of each step that is done
   */
  void begin(Consumer<FailoverStep> done) {
    writeFeatures();
    done.accept(FailoverStep.FEATURES);
    membership.watch();
    topics.watch();
    deletion.watch();
    elections.watch();
    reassignments.watch();
    isrNotifications.watch();
    done.accept(FailoverStep.WATCHES);
    forgetNotifications();
    office.session().existsAndWatch(ZkPaths.PREFERRED_ELECTION);
    done.accept(FailoverStep.NOTIFICATIONS);
    membership.load();
    done.accept(FailoverStep.BROKERS);
    topics.load();
    done.accept(FailoverStep.TOPICS);
    loadStates();
    done.accept(FailoverStep.STATES);
    deletion.load();
    done.accept(FailoverStep.DELETIONS);
    introduceBrokers();
    done.accept(FailoverStep.INTRODUCTION);
    startReplicas();
    done.accept(FailoverStep.REPLICAS);
    OrderBatch elected = office.orders();
    elections.whereNobodyLeads(elected);
    elected.send();
    done.accept(FailoverStep.LEADERS);
    reassignments.resume();
    deletion.resume();
    elections.preferredElectionAsked();
    done.accept(FailoverStep.UNFINISHED);
  }

  /** Says whether features are finalized in this cluster, as this broker's level has it. */
  private void writeFeatures() {
    InterBrokerProtocol protocol = office.config().interBrokerProtocol();
    Optional<FeatureNode> present =
        Waiting.on(office.session().get(ZkPaths.FEATURE))
            .map(node -> FeatureNode.decode(node.data()));
    boolean enabled = protocol.hasFeatures();
    Map<String, Integer> levels =
        enabled
            ? present.filter(FeatureNode::enabled).map(FeatureNode::levels).orElse(Map.of())
            : Map.of();
    FeatureNode wanted = new FeatureNode(protocol.featureNodeVersion(), enabled, levels);
    if (present.isEmpty()) {
      office.store().createFeature(wanted.encode());
    } else if (!present.get().equals(wanted)) {
      office.store().setData(ZkPaths.FEATURE, wanted.encode());
    }
  }

  /** What brokers told the controllers before: all of it is read anew anyway. */
  private void forgetNotifications() {
    office
        .store()
        .deleteChildren(ZkPaths.LOG_DIR_EVENTS, office.childrenAndWatch(ZkPaths.LOG_DIR_EVENTS));
    office
        .store()
        .deleteChildren(ZkPaths.ISR_CHANGES, office.childrenAndWatch(ZkPaths.ISR_CHANGES));
  }

  private void loadStates() {
    office
        .store()
        .states(office.context().partitions())
        .forEach(
            (partition, state) -> office.changes().note(partition, state, ElectionReason.LOADED));
  }

  private void introduceBrokers() {
    OrderBatch greeting = office.orders();
    greeting.updateMetadata(office.context().brokers().keySet(), List.of());
    greeting.send();
  }

  /** Tells replicas of live brokers their state and takes those of dead ones out of every ISR. */
  private void startReplicas() {
    ControllerContext context = office.context();
    OrderBatch orders = office.orders();
    Set<Integer> gone = new TreeSet<>();
    for (TopicPartition partition : context.partitions()) {
      List<Integer> live = office.changes().liveReplicas(partition);
      if (context.state(partition).isPresent()) {
        orders.leaderAndIsr(live, partition, false);
      }
      context.assignment(partition).stream().filter(id -> !live.contains(id)).forEach(gone::add);
    }
    orders.send();
    OrderBatch removals = office.orders();
    for (int broker : gone) {
      office.changes().removeReplica(broker, context.partitionsOn(broker), removals);
    }
    removals.send();
  }

  /** Leaves office: no watch, no channel, nothing known. */
  void end() {
    office.close();
  }

  // ---- requests ------------------------------------------------------------------------------

  Map<TopicPartition, ApiError> elect(ElectionType type, Set<TopicPartition> asked) {
    return elections.elect(type, asked);
  }

  /** Tries partitions without leader again, those of one topic or all. */
  void electOffline(Optional<String> topic) {
    elections.offlineAgain(topic);
  }

  void rebalance() {
    elections.rebalance();
  }

  ControlledShutdownResponseData controlledShutdown(ControlledShutdownRequestData request) {
    return shutdowns.process(request);
  }

  AllocateProducerIdsResponseData allocateProducerIds(AllocateProducerIdsRequestData request) {
    return producerIds.process(request);
  }

  AlterPartitionResponseData alterPartition(AlterPartitionRequestData request, short version) {
    OrderBatch orders = office.orders();
    AlterPartitions.Outcome outcome = alterPartitions.process(request, version, orders);
    orders.send();
    for (TopicPartition partition : outcome.granted()) {
      if (office.context().fullAssignment(partition).reassigning()) {
        // After the answer: the leader runs the ISR it was granted before it hears of the next.
        office.enqueue(
            ControllerEvent.PARTITION_REASSIGNMENT_ISR_CHANGE,
            () -> reassignments.isrChanged(partition));
      }
    }
    return outcome.response();
  }

  Map<TopicPartition, ApiError> alterReassignments(
      Map<TopicPartition, Optional<List<Integer>>> wishes) {
    return reassignments.alter(wishes);
  }

  Map<TopicPartition, Assignment> reassignments(Optional<Set<TopicPartition>> asked) {
    return reassignments.list(asked);
  }

  // ---- answers -------------------------------------------------------------------------------

  /** Brokers' answers come on event loops and wait their turn. */
  private final class QueuedAnswers implements OrderBatch.Answers {
    @Override
    public void leaderAndIsr(int broker, AbstractResponse response) {
      office.enqueue(
          ControllerEvent.LEADER_AND_ISR_RESPONSE_RECEIVED,
          () -> membership.leaderAndIsrAnswered(broker, (LeaderAndIsrResponse) response));
    }

    @Override
    public void stopReplica(int broker, Set<TopicPartition> deletes, AbstractResponse response) {
      office.enqueue(
          ControllerEvent.TOPIC_DELETION_STOP_REPLICA_RESPONSE_RECEIVED,
          () -> deletion.answered(broker, deletes, (StopReplicaResponse) response));
    }
  }
}
