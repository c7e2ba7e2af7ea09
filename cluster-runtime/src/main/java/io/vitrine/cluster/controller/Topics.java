package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.zookeeper.TopicNode;
import io.vitrine.cluster.zookeeper.ZkPaths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Topics that appear in ZooKeeper, and partitions added to them. Owned by the event thread. */
final class Topics {
  private final Office office;
  private final ControllerContext context;
  private final TopicDeletion deletion;
  private final TopicSettingsReader settings;
  private final boolean topicIds;

  Topics(Office office, TopicDeletion deletion, TopicSettingsReader settings) {
    this.office = office;
    this.context = office.context();
    this.deletion = deletion;
    this.settings = settings;
    this.topicIds = office.config().interBrokerProtocol().hasTopicIds();
  }

  void watch() {
    office.watch(ZkPaths.TOPICS, ControllerEvent.TOPIC_CHANGE, this::changed);
  }

  /** Takes in the topics there are at the beginning of the reign. */
  void load() {
    read(office.childrenAndWatch(ZkPaths.TOPICS));
  }

  private void changed() {
    Set<String> now = new TreeSet<>(office.childrenAndWatch(ZkPaths.TOPICS));
    Set<String> known = new TreeSet<>(context.topics());
    known.stream().filter(topic -> !now.contains(topic)).forEach(deletion::forget);
    now.removeAll(known);
    Collection<TopicPartition> fresh = read(now);
    OrderBatch orders = office.orders();
    office.changes().createFirst(fresh, orders);
    orders.send();
  }

  /**
   * Reads topics, gives an id to those that have none where topics have ids, and returns their
   * partitions.
   */
  private Collection<TopicPartition> read(Collection<String> names) {
    names.forEach(
        topic ->
            office.watch(
                ZkPaths.topic(topic),
                ControllerEvent.PARTITION_MODIFICATIONS,
                () -> partitionsChanged(topic)));
    List<TopicPartition> partitions = new ArrayList<>();
    Map<String, TopicNode> found = office.store().topics(names);
    found.forEach(
        (topic, read) -> {
          TopicNode node = read.topicId().isPresent() || !topicIds ? read : withId(topic, read);
          node.topicId().ifPresent(id -> context.setTopicId(topic, id));
          node.assignment().keySet().forEach(number -> take(topic, number, node));
          partitions.addAll(context.partitionsOf(topic));
          report(topic, node);
        });
    settings
        .of(found.keySet())
        .forEach((topic, own) -> office.report(new ClusterEvent.TopicConfigChanged(topic, own)));
    return partitions;
  }

  private TopicNode withId(String topic, TopicNode node) {
    TopicNode named =
        new TopicNode(
            Optional.of(Uuid.randomUuid()), node.assignment(), node.adding(), node.removing());
    office.store().setTopic(topic, named);
    return named;
  }

  private void take(String topic, int number, TopicNode node) {
    context.setAssignment(
        new TopicPartition(topic, number),
        new Assignment(
            node.assignment().get(number),
            node.adding().getOrDefault(number, List.of()),
            node.removing().getOrDefault(number, List.of())));
  }

  private void report(String topic, TopicNode node) {
    office.report(
        new ClusterEvent.TopicCreated(
            topic, node.topicId().map(Uuid::toString).orElse(""), node.assignment()));
  }

  /** Somebody wrote the topic's node: partitions that were not there before are new. */
  private void partitionsChanged(String topic) {
    TopicNode node = office.store().topics(List.of(topic)).get(topic);
    Set<TopicPartition> before = context.partitionsOf(topic);
    if (node == null || before.isEmpty()) {
      return;
    }
    Set<TopicPartition> added = new TreeSet<>(ControllerContext.ORDER);
    node.assignment().keySet().forEach(number -> added.add(new TopicPartition(topic, number)));
    added.removeAll(before);
    if (added.isEmpty()) {
      return;
    }
    if (context.deleting().contains(topic)) {
      // Nothing may be added to a topic that goes: what was there is written back.
      office.store().setTopic(topic, node(context, topic));
      return;
    }
    added.forEach(partition -> take(topic, partition.partition(), node));
    report(topic, node);
    OrderBatch orders = office.orders();
    office.changes().createFirst(added, orders);
    orders.send();
  }

  /** What the node of a topic has to say, from what is known. */
  static TopicNode node(ControllerContext context, String topic) {
    Map<Integer, List<Integer>> replicas = new HashMap<>();
    Map<Integer, List<Integer>> adding = new HashMap<>();
    Map<Integer, List<Integer>> removing = new HashMap<>();
    for (TopicPartition partition : context.partitionsOf(topic)) {
      Assignment assignment = context.fullAssignment(partition);
      replicas.put(partition.partition(), assignment.replicas());
      if (!assignment.adding().isEmpty()) {
        adding.put(partition.partition(), assignment.adding());
      }
      if (!assignment.removing().isEmpty()) {
        removing.put(partition.partition(), assignment.removing());
      }
    }
    Uuid id = context.topicId(topic);
    return new TopicNode(
        id.equals(Uuid.ZERO_UUID) ? Optional.empty() : Optional.of(id), replicas, adding, removing);
  }
}
