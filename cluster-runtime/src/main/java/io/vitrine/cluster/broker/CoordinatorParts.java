package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.coordinator.InternalTopic;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import io.vitrine.cluster.zookeeper.ProducerIds;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.protocol.client.NodeClients;
import java.util.UUID;

/**
 * A broker's coordinators, of groups and of transactions, and the producer ids it gives. Made,
 * started and ended by the broker's owner.
 */
record CoordinatorParts(
    ProducerIds producerIds, TransactionCoordinator transactions, GroupCoordinator groups) {

  /** The topics coordinators keep their state in; a topic that exists has the partitions it has. */
  record Topics(InternalTopic consumerOffsets, InternalTopic transactionState) {
    /** Waits for ZooKeeper. */
    static Topics read(BrokerConfig config, TopicStore store) {
      return new Topics(
          asItIs(InternalTopic.consumerOffsets(config), store),
          asItIs(InternalTopic.transactionState(config), store));
    }

    private static InternalTopic asItIs(InternalTopic topic, TopicStore store) {
      return Waiting.on(store.topic(topic.name()))
          .map(node -> topic.withPartitionCount(node.assignment().size()))
          .orElse(topic);
    }
  }

  /** Coordinates nothing yet. */
  static CoordinatorParts of(
      int brokerId,
      BrokerConfig config,
      Topics topics,
      ReplicationParts replication,
      NodeClients clients,
      ProducerIds producerIds,
      BrokerClocks clocks,
      BrokerThreads threads,
      EventSink events) {
    TransactionCoordinator transactions =
        new TransactionCoordinator(
            brokerId,
            config,
            topics.transactionState(),
            replication.replicas(),
            replication.metadata(),
            clients,
            producerIds::next,
            clocks.wall(),
            events);
    GroupCoordinator groups =
        new GroupCoordinator(
            brokerId,
            threads.prefix(),
            config,
            topics.consumerOffsets(),
            replication.replicas(),
            replication.timer(),
            clocks.wall(),
            threads.scheduler(),
            UUID::randomUUID,
            events);
    replication.metadata().onDeletion(groups::partitionsDeleted);
    return new CoordinatorParts(producerIds, transactions, groups);
  }
}
