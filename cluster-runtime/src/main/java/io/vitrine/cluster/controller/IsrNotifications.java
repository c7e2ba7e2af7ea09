package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.zookeeper.IsrChangeNode;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkPaths;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ISR changes that leaders below level 2.7 write themselves: their notifications are read, told to
 * all brokers and deleted. Listened to at every level, since a leader may be of an older one. Owned
 * by the event thread.
 */
final class IsrNotifications {
  private static final Logger LOG = LoggerFactory.getLogger(IsrNotifications.class);

  private final Office office;
  private final Reassignments reassignments;

  IsrNotifications(Office office, Reassignments reassignments) {
    this.office = office;
    this.reassignments = reassignments;
  }

  void watch() {
    office.watch(ZkPaths.ISR_CHANGES, ControllerEvent.ISR_CHANGE_NOTIFICATION, this::changed);
  }

  private void changed() {
    List<String> names = office.childrenAndWatch(ZkPaths.ISR_CHANGES);
    Set<TopicPartition> partitions = new TreeSet<>(ControllerContext.ORDER);
    for (String name : names) {
      Waiting.on(office.session().get(ZkPaths.ISR_CHANGES + "/" + name))
          .ifPresent(node -> partitions.addAll(named(name, node.data())));
    }
    partitions.removeIf(partition -> !office.context().contains(partition));
    if (!partitions.isEmpty()) {
      office
          .store()
          .states(partitions)
          .forEach(
              (partition, state) ->
                  office.changes().note(partition, state, ElectionReason.ALTER_PARTITION));
      OrderBatch orders = office.orders();
      orders.updateMetadata(office.context().brokers().keySet(), partitions);
      orders.send();
      partitions.forEach(reassignments::isrChanged);
    }
    office.store().deleteChildren(ZkPaths.ISR_CHANGES, names);
  }

  private static List<TopicPartition> named(String name, byte[] data) {
    try {
      return List.copyOf(IsrChangeNode.decode(data).partitions());
    } catch (IllegalArgumentException e) {
      LOG.warn("{} is left out: {}", name, e.getMessage());
      return List.of();
    }
  }
}
