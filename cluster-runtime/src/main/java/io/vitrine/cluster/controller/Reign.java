package io.vitrine.cluster.controller;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.BrokerIdNode;
import io.vitrine.cluster.zookeeper.ConfigNode;
import io.vitrine.cluster.zookeeper.LogDirEventNode;
import io.vitrine.cluster.zookeeper.NodeData;
import io.vitrine.cluster.zookeeper.PreferredElectionNode;
import io.vitrine.cluster.zookeeper.TopicNode;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import io.vitrine.protocol.client.NodeClients;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.apache.kafka.common.message.ControlledShutdownResponseData;
import org.apache.kafka.common.message.ControlledShutdownResponseData.RemainingPartition;
import org.apache.kafka.common.message.StopReplicaResponseData.StopReplicaPartitionError;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.requests.StopReplicaResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One controller's time in office, from its election to its resignation: what it does on each
 * event.
 *
 * <p>Owned by the event thread; a new election makes a new one, so nothing is left of the old.
 */
final class Reign {
  private static final Logger LOG = LoggerFactory.getLogger(Reign.class);
  private static final byte[] FEATURES =
      "{\"features\":{},\"version\":2,\"status\":1}".getBytes(StandardCharsets.UTF_8);

  private final int brokerId;
  private final BrokerConfig config;
  private final ZooKeeperSession session;
  private final NodeClients clients;
  private final ScheduledExecutorService scheduler;
  private final EventSink events;
  private final BiConsumer<String, Runnable> enqueue;
  private final FencedStore store;
  private final ControllerContext context = new ControllerContext();
  private final Map<Integer, BrokerChannel> channels = new TreeMap<>();
  private final PartitionChanges changes;
  private final TopicDeletion deletion;
  private final AlterPartitions alterPartitions;
  private final List<Runnable> watches = new ArrayList<>();
  private final Set<String> watchedTopics = new HashSet<>();
  private final Set<Integer> watchedBrokers = new HashSet<>();

  /**
   * @param enqueue puts work of this reign into the event queue; it is dropped once the reign ended
   */
  Reign(
      int brokerId,
      BrokerConfig config,
      ZooKeeperSession session,
      NodeClients clients,
      ScheduledExecutorService scheduler,
      EventSink events,
      BiConsumer<String, Runnable> enqueue,
      ControllerElection.Won won) {
    this.brokerId = brokerId;
    this.config = config;
    this.session = session;
    this.clients = clients;
    this.scheduler = scheduler;
    this.events = events;
    this.enqueue = enqueue;
    this.store = new FencedStore(session, won.epoch(), won.epochVersion());
    this.changes = new PartitionChanges(context, store, events, brokerId);
    this.deletion = new TopicDeletion(context, store, events, brokerId);
    this.alterPartitions = new AlterPartitions(context, store, changes);
  }

  int epoch() {
    return store.epoch();
  }

  // ---- coming into office --------------------------------------------------------------------

  /** The steps of a fail-over, in Kafka's order. */
  void begin() {
    writeFeatures();
    watch(ZkPaths.BROKER_IDS, "broker change", this::brokersChanged);
    watch(ZkPaths.TOPICS, "topic change", this::topicsChanged);
    watch(ZkPaths.DELETE_TOPICS, "topic deletion", this::deletionsChanged);
    watch(ZkPaths.LOG_DIR_EVENTS, "log directory event", this::logDirectoriesChanged);
    watch(ZkPaths.PREFERRED_ELECTION, "preferred election", this::preferredElectionAsked);
    store.deleteChildren(ZkPaths.LOG_DIR_EVENTS, childrenAndWatch(ZkPaths.LOG_DIR_EVENTS));
    store.deleteChildren(ZkPaths.ISR_CHANGES, children(ZkPaths.ISR_CHANGES));
    session.existsAndWatch(ZkPaths.PREFERRED_ELECTION);
    readBrokers().forEach(this::addBroker);
    readTopics(childrenAndWatch(ZkPaths.TOPICS));
    store
        .states(context.assignments().keySet())
        .forEach((partition, state) -> changes.note(partition, state, ElectionReason.LOADED));
    Set<String> marked = new TreeSet<>(childrenAndWatch(ZkPaths.DELETE_TOPICS));
    dropUnknownMarks(marked);
    deletion.enqueue(marked);
    OrderBatch greeting = orders();
    greeting.updateMetadata(context.brokers().keySet(), List.of());
    greeting.send();
    startReplicas();
    OrderBatch elections = orders();
    electWhereNobodyLeads(elections);
    deletion.resume(elections);
    elections.send();
    preferredElectionAsked();
  }

