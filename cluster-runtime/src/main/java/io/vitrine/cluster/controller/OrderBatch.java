package io.vitrine.cluster.controller;

import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.BrokerIdNode;
import java.util.ArrayList;
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
import java.util.function.Consumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrPartitionState;
import org.apache.kafka.common.message.StopReplicaRequestData.StopReplicaPartitionState;
import org.apache.kafka.common.message.StopReplicaRequestData.StopReplicaTopicState;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataBroker;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataEndpoint;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataPartitionState;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractControlRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.requests.StopReplicaRequest;
import org.apache.kafka.common.requests.StopReplicaResponse;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.apache.kafka.common.requests.UpdateMetadataResponse;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * The orders one event gives, collected and then sent: to each broker LeaderAndIsr, then
 * UpdateMetadata, then StopReplica. Owned by the event thread; one batch an event.
 */
final class OrderBatch {
  /** From here on one StopReplica may delete some replicas and keep others. */
  private static final short STOP_REPLICA_MIXED = 3;

  /** What metadata call the leader of a partition that is being deleted; its epochs are 0 then. */
  private static final int LEADER_DURING_DELETE = -2;

  private static final int EPOCH_DURING_DELETE = -2;

  private final ControllerContext context;
  private final int controllerId;
  private final int epoch;
  private final Map<Integer, BrokerChannel> channels;
  private final Answers answers;
  private final EventSink events;
  private final String listener;
  private final InterBrokerProtocol protocol;
  private final Map<Integer, Map<TopicPartition, Boolean>> leaderAndIsr = new TreeMap<>();
  private final Map<Integer, Set<TopicPartition>> metadata = new TreeMap<>();
  private final Map<Integer, Map<TopicPartition, Boolean>> stops = new TreeMap<>();

  /** Where answers go; called on a client's event loop. */
  interface Answers {
    void leaderAndIsr(int broker, AbstractResponse response);

    /**
     * @param deletes the partitions the broker was asked to delete
     */
    void stopReplica(int broker, Set<TopicPartition> deletes, AbstractResponse response);
  }

  OrderBatch(
      ControllerContext context,
      int controllerId,
      int epoch,
      Map<Integer, BrokerChannel> channels,
      Answers answers,
      EventSink events,
      String listener,
      InterBrokerProtocol protocol) {
    this.context = context;
    this.controllerId = controllerId;
    this.epoch = epoch;
    this.channels = channels;
    this.answers = answers;
    this.events = events;
    this.listener = listener;
    this.protocol = protocol;
  }

  /** Tells replicas of a partition its state, and everybody its metadata. */
  void leaderAndIsr(Collection<Integer> brokers, TopicPartition partition, boolean isNew) {
    for (int broker : brokers) {
      leaderAndIsr
          .computeIfAbsent(broker, id -> new TreeMap<>(ControllerContext.ORDER))
          .merge(partition, isNew, Boolean::logicalOr);
    }
    updateMetadata(context.brokers().keySet(), Set.of(partition));
  }

  /** Tells brokers who is live, and these partitions' metadata. */
  void updateMetadata(Collection<Integer> brokers, Collection<TopicPartition> partitions) {
    for (int broker : brokers) {
      metadata
          .computeIfAbsent(broker, id -> new TreeSet<>(ControllerContext.ORDER))
          .addAll(partitions);
    }
  }

  /** Tells brokers to stop their replica of a partition. */
  void stopReplica(Collection<Integer> brokers, TopicPartition partition, boolean delete) {
    for (int broker : brokers) {
      stops
          .computeIfAbsent(broker, id -> new TreeMap<>(ControllerContext.ORDER))
          .merge(partition, delete, Boolean::logicalOr);
    }
  }

  /** Sends what was collected; brokers that are gone are left out. */
  void send() {
    leaderAndIsr.forEach(this::sendLeaderAndIsr);
    metadata.forEach(this::sendUpdateMetadata);
    stops.forEach(this::sendStopReplica);
    leaderAndIsr.clear();
    metadata.clear();
    stops.clear();
  }

