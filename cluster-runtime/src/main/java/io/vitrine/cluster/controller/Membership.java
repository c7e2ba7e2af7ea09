package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.zookeeper.BrokerIdNode;
import io.vitrine.cluster.zookeeper.LogDirEventNode;
import io.vitrine.cluster.zookeeper.NodeData;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import io.vitrine.protocol.client.NodeClients;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brokers that come, go, come back as another life of the same id, move, or lose a log directory.
 *
 * <p>Owned by the event thread.
 */
final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private final Office office;
  private final ControllerContext context;
  private final ZooKeeperSession session;
  private final NodeClients clients;
  private final ScheduledExecutorService scheduler;
  private final LeaderElections elections;
  private final TopicDeletion deletion;
  private final Reassignments reassignments;

  Membership(
      Office office,
      NodeClients clients,
      ScheduledExecutorService scheduler,
      LeaderElections elections,
      TopicDeletion deletion,
      Reassignments reassignments) {
    this.office = office;
    this.context = office.context();
    this.session = office.session();
    this.clients = clients;
    this.scheduler = scheduler;
    this.elections = elections;
    this.deletion = deletion;
    this.reassignments = reassignments;
  }

  void watch() {
    office.watch(ZkPaths.BROKER_IDS, ControllerEvent.BROKER_CHANGE, this::changed);
    office.watch(
        ZkPaths.LOG_DIR_EVENTS,
        ControllerEvent.LOG_DIR_EVENT_NOTIFICATION,
        this::logDirectoriesChanged);
  }

  /** Takes in the brokers there are at the beginning of the reign. */
  void load() {
    read().forEach(this::add);
  }

  /** In Kafka's order: those that are new, those that came back, those that went. */
  private void changed() {
    Map<Integer, LiveBroker> now = new TreeMap<>();
    read().forEach(broker -> now.put(broker.id(), broker));
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
    office.report(new ClusterEvent.BrokersChanged(added, gone, bounced));
    gone.forEach(id -> office.unwatch(ZkPaths.broker(id)));
    // No order reaches those that went, or the earlier life of those that came back.
    gone.forEach(this::disconnect);
    bounced.forEach(this::disconnect);
    if (!added.isEmpty()) {
      added.forEach(id -> add(now.get(id)));
      brokersAdded(added);
    }
    if (!bounced.isEmpty()) {
      brokersGone(bounced);
      bounced.forEach(id -> add(now.get(id)));
      brokersAdded(bounced);
    }
    if (!gone.isEmpty()) {
      brokersGone(gone);
    }
  }

  private void disconnect(int id) {
    BrokerChannel channel = office.channels().remove(id);
    if (channel != null) {
      channel.close();
    }
  }

  private void brokersGone(List<Integer> ids) {
    ids.forEach(context::brokerGone);
    OrderBatch orders = office.orders();
    elections.whereNobodyLeads(orders);
    orders.updateMetadata(context.brokers().keySet(), List.of());
    orders.send();
    OrderBatch removals = office.orders();
    for (int id : ids) {
      Set<TopicPartition> toLookAt = context.staying(context.partitionsOn(id));
      if (office.config().interBrokerProtocol().hasAlterPartition()) {
        // Below, leaders write their ISR themselves: what is known of it here may be old.
        toLookAt.removeIf(
            partition ->
                context.state(partition).map(state -> !state.isr().contains(id)).orElse(true));
      }
      office.changes().removeReplica(id, toLookAt, removals);
    }
    removals.send();
    ids.forEach(id -> deletion.replicasGone(id, context.partitionsOn(id)));
  }

  private void brokersAdded(List<Integer> ids) {
    // A broker follows only leaders its metadata name: they come before any LeaderAndIsr.
    OrderBatch introductions = office.orders();
    List<Integer> others =
        context.brokers().keySet().stream().filter(id -> !ids.contains(id)).toList();
    introductions.updateMetadata(others, List.of());
    introductions.updateMetadata(ids, context.states().keySet());
    introductions.send();
    OrderBatch orders = office.orders();
    for (int id : ids) {
      for (TopicPartition partition : context.staying(context.partitionsOn(id))) {
        if (context.state(partition).isPresent()) {
          orders.leaderAndIsr(List.of(id), partition, false);
        }
      }
    }
    orders.send();
    OrderBatch elected = office.orders();
    elections.whereNobodyLeads(elected);
    elected.send();
    reassignments.resumeFor(ids);
    deletion.brokersBack(ids);
  }

  private void modified(int id) {
    Optional<NodeData> node = Waiting.on(session.getAndWatch(ZkPaths.broker(id)));
    LiveBroker before = context.brokers().get(id);
    if (node.isEmpty() || before == null) {
      return;
    }
    BrokerIdNode now = BrokerIdNode.decode(id, node.get().data());
    if (!now.endpoints().equals(before.node().endpoints())) {
      // The channel stays, and with it the orders under way: where brokers listen for each other
      // changes with a new registration only.
      context.brokers().put(id, new LiveBroker(now, before.epoch()));
      OrderBatch orders = office.orders();
      orders.updateMetadata(context.brokers().keySet(), List.of());
      orders.send();
    }
  }

  private List<LiveBroker> read() {
    Map<Integer, CompletableFuture<Optional<NodeData>>> asked = new LinkedHashMap<>();
    for (String name : office.childrenAndWatch(ZkPaths.BROKER_IDS)) {
      int id = Integer.parseInt(name);
      office.watch(ZkPaths.broker(id), ControllerEvent.BROKER_MODIFICATIONS, () -> modified(id));
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

  private void add(LiveBroker broker) {
    context.brokers().put(broker.id(), broker);
    OrderBatch.Address.of(broker.node(), office.config().interBrokerListenerName())
        .ifPresent(
            address ->
                office
                    .channels()
                    .put(
                        broker.id(),
                        new BrokerChannel(
                            clients.connectTo(
                                address.host(), address.port(), "controller-to-" + broker.id()),
                            scheduler)));
  }

  // ---- log directories -----------------------------------------------------------------------

  /**
   * Brokers say that a directory failed: what they answer to orders tells which replicas lay there.
   */
  private void logDirectoriesChanged() {
    List<String> names = office.childrenAndWatch(ZkPaths.LOG_DIR_EVENTS);
    Set<Integer> named = new TreeSet<>();
    for (String name : names) {
      Waiting.on(session.get(ZkPaths.LOG_DIR_EVENTS + "/" + name))
          .flatMap(node -> named(name, node.data()))
          .ifPresent(named::add);
    }
    OrderBatch orders = office.orders();
    for (int broker : named) {
      for (TopicPartition partition : context.staying(context.partitionsOn(broker))) {
        if (context.state(partition).isPresent()) {
          orders.leaderAndIsr(List.of(broker), partition, false);
        }
      }
    }
    orders.send();
    office.store().deleteChildren(ZkPaths.LOG_DIR_EVENTS, names);
  }

  /** The broker a notification names; empty when nobody can read it, since it must not stay. */
  private static Optional<Integer> named(String notification, byte[] data) {
    try {
      return Optional.of(LogDirEventNode.decode(data).brokerId());
    } catch (IllegalArgumentException e) {
      LOG.warn("{} is left out: {}", notification, e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * What a broker answered says where its replicas stand: an error of the disk takes one offline,
   * no error brings it back.
   */
  void leaderAndIsrAnswered(int broker, LeaderAndIsrResponse response) {
    if (response.error() != Errors.NONE) {
      return;
    }
    Set<TopicPartition> offline = new TreeSet<>(ControllerContext.ORDER);
    errors(response)
        .forEach(
            (partition, error) -> {
              if (error == Errors.NONE) {
                context.directoryWorks(broker, partition);
              } else if (error == Errors.KAFKA_STORAGE_ERROR
                  && context.directoryFailed(broker, partition)) {
                offline.add(partition);
              }
            });
    if (offline.isEmpty()) {
      return;
    }
    OrderBatch orders = office.orders();
    elections.whereNobodyLeads(orders);
    office.changes().removeReplica(broker, context.staying(offline), orders);
    // Also where the replica was in no ISR any more: clients are to see that it is offline.
    orders.updateMetadata(context.brokers().keySet(), offline);
    orders.send();
    deletion.replicasGone(broker, offline);
  }

  private Map<TopicPartition, Errors> errors(LeaderAndIsrResponse response) {
    Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
    // Before topics had ids.
    for (var each : response.data().partitionErrors()) {
      errors.put(
          new TopicPartition(each.topicName(), each.partitionIndex()),
          Errors.forCode(each.errorCode()));
    }
    for (var topic : response.data().topics()) {
      Optional<String> name = context.topicName(topic.topicId());
      for (var each : topic.partitionErrors()) {
        name.ifPresent(
            known ->
                errors.put(
                    new TopicPartition(known, each.partitionIndex()),
                    Errors.forCode(each.errorCode())));
      }
    }
    return errors;
  }
}