  /** Tells replicas of live brokers their state and takes those of dead ones out of every ISR. */
  private void startReplicas() {
    OrderBatch orders = orders();
    Set<Integer> gone = new TreeSet<>();
    for (TopicPartition partition : context.assignments().keySet()) {
      List<Integer> live = changes.liveReplicas(partition);
      if (context.state(partition).isPresent()) {
        orders.leaderAndIsr(live, partition, false);
      }
      context.assignment(partition).stream().filter(id -> !live.contains(id)).forEach(gone::add);
    }
    orders.send();
    OrderBatch removals = orders();
    for (int broker : gone) {
      changes.removeReplica(broker, electable(context.partitionsOn(broker)), removals);
    }
    removals.send();
  }

  private void writeFeatures() {
    if (Waiting.on(session.get(ZkPaths.FEATURE)).isEmpty()) {
      store.createFeature(FEATURES);
    }
  }

  /** Leaves office: no watch, no channel, nothing known. */
  void end() {
    watches.forEach(Runnable::run);
    channels.values().forEach(BrokerChannel::close);
    channels.clear();
    context.clear();
  }

  // ---- brokers -------------------------------------------------------------------------------

  private void brokersChanged() {
    Map<Integer, LiveBroker> now = new TreeMap<>();
    readBrokers().forEach(broker -> now.put(broker.id(), broker));
    Set<Integer> before = new TreeSet<>(context.brokers().keySet());
    List<Integer> bounced =
        now.values().stream()
            .filter(
                b -> before.contains(b.id()) && context.brokers().get(b.id()).epoch() < b.epoch())
            .map(LiveBroker::id)
            .toList();
    List<Integer> gone = before.stream().filter(id -> !now.containsKey(id)).toList();
    List<Integer> added = now.keySet().stream().filter(id -> !before.contains(id)).toList();
    if (bounced.isEmpty() && gone.isEmpty() && added.isEmpty()) {
      return;
    }
    LOG.info("brokers added {}, gone {}, bounced {}", added, gone, bounced);
    events.report(brokerId, new ClusterEvent.BrokersChanged(added, gone, bounced));
    List<Integer> away = new ArrayList<>(gone);
    away.addAll(bounced);
    if (!away.isEmpty()) {
      brokersGone(away);
    }
    List<Integer> back = new ArrayList<>(bounced);
    back.addAll(added);
    if (!back.isEmpty()) {
      back.forEach(id -> addBroker(now.get(id)));
      brokersAdded(back);
    }
  }

  private void brokersGone(List<Integer> ids) {
    for (int id : ids) {
      context.brokerGone(id);
      BrokerChannel channel = channels.remove(id);
      if (channel != null) {
        channel.close();
      }
      deletion.brokerGone(id);
    }
    OrderBatch elections = orders();
    electWhereNobodyLeads(elections);
    elections.updateMetadata(context.brokers().keySet(), List.of());
    elections.send();
    OrderBatch removals = orders();
    for (int id : ids) {
      Set<TopicPartition> inIsr = electable(context.partitionsOn(id));
      inIsr.removeIf(
          partition ->
              context.state(partition).map(state -> !state.isr().contains(id)).orElse(true));
      changes.removeReplica(id, inIsr, removals);
    }
    removals.send();
  }

