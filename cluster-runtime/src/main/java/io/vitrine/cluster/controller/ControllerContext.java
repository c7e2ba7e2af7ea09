package io.vitrine.cluster.controller;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
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
  static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private final Map<Integer, LiveBroker> brokers = new TreeMap<>();
  private final Set<Integer> shuttingDown = new TreeSet<>();
  private final Map<String, Uuid> topicIds = new TreeMap<>();
  private final Map<Uuid, String> topicNames = new HashMap<>();
  private final Map<TopicPartition, Assignment> assignments = new TreeMap<>(ORDER);
  private final Map<String, Set<TopicPartition>> byTopic = new TreeMap<>();
  private final Map<Integer, Set<TopicPartition>> byBroker = new HashMap<>();
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

  /** Whether a replica can be reckoned with: its broker stays, its directory works. */
  boolean replicaOnline(int broker, TopicPartition partition) {
    return !shuttingDown.contains(broker) && replicaThere(broker, partition);
  }

  /** Whether a replica can be told something: also while its broker is shutting down. */
  boolean replicaThere(int broker, TopicPartition partition) {
    return brokers.containsKey(broker) && directoryOnline(broker, partition);
  }

  private boolean directoryOnline(int broker, TopicPartition partition) {
    return !offlineDirectories.getOrDefault(broker, Set.of()).contains(partition);
  }

  /** Returns whether that is news. */
  boolean directoryFailed(int broker, TopicPartition partition) {
    return offlineDirectories.computeIfAbsent(broker, id -> new HashSet<>()).add(partition);
  }

  void directoryWorks(int broker, TopicPartition partition) {
    Set<TopicPartition> offline = offlineDirectories.get(broker);
    if (offline != null) {
      offline.remove(partition);
    }
  }

  void brokerGone(int broker) {
    brokers.remove(broker);
    shuttingDown.remove(broker);
    offlineDirectories.remove(broker);
  }

  // ---- topics --------------------------------------------------------------------------------

  /** Names of all topics. */
  Set<String> topics() {
    return Collections.unmodifiableSet(byTopic.keySet());
  }

  /** A topic's id; {@link Uuid#ZERO_UUID} when it has none. */
  Uuid topicId(String topic) {
    return topicIds.getOrDefault(topic, Uuid.ZERO_UUID);
  }

  Optional<String> topicName(Uuid id) {
    return Optional.ofNullable(topicNames.get(id));
  }

  void setTopicId(String topic, Uuid id) {
    topicIds.put(topic, id);
    topicNames.put(id, topic);
  }

  void removeTopic(String topic) {
    Uuid id = topicIds.remove(topic);
    if (id != null) {
      topicNames.remove(id);
    }
    for (TopicPartition partition : partitionsOf(topic)) {
      setAssignment(partition, Assignment.NONE);
      assignments.remove(partition);
      states.remove(partition);
    }
    byTopic.remove(topic);
    deleting.remove(topic);
  }

  /** The partitions of a topic; a copy. */
  Set<TopicPartition> partitionsOf(String topic) {
    return copy(byTopic.get(topic));
  }

  /** The partitions with a replica on a broker; a copy. */
  Set<TopicPartition> partitionsOn(int broker) {
    return copy(byBroker.get(broker));
  }

  private static Set<TopicPartition> copy(Collection<TopicPartition> partitions) {
    Set<TopicPartition> copy = new TreeSet<>(ORDER);
    if (partitions != null) {
      copy.addAll(partitions);
    }
    return copy;
  }

  /** Topics queued for deletion, which no election touches any more. */
  Set<String> deleting() {
    return deleting;
  }

  // ---- partitions ----------------------------------------------------------------------------

  /** All partitions, in order. */
  Set<TopicPartition> partitions() {
    return Collections.unmodifiableSet(assignments.keySet());
  }

  boolean contains(TopicPartition partition) {
    return assignments.containsKey(partition);
  }

  /** A partition's replicas, none when there is no such partition. */
  List<Integer> assignment(TopicPartition partition) {
    return fullAssignment(partition).replicas();
  }

  /** A partition's replicas with what a reassignment makes of them. */
  Assignment fullAssignment(TopicPartition partition) {
    return assignments.getOrDefault(partition, Assignment.NONE);
  }

  void setAssignment(TopicPartition partition, Assignment assignment) {
    Assignment before = assignments.put(partition, assignment);
    if (before != null) {
      before.replicas().forEach(broker -> byBroker.get(broker).remove(partition));
    }
    byTopic.computeIfAbsent(partition.topic(), t -> new TreeSet<>(ORDER)).add(partition);
    assignment
        .replicas()
        .forEach(
            broker -> byBroker.computeIfAbsent(broker, id -> new TreeSet<>(ORDER)).add(partition));
  }

  /** Partitions a reassignment is under way for. */
  Set<TopicPartition> reassigning() {
    Set<TopicPartition> found = new TreeSet<>(ORDER);
    assignments.forEach(
        (partition, assignment) -> {
          if (assignment.reassigning()) {
            found.add(partition);
          }
        });
    return found;
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
      boolean led = state != null && replicaThere(state.leader(), partition);
      if (!led && !deleting.contains(partition.topic())) {
        found.add(partition);
      }
    }
    return found;
  }

  /** Those of some partitions whose topic is not on its way out. */
  Set<TopicPartition> staying(Collection<TopicPartition> partitions) {
    Set<TopicPartition> found = new TreeSet<>(ORDER);
    for (TopicPartition partition : partitions) {
      if (!deleting.contains(partition.topic())) {
        found.add(partition);
      }
    }
    return found;
  }

  void clear() {
    brokers.clear();
    shuttingDown.clear();
    topicIds.clear();
    topicNames.clear();
    assignments.clear();
    byTopic.clear();
    byBroker.clear();
    states.clear();
    offlineDirectories.clear();
    deleting.clear();
  }
}
