package io.vitrine.cluster.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.coordinator.InternalTopic;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.purgatory.WheelTimer;
import io.vitrine.cluster.replica.FetcherDriver;
import io.vitrine.cluster.replica.FetcherSteps;
import io.vitrine.cluster.replica.Partition;
import io.vitrine.cluster.replica.ReplicaEnvironment;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.replica.Traffic;
import io.vitrine.cluster.testing.NoIsrStore;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.LogManagerSettings;
import io.vitrine.storage.LogObserver;
import io.vitrine.storage.StorageEnvironment;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.testing.ManualClock;
import io.vitrine.storage.testing.ManualScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrPartitionState;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataBroker;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataEndpoint;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataPartitionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;

/**
 * A coordinator of transactions on a real log, with a clock that stands until it is moved and other
 * brokers that answer by script. Time, and with it all sending of markers, moves on the test's
 * thread.
 */
final class CoordinatingBroker implements AutoCloseable {
  static final int ID = 1;
  static final TopicPartition STATE = new TopicPartition("__transaction_state", 0);
  private static final int OTHER = 2;
  private static final int CONTROLLER = 9;
  private static final int PORT = 9_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A marker as a broker is sent it. */
  record Sent(int broker, TxnMarkerEntry marker) {}

  final ManualClock clock = new ManualClock(Instant.parse("2024-01-01T00:00:00Z"));
  final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  final TransactionCoordinator coordinator;

  /** What a broker answers of one partition; null loses the connection. */
  volatile Function<TopicPartition, Errors> answers = partition -> Errors.NONE;

  private final ManualScheduler scheduler = new ManualScheduler();
  private final ManualScheduler markerThread = new ManualScheduler();
  private final MetadataCache metadata = new MetadataCache();
  private final Map<String, Uuid> topicIds = new HashMap<>();
  private final LogManager logs;
  private final ReplicaManager replicas;
  private final WheelTimer timer;
  private volatile int minInsyncReplicas = 1;
  private int leaderEpoch;

  CoordinatingBroker(Path directory, Map<String, String> settings) throws IOException {
    Map<String, String> properties = new HashMap<>(settings);
    properties.put("broker.id", Integer.toString(ID));
    properties.put("zookeeper.connect", "127.0.0.1:1");
    properties.put("transaction.state.log.num.partitions", "1");
    BrokerConfig config = BrokerConfig.parse(properties);
    logs =
        LogManager.open(
            LogManagerSettings.defaults(List.of(directory)),
            topic -> LogSettings.defaults(),
            new StorageEnvironment(
                clock,
                System::nanoTime,
                scheduler,
                new Random(1),
                new RealFiles(),
                new LogObserver() {},
                "test-"));
    timer = new WheelTimer("test-purgatory", System::nanoTime);
    timer.start();
    NodeClients clients = new Others();
    replicas =
        new ReplicaManager(
            new ReplicaEnvironment(
                ID,
                () -> 1,
                config,
                logs,
                metadata,
                clients,
                topic -> minInsyncReplicas,
                EventSink.none(),
                System::nanoTime,
                scheduler,
                timer,
                new Random(1),
                (host, port, purpose, name) ->
                    new NoFetching(clients.connectTo(host, port, purpose)),
                new NoIsrStore(),
                Runnable::run,
                Traffic.uncounted()));
    coordinator =
        new TransactionCoordinator(
            ID,
            config,
            InternalTopic.transactionState(config),
            replicas,
            metadata,
            clients,
            new AtomicLong(1_000)::getAndIncrement,
            clock,
            markerThread,
            EventSink.none());
    coordinator.start();
  }

  // ---- the controller's part -------------------------------------------------------------------