  private void brokersAdded(List<Integer> ids) {
    // A broker follows only leaders its metadata name: they come before any LeaderAndIsr.
    OrderBatch introductions = orders();
    List<Integer> others =
        context.brokers().keySet().stream().filter(id -> !ids.contains(id)).toList();
    introductions.updateMetadata(others, List.of());
    introductions.updateMetadata(ids, context.states().keySet());
    introductions.send();
    OrderBatch orders = orders();
    for (int id : ids) {
      for (TopicPartition partition : electable(context.partitionsOn(id))) {
        if (context.state(partition).isPresent()) {
          orders.leaderAndIsr(List.of(id), partition, false);
        }
      }
      deletion.brokerBack(id);
    }
    orders.send();
    OrderBatch elections = orders();
    electWhereNobodyLeads(elections);
    deletion.resume(elections);
    elections.send();
  }

  private void brokerModified(int id) {
    Optional<NodeData> node = Waiting.on(session.getAndWatch(ZkPaths.broker(id)));
    LiveBroker before = context.brokers().get(id);
    if (node.isEmpty() || before == null) {
      return;
    }
    BrokerIdNode now = BrokerIdNode.decode(id, node.get().data());
    if (!now.endpoints().equals(before.node().endpoints())) {
      addBroker(new LiveBroker(now, before.epoch()));
      OrderBatch orders = orders();
      orders.updateMetadata(context.brokers().keySet(), List.of());
      orders.send();
    }
  }

  private List<LiveBroker> readBrokers() {
    Map<Integer, CompletableFuture<Optional<NodeData>>> asked = new LinkedHashMap<>();
    for (String name : childrenAndWatch(ZkPaths.BROKER_IDS)) {
      int id = Integer.parseInt(name);
      asked.put(id, session.getAndWatch(ZkPaths.broker(id)));
    }
    List<LiveBroker> found = new ArrayList<>();
    asked.forEach(
        (id, answer) ->
            Waiting.on(answer)
                .ifPresent(
                    node ->
                        found.add(
                            new LiveBroker(
                                BrokerIdNode.decode(id, node.data()), node.stat().czxid()))));
    return found;
  }

  private void addBroker(LiveBroker broker) {
    BrokerChannel old = channels.remove(broker.id());
    if (old != null) {
      old.close();
    }
    if (watchedBrokers.add(broker.id())) {
      watch(ZkPaths.broker(broker.id()), "broker modification", () -> brokerModified(broker.id()));
    }
    context.brokers().put(broker.id(), broker);
    OrderBatch.Address.of(broker.node(), config.interBrokerListenerName())
        .ifPresent(
            address ->
                channels.put(
                    broker.id(),
                    new BrokerChannel(
                        clients.connectTo(
                            address.host(), address.port(), "controller-to-" + broker.id()),
                        scheduler)));
  }

  // ---- topics --------------------------------------------------------------------------------

  private void topicsChanged() {
    Set<String> now = new TreeSet<>(childrenAndWatch(ZkPaths.TOPICS));
    Set<String> known = new TreeSet<>();
    context.assignments().keySet().forEach(partition -> known.add(partition.topic()));
    known.stream().filter(topic -> !now.contains(topic)).toList().forEach(deletion::forget);
    now.removeAll(known);
    Collection<TopicPartition> fresh = readTopics(now);
    OrderBatch orders = orders();
    changes.createFirst(fresh, orders);
    orders.send();
  }

  /** Reads topics, gives an id to those that have none, and returns their partitions. */
  private Collection<TopicPartition> readTopics(Collection<String> names) {
    names.stream()
        .filter(watchedTopics::add)
        .forEach(
            topic ->
                watch(ZkPaths.topic(topic), "topic modification", () -> partitionsChanged(topic)));
    List<TopicPartition> partitions = new ArrayList<>();
    store
        .topics(names)
        .forEach(
            (topic, read) -> {
              TopicNode node = read;
              if (node.topicId().isEmpty()) {
                node =
                    new TopicNode(
                        Optional.of(Uuid.randomUuid()),
                        node.assignment(),
                        node.adding(),
                        node.removing());
                store.setTopic(topic, node);
              }
              context.addTopic(topic, node);
              partitions.addAll(context.partitionsOf(topic));
              events.report(
                  brokerId,
                  new ClusterEvent.TopicCreated(
                      topic, node.topicId().map(Uuid::toString).orElse(""), node.assignment()));
              reportConfig(topic);
            });
    return partitions;
  }

