package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.controller.ControllerThread;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.purgatory.WheelTimer;
import io.vitrine.cluster.replica.FetcherDriver;
import io.vitrine.cluster.replica.ReplicaEnvironment;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.replica.Traffic;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.storage.LogManager;
import java.util.function.LongSupplier;

/**
 * The replicas a broker hosts, what it knows of the cluster, and the controller it may be. Made and
 * ended by the broker's owner.
 */
record ReplicationParts(
    MetadataCache metadata, WheelTimer timer, ReplicaManager replicas, Controller controller) {

  /** Hosts nothing and takes part in no election yet. */
  static ReplicationParts of(
      int brokerId,
      LongSupplier brokerEpoch,
      DynamicBrokerConfig settings,
      LogManager logs,
      TopicConfigs topics,
      SocketClients clients,
      ZooKeeperSession zooKeeper,
      BrokerClocks clocks,
      BrokerThreads threads,
      EventSink events,
      Traffic traffic) {
    BrokerConfig config = settings.current();
    MetadataCache metadata = new MetadataCache();
    metadata.onChange(() -> topics.retain(metadata.image().topics()));
    WheelTimer timer = new WheelTimer(threads.prefix() + "purgatory", clocks.nanoTime());
    ReplicaManager replicas =
        new ReplicaManager(
            new ReplicaEnvironment(
                brokerId,
                brokerEpoch,
                config,
                logs,
                metadata,
                clients,
                topic -> topics.of(topic).minInsyncReplicas(),
                events,
                clocks.nanoTime(),
                threads.scheduler(),
                timer,
                clocks.random(),
                FetcherDriver.threads(clients),
                new IsrWrites(zooKeeper),
                threads.orders(),
                traffic));
    topics.known().forEach((topic, own) -> replicas.quotas().throttle(topic, own, brokerId));
    replicas.quotas().limit(config.replicationThrottles());
    Controller controller =
        new Controller(
            brokerId,
            settings::current,
            zooKeeper,
            clients,
            events,
            clocks.wall(),
            clocks.nanoTime(),
            threads.scheduler(),
            new ControllerThread(threads.prefix() + "controller"));
    return new ReplicationParts(metadata, timer, replicas, controller);
  }

  /** Lets them follow the broker's settings. */
  void follow(DynamicBrokerConfig settings, TopicConfigs topics, LogManager logs) {
    settings.register(new LogReconfiguration(topics, logs, controller));
    settings.register(new ThrottleReconfiguration(replicas.quotas()));
    settings.register(new VerificationReconfiguration(replicas));
  }
}
