package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * Topics on their way out: marked, stopped on every replica, then gone from ZooKeeper.
 *
 * <p>A topic with a replica on a broker that is away waits for it. Owned by the event thread.
 */
final class TopicDeletion {
  private final ControllerContext context;
  private final FencedStore store;
  private final EventSink events;
  private final int brokerId;
  private final Set<String> ineligible = new TreeSet<>();
  private final Map<TopicPartition, Set<Integer>> asked = new HashMap<>();
  private final Map<TopicPartition, Set<Integer>> deleted = new HashMap<>();

  TopicDeletion(ControllerContext context, FencedStore store, EventSink events, int brokerId) {
    this.context = context;
    this.store = store;
    this.events = events;
    this.brokerId = brokerId;
  }

  /** Takes topics up for deletion. */
  void enqueue(Collection<String> topics) {
    for (String topic : topics) {
      if (context.deleting().add(topic)) {
        events.report(brokerId, new ClusterEvent.TopicDeletionStarted(topic));
      }
    }
  }

  /** Goes on with every topic that can: asks replicas to delete, finishes those that all did. */
  void resume(OrderBatch orders) {
    for (String topic : List.copyOf(context.deleting())) {
      if (allDeleted(topic)) {
        finish(topic);
      } else if (!ineligible.contains(topic)) {
        ask(topic, orders);
      }
    }
  }

  private void ask(String topic, OrderBatch orders) {
    Set<TopicPartition> partitions = context.partitionsOf(topic);
    for (TopicPartition partition : partitions) {
      for (int replica : context.assignment(partition)) {
        if (!context.replicaOnline(replica, partition)) {
          ineligible.add(topic);
        }
      }
    }
    orders.updateMetadata(context.brokers().keySet(), partitions);
    for (TopicPartition partition : partitions) {
      List<Integer> open = new ArrayList<>();
      for (int replica : context.assignment(partition)) {
        boolean online = context.replicaOnline(replica, partition);
        if (online && askedOf(partition).add(replica)) {
          open.add(replica);
        }
      }
      orders.stopReplica(open, partition, true);
    }
  }

  /** A broker said what became of its replicas. */
  void answered(
      int broker, Collection<TopicPartition> succeeded, Collection<TopicPartition> failed) {
    for (TopicPartition partition : succeeded) {
      if (context.deleting().contains(partition.topic())) {
        deleted.computeIfAbsent(partition, p -> new HashSet<>()).add(broker);
      }
    }
    for (TopicPartition partition : failed) {
      askedOf(partition).remove(broker);
      ineligible.add(partition.topic());
    }
  }

  /** A broker went: its topics wait. */
  void brokerGone(int broker) {
    for (TopicPartition partition : context.partitionsOn(broker)) {
      if (context.deleting().contains(partition.topic())) {
        askedOf(partition).remove(broker);
        ineligible.add(partition.topic());
      }
    }
  }

  /** A broker came back: its topics may go on. */
  void brokerBack(int broker) {
    for (TopicPartition partition : context.partitionsOn(broker)) {
      ineligible.remove(partition.topic());
    }
  }

  /** Whether the topic vanished from ZooKeeper by other hands. */
  void forget(String topic) {
    for (TopicPartition partition : context.partitionsOf(topic)) {
      asked.remove(partition);
      deleted.remove(partition);
    }
    ineligible.remove(topic);
    context.removeTopic(topic);
  }

  private boolean allDeleted(String topic) {
    return context.partitionsOf(topic).stream()
        .allMatch(
            partition ->
                deleted
                    .getOrDefault(partition, Set.of())
                    .containsAll(context.assignment(partition)));
  }

  private void finish(String topic) {
    store.deleteTopic(topic, context.partitionsOf(topic));
    forget(topic);
    events.report(brokerId, new ClusterEvent.TopicDeleted(topic));
  }

  private Set<Integer> askedOf(TopicPartition partition) {
    return asked.computeIfAbsent(partition, p -> new HashSet<>());
  }
}