  private void reportConfig(String topic) {
    events.report(brokerId, new ClusterEvent.TopicConfigChanged(topic, topicConfig(topic)));
  }

  private void partitionsChanged(String topic) {
    TopicNode node = store.topics(List.of(topic)).get(topic);
    if (node == null || context.partitionsOf(topic).isEmpty()) {
      return;
    }
    Set<TopicPartition> before = context.partitionsOf(topic);
    if (before.size() == node.assignment().size()) {
      return;
    }
    if (context.deleting().contains(topic)) {
      // Nothing may be added to a topic that goes: what was there is written back.
      Map<Integer, List<Integer>> old = new HashMap<>();
      before.forEach(p -> old.put(p.partition(), context.assignment(p)));
      store.setTopic(topic, new TopicNode(node.topicId(), old, Map.of(), Map.of()));
      return;
    }
    context.addTopic(topic, node);
    Set<TopicPartition> added = context.partitionsOf(topic);
    added.removeAll(before);
    events.report(
        brokerId,
        new ClusterEvent.TopicCreated(
            topic, node.topicId().map(Uuid::toString).orElse(""), node.assignment()));
    OrderBatch orders = orders();
    changes.createFirst(added, orders);
    orders.send();
  }

  private void deletionsChanged() {
    Set<String> marked = new TreeSet<>(childrenAndWatch(ZkPaths.DELETE_TOPICS));
    dropUnknownMarks(marked);
    if (!config.deleteTopicEnable()) {
      marked.forEach(store::deleteMark);
      return;
    }
    deletion.enqueue(marked);
    resumeDeletion();
  }

  private void dropUnknownMarks(Set<String> marked) {
    for (String topic : List.copyOf(marked)) {
      if (context.partitionsOf(topic).isEmpty()) {
        store.deleteMark(topic);
        marked.remove(topic);
      }
    }
  }

  private void resumeDeletion() {
    OrderBatch orders = orders();
    deletion.resume(orders);
    orders.send();
  }

  // ---- elections -----------------------------------------------------------------------------

  private void electWhereNobodyLeads(OrderBatch orders) {
    Set<TopicPartition> fresh = new TreeSet<>(ControllerContext.ORDER);
    Set<TopicPartition> offline = new TreeSet<>(ControllerContext.ORDER);
    for (TopicPartition partition : context.withoutLeader()) {
      (context.state(partition).isPresent() ? offline : fresh).add(partition);
    }
    changes.createFirst(fresh, orders);
    changes.elect(offline, this::electOffline, ElectionReason.OFFLINE, orders);
  }

  /** Tries those of a topic's partitions again that have no leader. */
  void electOffline(String topic) {
    Set<TopicPartition> offline = context.withoutLeader();
    offline.removeIf(
        partition -> !partition.topic().equals(topic) || context.state(partition).isEmpty());
    OrderBatch orders = orders();
    changes.elect(offline, this::electOffline, ElectionReason.OFFLINE, orders);
    orders.send();
  }

  private Optional<Elections.Elected> electOffline(TopicPartition partition, PartitionState state) {
    List<Integer> assignment = context.assignment(partition);
    Set<Integer> live = context.liveFor(partition);
    Optional<Elections.Elected> clean = Elections.offline(assignment, state.isr(), live, false);
    return clean.isPresent() || !uncleanAllowed(partition.topic())
        ? clean
        : Elections.offline(assignment, state.isr(), live, true);
  }

  private boolean uncleanAllowed(String topic) {
    return TopicConfig.of(config, topicConfig(topic)).uncleanLeaderElectionEnable();
  }

  private Map<String, String> topicConfig(String topic) {
    String path = ZkPaths.topicConfig(topic);
    return Waiting.on(session.get(path))
        .map(node -> ConfigNode.decode(path, node.data()).config())
        .orElse(Map.of());
  }

