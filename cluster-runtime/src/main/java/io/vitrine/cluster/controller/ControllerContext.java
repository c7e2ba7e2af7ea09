package io.vitrine.cluster.controller;

import io.vitrine.cluster.zookeeper.TopicNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What the active controller knows: brokers, topics, assignments, states. Owned by the event
 * thread.
 */
final class ControllerContext {
  /** Order in which partitions are worked on, so that runs repeat. */
  static final java.util.Comparator<TopicPartition> ORDER =
      java.util.Comparator.comparing(TopicPartition::topic)
          .thenComparingInt(TopicPartition::partition);

  private final Map<Integer, LiveBroker> brokers = new TreeMap<>();
  private final Set<Integer> shuttingDown = new TreeSet<>();
  private final Map<String, Uuid> topicIds = new TreeMap<>();
  private final Map<TopicPartition, List<Integer>> assignments = new TreeMap<>(ORDER);
  private final Map<TopicPartition, PartitionState> states = new HashMap<>();
  private final Map<Integer, Set<TopicPartition>> offlineDirectories = new HashMap<>();
  private final Set<String> deleting = new TreeSet<>();

  // ---- brokers -------------------------------------------------------------------------------

  Map<Integer, LiveBroker> brokers() {
    return brokers;
  }

  Set<Integer> shuttingDown() {
    return shuttingDown;
  }

  /** Live brokers that may lead. */
  Set<Integer> live() {
    Set<Integer> live = new TreeSet<>(brokers.keySet());
    live.removeAll(shuttingDown);
    return live;
  }

  /** Live brokers whose replica of a partition is on a directory that works. */
  Set<Integer> liveFor(TopicPartition partition) {
    Set<Integer> live = live();
    live.removeIf(id -> !directoryOnline(id, partition));
    return live;
  }

  boolean replicaOnline(int broker, TopicPartition partition) {
    return brokers.containsKey(broker) && directoryOnline(broker, partition);
  }

  private boolean directoryOnline(int broker, TopicPartition partition) {
    return !offlineDirectories.getOrDefault(broker, Set.of()).contains(partition);
  }

  void directoryFailed(int broker, TopicPartition partition) {
    offlineDirectories.computeIfAbsent(broker, id -> new HashSet<>()).add(partition);
  }

  void brokerGone(int broker) {
    brokers.remove(broker);
    shuttingDown.remove(broker);
    offlineDirectories.remove(broker);
  }

  // ---- topics --------------------------------------------------------------------------------

  Map<String, Uuid> topicIds() {
    return topicIds;
  }

  Optional<String> topicName(Uuid id) {
    return topicIds.entrySet().stream()
        .filter(entry -> entry.getValue().equals(id))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  void addTopic(String topic, TopicNode node) {
    node.topicId().ifPresent(id -> topicIds.put(topic, id));
    node.assignment()
        .forEach(
            (number, replicas) ->
                assignments.put(new TopicPartition(topic, number), List.copyOf(replicas)));
  }

  void removeTopic(String topic) {
    topicIds.remove(topic);
    for (TopicPartition partition : partitionsOf(topic)) {
      assignments.remove(partition);
      states.remove(partition);
    }
    deleting.remove(topic);
  }

  Set<TopicPartition> partitionsOf(String topic) {
    Set<TopicPartition> found = new TreeSet<>(ORDER);
    for (TopicPartition partition : assignments.keySet()) {
      if (partition.topic().equals(topic)) {
        found.add(partition);
      }
    }
    return found;
  }

  Set<TopicPartition> partitionsOn(int broker) {
    Set<TopicPartition> found = new TreeSet<>(ORDER);
    assignments.forEach(
        (partition, replicas) -> {
          if (replicas.contains(broker)) {
            found.add(partition);
          }
        });
    return found;
  }

  /** Topics queued for deletion, which no election touches any more. */
  Set<String> deleting() {
    return deleting;
  }

  // ---- partitions ----------------------------------------------------------------------------

  Map<TopicPartition, List<Integer>> assignments() {
    return assignments;
  }

  List<Integer> assignment(TopicPartition partition) {
    return assignments.getOrDefault(partition, List.of());
  }

  Map<TopicPartition, PartitionState> states() {
    return states;
  }

  Optional<PartitionState> state(TopicPartition partition) {
    return Optional.ofNullable(states.get(partition));
  }

  /** Partitions that have no leader, or whose leader's replica is gone. */
  Set<TopicPartition> withoutLeader() {
    Set<TopicPartition> found = new TreeSet<>(ORDER);
    for (TopicPartition partition : assignments.keySet()) {
      PartitionState state = states.get(partition);
      boolean led = state != null && replicaOnline(state.leader(), partition);
      if (!led && !deleting.contains(partition.topic())) {
        found.add(partition);
      }
    }
    return found;
  }

  void clear() {
    brokers.clear();
    shuttingDown.clear();
    topicIds.clear();
    assignments.clear();
    states.clear();
    offlineDirectories.clear();
    deleting.clear();
  }
}