  /** Tells who leads what; topics not named here are gone. */
  void leaders(Map<TopicPartition, Integer> leaders) {
    List<UpdateMetadataPartitionState> states = new ArrayList<>();
    List<UpdateMetadataBroker> brokers = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      brokers.add(
          new UpdateMetadataBroker()
              .setId(id)
              .setEndpoints(
                  List.of(
                      new UpdateMetadataEndpoint()
                          .setListener("PLAINTEXT")
                          .setHost("127.0.0.1")
                          .setPort(PORT + id))));
    }
    Map<TopicPartition, Integer> all = new HashMap<>(leaders);
    metadata
        .image()
        .allPartitions()
        .forEach(gone -> all.putIfAbsent(gone, MetadataCache.LEADER_DURING_DELETE));
    all.put(STATE, ID);
    all.forEach(
        (partition, leader) ->
            states.add(
                new UpdateMetadataPartitionState()
                    .setTopicName(partition.topic())
                    .setPartitionIndex(partition.partition())
                    .setControllerEpoch(1)
                    .setLeader(leader)
                    .setLeaderEpoch(leaderEpoch)
                    .setReplicas(List.of(1, 2, 3))
                    .setIsr(List.of(1, 2, 3))));
    all.keySet().forEach(each -> topicIds.putIfAbsent(each.topic(), Uuid.randomUuid()));
    replicas.updateMetadata(
        new UpdateMetadataRequest.Builder(
                (short) 8, CONTROLLER, 1, 1, states, brokers, Map.copyOf(topicIds))
            .build((short) 8));
  }

  /** Makes this broker lead the transactions and waits until they are loaded. */
  void lead() {
    order(ID);
    until(() -> !coordinator.list().isEmpty() || logEnd() == 0);
  }

  /** Lets another broker lead the transactions; it does not answer. */
  void resign() {
    order(OTHER);
  }

  private void order(int leader) {
    leaderEpoch++;
    topicIds.putIfAbsent(STATE.topic(), Uuid.randomUuid());
    LeaderAndIsrPartitionState state =
        new LeaderAndIsrPartitionState()
            .setTopicName(STATE.topic())
            .setPartitionIndex(STATE.partition())
            .setControllerEpoch(1)
            .setLeader(leader)
            .setLeaderEpoch(leaderEpoch)
            .setPartitionEpoch(leaderEpoch)
            .setIsr(List.of(ID))
            .setReplicas(List.of(ID, OTHER));
    LeaderAndIsrResponse response =
        replicas.becomeLeaderOrFollower(
            new LeaderAndIsrRequest.Builder(
                    (short) 7,
                    CONTROLLER,
                    1,
                    1,
                    List.of(state),
                    Map.of(STATE.topic(), topicIds.get(STATE.topic())),
                    List.of(new Node(leader, "127.0.0.1", PORT + leader)))
                .build((short) 7));
    assertThat(response.error()).isEqualTo(Errors.NONE);
  }

  int leaderEpoch() {
    return leaderEpoch;
  }

  /**
   * Asked of every acks=all append; with 2 none is taken, since the other replica is not in sync.
   */
  void minInsyncReplicas(int count) {
    minInsyncReplicas = count;
  }

  // ---- the log ---------------------------------------------------------------------------------

  /** Writes a state beside the coordinator, for the next {@link #lead} to find. */
  void write(Transaction state) {
    MemoryRecords records =
        MemoryRecords.withRecords(
            Compression.NONE,
            new SimpleRecord(
                clock.millis(),
                TransactionRecords.key(state.transactionalId()),
                TransactionRecords.value(state)));
    CompletableFuture<Errors> written = new CompletableFuture<>();
    replicas.appendRecords(
        Map.of(STATE, records),
        (short) 1,
        1_000,
        Origin.COORDINATOR,
        done -> written.complete(done.get(STATE).error));
    assertThat(written.join()).isEqualTo(Errors.NONE);
  }

  /** The offset after the last record of the log of transactions. */
  long logEnd() {
    return replicas.partition(STATE).flatMap(Partition::log).orElseThrow().logEndOffset();
  }

  // ---- time ------------------------------------------------------------------------------------

  /** Moves time on; what was due runs before this returns. */
  void pass(Duration time) {
    clock.advance(time);
    markerThread.advance(time.toMillis());
  }

  /** Lets what has no delay run until the condition holds; time stands. */
  void until(Callable<Boolean> condition) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .ignoreExceptions()
        .until(
            () -> {
              markerThread.advance(0);
              return condition.call();
            });
  }

  /** The answer to a change, once the log has it. */
  <T> T answer(CompletableFuture<T> change) {
    until(change::isDone);
    return change.join();
  }

  @Override
  public void close() {
    coordinator.close();
    replicas.close();
    timer.close();
    logs.close();
  }

  // ---- the other brokers -----------------------------------------------------------------------

  private final class Others implements NodeClients {
    @Override
    public NodeClient connectTo(String host, int port, String purpose) {
      return new Other(port - PORT);
    }

    @Override
    public void close() {
      // No connection is real.
    }

    @Override
    public void kill() {
      // Likewise.
    }
  }

  private final class Other implements NodeClient {
    private final int id;

    Other(int id) {
      this.id = id;
    }

    @Override
    public CompletableFuture<AbstractResponse> send(
        AbstractRequest.Builder<?> builder, short version) {
      return send(builder, version, Duration.ZERO);
    }

    @Override
    public CompletableFuture<AbstractResponse> send(
        AbstractRequest.Builder<?> builder, short version, Duration timeout) {
      if (builder.apiKey() != ApiKeys.WRITE_TXN_MARKERS) {
        throw new AssertionError("nobody is asked for " + builder.apiKey());
      }
      Map<Long, Map<TopicPartition, Errors>> errors = new HashMap<>();
      for (TxnMarkerEntry marker : ((WriteTxnMarkersRequest) builder.build(version)).markers()) {
        sent.add(new Sent(id, marker));
        Map<TopicPartition, Errors> ofProducer =
            errors.computeIfAbsent(marker.producerId(), producer -> new HashMap<>());
        for (TopicPartition partition : marker.partitions()) {
          Errors error = answers.apply(partition);
          if (error == null) {
            return CompletableFuture.failedFuture(new IOException("the connection is lost"));
          }
          ofProducer.put(partition, error);
        }
      }
      return CompletableFuture.completedFuture(new WriteTxnMarkersResponse(errors));
    }

    @Override
    public void disconnect() {
      // No connection is real.
    }

    @Override
    public void close() {
      // Likewise.
    }
  }

  /** Who follows here copies nothing. */
  private static final class NoFetching implements FetcherDriver.Driving {
    private final NodeClient client;

    NoFetching(NodeClient client) {
      this.client = client;
    }

    @Override
    public NodeClient client() {
      return client;
    }

    @Override
    public void start(FetcherSteps fetcher) {
      // It is never asked for its first step.
    }

    @Override
    public void wakeUp() {
      // Likewise.
    }

    @Override
    public void join(long timeoutMs) {
      // There is no thread.
    }
  }
}
