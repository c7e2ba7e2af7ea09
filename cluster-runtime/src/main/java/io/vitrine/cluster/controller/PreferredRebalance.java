package io.vitrine.cluster.controller;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * Which partitions automatic rebalance gives back to their preferred leader. Pure over a context.
 */
final class PreferredRebalance {
  private static final int PERCENT = 100;

  private PreferredRebalance() {}

  /**
   * For each live broker that leads too few of the partitions it should: those it can lead now,
   * reassigned ones included.
   *
   * @param percentage {@code leader.imbalance.per.broker.percentage}
   */
  static Set<TopicPartition> due(ControllerContext context, int percentage) {
    Map<Integer, Set<TopicPartition>> preferred = new TreeMap<>();
    for (TopicPartition partition : context.staying(context.partitions())) {
      List<Integer> replicas = context.assignment(partition);
      if (!replicas.isEmpty()) {
        preferred
            .computeIfAbsent(replicas.get(0), id -> new TreeSet<>(ControllerContext.ORDER))
            .add(partition);
      }
    }
    Set<TopicPartition> due = new TreeSet<>(ControllerContext.ORDER);
    preferred.forEach(
        (broker, partitions) -> {
          List<TopicPartition> elsewhere =
              partitions.stream().filter(p -> ledElsewhere(context, p, broker)).toList();
          if (context.live().contains(broker)
              && elsewhere.size() * PERCENT > percentage * partitions.size()) {
            elsewhere.stream().filter(p -> canLead(context, p, broker)).forEach(due::add);
          }
        });
    return due;
  }

  private static boolean ledElsewhere(
      ControllerContext context, TopicPartition partition, int broker) {
    return context.state(partition).map(state -> state.leader() != broker).orElse(false);
  }

  private static boolean canLead(ControllerContext context, TopicPartition partition, int broker) {
    return context.liveFor(partition).contains(broker)
        && context.state(partition).map(state -> state.isr().contains(broker)).orElse(false);
  }
}