  /** An operator's election, preferred or unclean. */
  Map<TopicPartition, ApiError> elect(ElectionType type, Optional<Set<TopicPartition>> asked) {
    Set<TopicPartition> partitions = new TreeSet<>(ControllerContext.ORDER);
    partitions.addAll(asked.orElse(context.assignments().keySet()));
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
    OrderBatch orders = orders();
    boolean preferred = type == ElectionType.PREFERRED;
    Set<TopicPartition> failed =
        changes.elect(
            electable,
            preferred ? this::electPreferred : this::electUnclean,
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
    if (!context.assignments().containsKey(partition)) {
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

  private Optional<Elections.Elected> electPreferred(
      TopicPartition partition, PartitionState state) {
    return Elections.preferred(
        context.assignment(partition), state.isr(), context.liveFor(partition));
  }

  private Optional<Elections.Elected> electUnclean(TopicPartition partition, PartitionState state) {
    return Elections.offline(
        context.assignment(partition), state.isr(), context.liveFor(partition), true);
  }

  /** Gives leadership back where too much of it is elsewhere. */
  void rebalance() {
    Set<TopicPartition> due =
        PreferredRebalance.due(context, config.leaderImbalancePerBrokerPercentage());
    if (!due.isEmpty()) {
      OrderBatch orders = orders();
      changes.elect(due, this::electPreferred, ElectionReason.PREFERRED, orders);
      orders.send();
    }
  }

  private void preferredElectionAsked() {
    Optional<NodeData> node = Waiting.on(session.getAndWatch(ZkPaths.PREFERRED_ELECTION));
    if (node.isPresent()) {
      elect(
          ElectionType.PREFERRED,
          Optional.of(Set.copyOf(PreferredElectionNode.decode(node.get().data()))));
      store.delete(ZkPaths.PREFERRED_ELECTION, true);
    }
  }

  // ---- requests ------------------------------------------------------------------------------

  /** A broker wants to stop: its leaders move, its followers stop. */
  ControlledShutdownResponseData controlledShutdown(ControlledShutdownRequestData request) {
    int id = request.brokerId();
    LiveBroker broker = context.brokers().get(id);
    if (broker == null) {
      return new ControlledShutdownResponseData().setErrorCode(Errors.BROKER_NOT_AVAILABLE.code());
    }
    if (request.brokerEpoch() != -1 && request.brokerEpoch() < broker.epoch()) {
      return new ControlledShutdownResponseData().setErrorCode(Errors.STALE_BROKER_EPOCH.code());
    }
    context.shuttingDown().add(id);
    Set<TopicPartition> led = new TreeSet<>(ControllerContext.ORDER);
    Set<TopicPartition> followed = new TreeSet<>(ControllerContext.ORDER);
    for (TopicPartition partition : electable(context.partitionsOn(id))) {
      Optional<PartitionState> state = context.state(partition);
      if (context.assignment(partition).size() > 1 && state.isPresent()) {
        (state.get().leader() == id ? led : followed).add(partition);
      }
    }
    OrderBatch elections = orders();
    changes.elect(
        led,
        (partition, state) ->
            Elections.controlledShutdown(
                context.assignment(partition),
                state.isr(),
                context.liveFor(partition),
                context.shuttingDown()),
        ElectionReason.CONTROLLED_SHUTDOWN,
        elections);
    elections.send();
    OrderBatch stops = orders();
    followed.forEach(partition -> stops.stopReplica(List.of(id), partition, false));
    changes.removeReplica(id, followed, stops);
    stops.send();
    ControlledShutdownResponseData response = new ControlledShutdownResponseData();
    for (TopicPartition partition : led) {
      if (context.state(partition).map(state -> state.leader() == id).orElse(false)) {
        response
            .remainingPartitions()
            .add(
                new RemainingPartition()
                    .setTopicName(partition.topic())
                    .setPartitionIndex(partition.partition()));
      }
    }
    return response;
  }

  AlterPartitionResponseData alterPartition(AlterPartitionRequestData request) {
    OrderBatch orders = orders();
    AlterPartitionResponseData response = alterPartitions.process(request, orders);
    orders.send();
    return response;
  }

  // ---- answers -------------------------------------------------------------------------------

  private void leaderAndIsrAnswered(int broker, LeaderAndIsrResponse response) {
    Set<TopicPartition> offline = new TreeSet<>(ControllerContext.ORDER);
    for (var topic : response.data().topics()) {
      context
          .topicName(topic.topicId())
          .ifPresent(
              name ->
                  topic
                      .partitionErrors()
                      .forEach(
                          p -> {
                            if (p.errorCode() == Errors.KAFKA_STORAGE_ERROR.code()) {
                              offline.add(new TopicPartition(name, p.partitionIndex()));
                            }
                          }));
    }
    if (offline.isEmpty()) {
      return;
    }
    offline.forEach(partition -> context.directoryFailed(broker, partition));
    OrderBatch orders = orders();
    electWhereNobodyLeads(orders);
    changes.removeReplica(broker, electable(offline), orders);
    // Also where the replica was in no ISR any more: clients are to see that it is offline.
    orders.updateMetadata(context.brokers().keySet(), offline);
    orders.send();
  }

  private void stopReplicaAnswered(int broker, StopReplicaResponse response) {
    List<TopicPartition> succeeded = new ArrayList<>();
    List<TopicPartition> failed = new ArrayList<>();
    for (StopReplicaPartitionError each : response.partitionErrors()) {
      TopicPartition partition = new TopicPartition(each.topicName(), each.partitionIndex());
      if (context.deleting().contains(partition.topic())) {
        (each.errorCode() == Errors.NONE.code() ? succeeded : failed).add(partition);
      }
    }
    deletion.answered(broker, succeeded, failed);
    if (!succeeded.isEmpty()) {
      resumeDeletion();
    }
  }

  private void logDirectoriesChanged() {
    List<String> names = childrenAndWatch(ZkPaths.LOG_DIR_EVENTS);
    Set<Integer> named = new TreeSet<>();
    for (String name : names) {
      Waiting.on(session.get(ZkPaths.LOG_DIR_EVENTS + "/" + name))
          .ifPresent(node -> named.add(LogDirEventNode.decode(node.data()).brokerId()));
    }
    OrderBatch orders = orders();
    for (int broker : named) {
      for (TopicPartition partition : electable(context.partitionsOn(broker))) {
        if (context.state(partition).isPresent()) {
          orders.leaderAndIsr(List.of(broker), partition, false);
        }
      }
    }
    orders.send();
    store.deleteChildren(ZkPaths.LOG_DIR_EVENTS, names);
  }

  // ---- inside --------------------------------------------------------------------------------

  private Set<TopicPartition> electable(Collection<TopicPartition> partitions) {
    Set<TopicPartition> found = new TreeSet<>(ControllerContext.ORDER);
    for (TopicPartition partition : partitions) {
      if (!context.deleting().contains(partition.topic())) {
        found.add(partition);
      }
    }
    return found;
  }

  private OrderBatch orders() {
    return new OrderBatch(
        context,
        brokerId,
        store.epoch(),
        channels,
        new OrderBatch.Answers() {
          @Override
          public void leaderAndIsr(int broker, AbstractResponse response) {
            enqueue.accept(
                "LeaderAndIsr answer",
                () -> leaderAndIsrAnswered(broker, (LeaderAndIsrResponse) response));
          }

          @Override
          public void stopReplica(int broker, AbstractResponse response) {
            enqueue.accept(
                "StopReplica answer",
                () -> stopReplicaAnswered(broker, (StopReplicaResponse) response));
          }
        },
        events,
        config.interBrokerListenerName());
  }

  private void watch(String path, String name, Runnable work) {
    watches.add(session.onWatch(path, () -> enqueue.accept(name, work)));
  }

  private List<String> childrenAndWatch(String path) {
    return Waiting.on(session.childrenAndWatch(path)).orElse(List.of());
  }

  private List<String> children(String path) {
    return Waiting.on(session.children(path)).orElse(List.of());
  }
}
