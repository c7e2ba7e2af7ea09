package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.purgatory.WheelTimer;
import io.vitrine.cluster.replica.FetcherDriver;
import io.vitrine.cluster.replica.ReplicaEnvironment;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.replica.Traffic;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.testing.NoIsrStore;
import io.vitrine.cluster.testing.Unlimited;
import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.security.ClientSecurity;
import io.vitrine.protocol.server.ProtocolServer;
import io.vitrine.protocol.server.ServerSettings;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.LogManagerSettings;
import io.vitrine.storage.LogObserver;
import io.vitrine.storage.StorageEnvironment;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.PartitionLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;

/**
 * The data path of one broker over a real socket and real files, without controller and session.
 */
final class ReplicaNode implements AutoCloseable {
  static final long BROKER_EPOCH = 100;

  final int id;
  final Path directory;
  final AtomicInteger minInsyncReplicas;
  final Queue<ClusterEvent> events = new ConcurrentLinkedQueue<>();
  final MetadataCache metadata = new MetadataCache();
  final LogManager logs;
  final ReplicaManager replicas;
  final InetSocketAddress address;
  private final ScheduledExecutorService scheduler;
  private final SocketClients clients;
  private final WheelTimer timer;
  private final ProtocolServer server;
  final NodeClient client;

  ReplicaNode(int id, Path directory, AtomicInteger minInsyncReplicas, Map<String, String> settings)
      throws IOException {
    this.id = id;
    this.directory = directory;
    this.minInsyncReplicas = minInsyncReplicas;
    Map<String, String> properties = new HashMap<>(settings);
    properties.put("broker.id", String.valueOf(id));
    properties.put("zookeeper.connect", "127.0.0.1:1");
    properties.put("listeners", "PLAINTEXT://127.0.0.1:0");
    BrokerConfig config = BrokerConfig.parse(properties);
    String prefix = "broker-" + id + "-";
    scheduler = Executors.newScheduledThreadPool(1, task -> new Thread(task, prefix + "scheduler"));
    logs =
        LogManager.open(
            LogManagerSettings.defaults(List.of(directory)),
            topic -> LogSettings.defaults(),
            new StorageEnvironment(
                InstantSource.system(),
                System::nanoTime,
                scheduler,
                new Random(1),
                new RealFiles(),
                new LogObserver() {},
                prefix));
    clients =
        new SocketClients(
            prefix,
            1,
            new ClientSettings("broker-" + id, 10_000, 30_000, 100 << 20),
            ClientSecurity.plaintext());
    timer = new WheelTimer(prefix + "purgatory", System::nanoTime);
    timer.start();
    replicas =
        new ReplicaManager(
            new ReplicaEnvironment(
                id,
                () -> BROKER_EPOCH,
                config,
                logs,
                metadata,
                clients,
                topic -> minInsyncReplicas.get(),
                (broker, event) -> events.add(event),
                System::nanoTime,
                scheduler,
                timer,
                new Random(id),
                FetcherDriver.threads(clients),
                new NoIsrStore(),
                Runnable::run,
                Traffic.uncounted()));
    HandlerRegistry registry =
        new HandlerRegistry(
            List.of(
                new ProduceHandler(replicas, metadata, Authorizer.allowAll()),
                new FetchHandler(
                    replicas,
                    metadata,
                    config.fetchMaxBytes(),
                    Unlimited.quotas(),
                    Traffic.uncounted(),
                    Authorizer.allowAll(),
                    new OlderFormats(topic -> true, Traffic.uncounted())),
                new ListOffsetsHandler(replicas, Authorizer.allowAll()),
                new OffsetForLeaderEpochHandler(replicas, Authorizer.allowAll()),
                new LeaderAndIsrHandler(replicas),
                new StopReplicaHandler(replicas),
                new UpdateMetadataHandler(replicas)),
            Authorizer.allowAll(),
            Unlimited.quotas());
    server =
        new ProtocolServer(
            settings(prefix), registry, registry, (request, times) -> {}, System::nanoTime);
    address = server.bind().get(0);
    server.startAccepting();
    client = clients.connectTo("127.0.0.1", address.getPort(), "test");
  }

  static ServerSettings settings(String prefix) {
    return new ServerSettings(
        "PLAINTEXT", "127.0.0.1", 0, 2, 4, 100, 100 << 20, 1000, 1000, -1, 50, -1, -1, prefix);
  }

  NodeClient connect() {
    return clients.connectTo("127.0.0.1", address.getPort(), "test");
  }

  PartitionLog log(TopicPartition partition) {
    return replicas.partition(partition).flatMap(p -> p.log()).orElseThrow();
  }

  <T extends ClusterEvent> List<T> events(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public void close() {
    server.close();
    replicas.close();
    clients.close();
    logs.close();
    timer.close();
    scheduler.shutdownNow();
  }

  /** As a crash: nothing is flushed, marked or answered. */
  void kill() {
    server.kill();
    replicas.kill();
    clients.kill();
    logs.abandon();
    timer.close();
    scheduler.shutdownNow();
  }
}