  private void sendLeaderAndIsr(int broker, Map<TopicPartition, Boolean> partitions) {
    LiveBroker target = context.brokers().get(broker);
    if (target == null) {
      return;
    }
    List<LeaderAndIsrPartitionState> states = new ArrayList<>();
    Map<String, Uuid> topicIds = new HashMap<>();
    Set<Integer> leaders = new TreeSet<>();
    partitions.forEach(
        (partition, isNew) ->
            context
                .state(partition)
                .ifPresent(
                    state -> {
                      states.add(describe(partition, state, isNew));
                      leaders.add(state.leader());
                      topicIds.put(partition.topic(), context.topicId(partition.topic()));
                    }));
    List<Node> leaderNodes = leaders.stream().map(this::node).flatMap(Optional::stream).toList();
    send(
        broker,
        new LeaderAndIsrRequest.Builder(
            protocol.leaderAndIsrVersion(),
            controllerId,
            epoch,
            target.epoch(),
            states,
            topicIds,
            leaderNodes),
        protocol.leaderAndIsrVersion(),
        response -> {
          answered(broker, "LeaderAndIsr", ((LeaderAndIsrResponse) response).error());
          answers.leaderAndIsr(broker, response);
        },
        "LeaderAndIsr",
        states.size());
  }

  private LeaderAndIsrPartitionState describe(
      TopicPartition partition, PartitionState state, boolean isNew) {
    Assignment assignment = context.fullAssignment(partition);
    return new LeaderAndIsrPartitionState()
        .setTopicName(partition.topic())
        .setPartitionIndex(partition.partition())
        .setControllerEpoch(state.controllerEpoch())
        .setLeader(state.leader())
        .setLeaderEpoch(state.leaderEpoch())
        .setIsr(state.isr())
        .setPartitionEpoch(state.partitionEpoch())
        .setReplicas(assignment.replicas())
        .setAddingReplicas(assignment.adding())
        .setRemovingReplicas(assignment.removing())
        .setIsNew(isNew)
        .setLeaderRecoveryState(
            (byte) (state.recovering() && protocol.hasLeaderRecovery() ? 1 : 0));
  }

  private void sendUpdateMetadata(int broker, Set<TopicPartition> partitions) {
    LiveBroker target = context.brokers().get(broker);
    if (target == null) {
      return;
    }
    List<UpdateMetadataPartitionState> states = new ArrayList<>();
    Map<String, Uuid> topicIds = new HashMap<>();
    for (TopicPartition partition : partitions) {
      context
          .state(partition)
          .ifPresent(
              state -> {
                states.add(describe(partition, state));
                topicIds.put(partition.topic(), context.topicId(partition.topic()));
              });
    }
    List<UpdateMetadataBroker> live =
        context.brokers().values().stream().map(OrderBatch::describe).toList();
    send(
        broker,
        new UpdateMetadataRequest.Builder(
            protocol.updateMetadataVersion(),
            controllerId,
            epoch,
            target.epoch(),
            states,
            live,
            topicIds),
        protocol.updateMetadataVersion(),
        response -> answered(broker, "UpdateMetadata", ((UpdateMetadataResponse) response).error()),
        "UpdateMetadata",
        states.size());
  }

  private UpdateMetadataPartitionState describe(TopicPartition partition, PartitionState state) {
    boolean deleting = context.deleting().contains(partition.topic());
    List<Integer> replicas = context.assignment(partition);
    return new UpdateMetadataPartitionState()
        .setTopicName(partition.topic())
        .setPartitionIndex(partition.partition())
        .setControllerEpoch(state.controllerEpoch())
        .setLeader(deleting ? LEADER_DURING_DELETE : state.leader())
        .setLeaderEpoch(deleting ? 0 : state.leaderEpoch())
        .setIsr(state.isr())
        .setZkVersion(deleting ? 0 : state.partitionEpoch())
        .setReplicas(replicas)
        .setOfflineReplicas(
            replicas.stream().filter(id -> !context.replicaOnline(id, partition)).toList());
  }

  private static UpdateMetadataBroker describe(LiveBroker broker) {
    UpdateMetadataBroker described =
        new UpdateMetadataBroker().setId(broker.id()).setRack(broker.node().rack().orElse(null));
    for (String text : broker.node().endpoints()) {
      Address address = Address.parse(text);
      String protocol =
          broker.node().securityProtocols().getOrDefault(address.listener(), address.listener());
      described
          .endpoints()
          .add(
              new UpdateMetadataEndpoint()
                  .setListener(address.listener())
                  .setHost(address.host())
                  .setPort(address.port())
                  .setSecurityProtocol(SecurityProtocol.forName(protocol).id));
    }
    return described;
  }

  private void sendStopReplica(int broker, Map<TopicPartition, Boolean> partitions) {
    LiveBroker target = context.brokers().get(broker);
    if (target == null) {
      return;
    }
    if (protocol.stopReplicaVersion() >= STOP_REPLICA_MIXED) {
      sendStopReplica(target, partitions, false);
      return;
    }
    for (boolean delete : List.of(true, false)) {
      Map<TopicPartition, Boolean> alike = new LinkedHashMap<>(partitions);
      alike.values().removeIf(each -> each != delete);
      if (!alike.isEmpty()) {
        sendStopReplica(target, alike, delete);
      }
    }
  }

  /**
   * @param deleteAll of old versions, which say it once for the whole request
   */
  private void sendStopReplica(
      LiveBroker target, Map<TopicPartition, Boolean> partitions, boolean deleteAll) {
    Map<String, StopReplicaTopicState> topics = new LinkedHashMap<>();
    Set<TopicPartition> deletes = new HashSet<>();
    partitions.forEach(
        (partition, delete) -> {
          if (delete) {
            deletes.add(partition);
          }
          topics
              .computeIfAbsent(partition.topic(), t -> new StopReplicaTopicState().setTopicName(t))
              .partitionStates()
              .add(
                  new StopReplicaPartitionState()
                      .setPartitionIndex(partition.partition())
                      .setLeaderEpoch(stopEpoch(partition))
                      .setDeletePartition(delete));
        });
    send(
        target.id(),
        new StopReplicaRequest.Builder(
            protocol.stopReplicaVersion(),
            controllerId,
            epoch,
            target.epoch(),
            deleteAll,
            List.copyOf(topics.values())),
        protocol.stopReplicaVersion(),
        response -> {
          answered(target.id(), "StopReplica", ((StopReplicaResponse) response).error());
          answers.stopReplica(target.id(), deletes, response);
        },
        "StopReplica",
        partitions.size());
  }

  private int stopEpoch(TopicPartition partition) {
    if (context.deleting().contains(partition.topic())) {
      return EPOCH_DURING_DELETE;
    }
    return context.state(partition).map(PartitionState::leaderEpoch).orElse(-1);
  }

  private void send(
      int broker,
      AbstractControlRequest.Builder<?> request,
      short version,
      Consumer<AbstractResponse> answered,
      String name,
      int partitions) {
    BrokerChannel channel = channels.get(broker);
    if (channel != null) {
      events.report(controllerId, new ClusterEvent.OrdersSent(broker, name, partitions));
      channel.send(request, version, answered);
    }
  }

  /** On a client's event loop. */
  private void answered(int broker, String name, Errors error) {
    String refused = error == Errors.NONE ? "" : error.name();
    events.report(controllerId, new ClusterEvent.OrdersAnswered(broker, name, refused));
  }

  private Optional<Node> node(int broker) {
    return Optional.ofNullable(context.brokers().get(broker))
        .flatMap(live -> Address.of(live.node(), listener))
        .map(address -> new Node(broker, address.host(), address.port()));
  }

  /** A listener's name and address, as in a broker's node. */
  record Address(String listener, String host, int port) {
    static Address parse(String endpoint) {
      int name = endpoint.indexOf("://");
      int colon = endpoint.lastIndexOf(':');
      return new Address(
          endpoint.substring(0, name),
          endpoint.substring(name + 3, colon),
          Integer.parseInt(endpoint.substring(colon + 1)));
    }

    static Optional<Address> of(BrokerIdNode broker, String listener) {
      return broker.endpoints().stream()
          .map(Address::parse)
          .filter(address -> address.listener().equals(listener))
          .findFirst();
    }
  }
}
