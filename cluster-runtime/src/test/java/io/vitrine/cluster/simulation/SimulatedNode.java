package io.vitrine.cluster.simulation;

import io.vitrine.cluster.broker.IsrWrites;
import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.controller.ControllerEventQueue;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.purgatory.WheelTimer;
import io.vitrine.cluster.replica.FetchContext;
import io.vitrine.cluster.replica.FetchParameters;
import io.vitrine.cluster.replica.FetcherDriver;
import io.vitrine.cluster.replica.FetcherSteps;
import io.vitrine.cluster.replica.PartitionRead;
import io.vitrine.cluster.replica.ReplicaEnvironment;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.replica.Traffic;
import io.vitrine.cluster.zookeeper.BrokerIdNode;
import io.vitrine.cluster.zookeeper.BrokerRegistrar;
import io.vitrine.cluster.zookeeper.ModelSession;
import io.vitrine.cluster.zookeeper.RegistrationException;
import io.vitrine.cluster.zookeeper.ZkException;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.LogManagerSettings;
import io.vitrine.storage.LogObserver;
import io.vitrine.storage.StorageEnvironment;
import io.vitrine.storage.compaction.CleanerSettings;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.testing.ManualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.ControlledShutdownResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.AlterPartitionResponse;
import org.apache.kafka.common.requests.ControlledShutdownRequest;
import org.apache.kafka.common.requests.ControlledShutdownResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.StopReplicaRequest;
import org.apache.kafka.common.requests.UpdateMetadataRequest;

/**
 * One life of a broker: our replica manager, controller and logs, on simulated time, network,
 * sessions and disk. Dies with {@link #crash} or {@link #stop}; the next life is another object on
 * the same disk.
 */
final class SimulatedNode implements SimulatedNetwork.Server {
  private static final int TICK_MS = 10;
  private static final int TIMEOUT_MS = 1_000;
  private static final Path DIRECTORY = Path.of("/logs");

  private final int id;
  private final World world;
  private final EventSink events;
  private final ManualScheduler scheduler = new ManualScheduler();
  private final MetadataCache metadata = new MetadataCache();
  private final ModelSession session;
  private final NodeClients clients;
  private final WheelTimer timer;
  private final LogManager logs;
  private final ReplicaManager replicas;
  private final Controller controller;
  private final BrokerRegistrar registrar;
  private final List<Runnable> deferred = new ArrayList<>();
  private final BrokerConfig config;
  private long brokerEpoch = -1;
  private long tickedMs;
  private boolean dead;
  private boolean paused;

  SimulatedNode(
      int id,
      World world,
      FileAccess disk,
      SimulatedNetwork network,
      ModelSession session,
      Map<String, String> settings,
      EventSink events)
      throws IOException {
    this.id = id;
    this.world = world;
    this.session = session;
    this.events = events;
    this.tickedMs = world.nowMs();
    Map<String, String> properties = new HashMap<>(settings);
    properties.put("broker.id", Integer.toString(id));
    properties.put("zookeeper.connect", "model:1");
    properties.put("listeners", "PLAINTEXT://127.0.0.1:" + id);
    this.config = BrokerConfig.parse(properties);
    Random random = new Random(world.random().nextLong());
    this.clients = network.clientsOf(id, this, TIMEOUT_MS);
    this.timer = new WheelTimer("simulated", this::nanoTime);
    this.logs =
        LogManager.open(
            logSettings(),
            topic ->
                LogSettings.defaults().with(s -> s.segmentBytes(2_000).segmentIndexBytes(4_096)),
            new StorageEnvironment(
                () -> Instant.ofEpochMilli(world.nowMs()),
                this::nanoTime,
                scheduler,
                random,
                disk,
                new LogObserver() {
                  @Override
                  public void logDirectoryFailed(Path directory, IOException cause) {
                    world.schedule(SimulatedNode.this, 0, () -> diskFailed(cause));
                  }
                },
                "simulated-"));
    logs.startBackgroundTasks();
    logs.startHighWatermarkCheckpoints();
    this.replicas =
        new ReplicaManager(
            new ReplicaEnvironment(
                id,
                () -> brokerEpoch,
                config,
                logs,
                metadata,
                clients,
                topic -> config.minInsyncReplicas(),
                events,
                this::nanoTime,
                scheduler,
                timer,
                random,
                (host, port, purpose, name) -> new Fetching(clients.connectTo(host, port, purpose)),
                new IsrWrites(session),
                Runnable::run,
                Traffic.uncounted()));
    this.controller =
        new Controller(
            id,
            () -> config,
            session,
            clients,
            events,
            () -> Instant.ofEpochMilli(world.nowMs()),
            this::nanoTime,
            scheduler,
            new Queue());
    this.registrar = new BrokerRegistrar(session);
    network.listen(id, this);
  }

  private static LogManagerSettings logSettings() {
    LogManagerSettings d = LogManagerSettings.defaults(List.of(DIRECTORY));
    CleanerSettings c = d.cleaner();
    return new LogManagerSettings(
        d.logDirs(),
        700,
        700,
        500,
        d.retentionCheckIntervalMs(),
        d.flushSchedulerIntervalMs(),
        100,
        1,
        d.producerIdExpirationMs(),
        d.producerIdExpirationCheckIntervalMs(),
        100,
        new CleanerSettings(
            false,
            c.threads(),
            c.dedupeBufferBytes(),
            c.ioBufferBytes(),
            c.loadFactor(),
            c.maxMessageBytes(),
            c.maxBytesPerSecond(),
            c.backoffMs()));
  }

  private long nanoTime() {
    return TimeUnit.MILLISECONDS.toNanos(world.nowMs());
  }

  int id() {
    return id;
  }

  ModelSession session() {
    return session;
  }

  MetadataCache metadata() {
    return metadata;
  }

  Controller controller() {
    return controller;
  }

  Optional<PartitionLog> log(TopicPartition partition) {
    return logs.log(partition);
  }

  // ---- life ----------------------------------------------------------------------------------

  /** Registers and takes part in elections. */
  void start() {
    try {
      registrar.ensureTopLevelNodes();
      if (!register()) {
        return;
      }
    } catch (ZkException e) {
      if (!dead) {
        throw e;
      }
      // Killed while it waited for ZooKeeper.
      return;
    }
    controller.start();
    tick();
  }

  private boolean register() {
    try {
      brokerEpoch =
          registrar.register(
              new BrokerIdNode(
                  InterBrokerProtocol.LATEST.brokerNodeVersion(),
                  id,
                  "127.0.0.1",
                  id,
                  List.of("PLAINTEXT://127.0.0.1:" + id),
                  Map.of("PLAINTEXT", "PLAINTEXT"),
                  Optional.empty(),
                  world.nowMs()));
      world.tell("broker " + id + " registered, epoch " + brokerEpoch);
      return true;
    } catch (RegistrationException e) {
      world.tell("broker " + id + " is taken and gives up");
      crash();
      return false;
    }
  }

  private void tick() {
    scheduler.advance(world.nowMs() - tickedMs);
    tickedMs = world.nowMs();
    timer.runDue();
    world.schedule(this, TICK_MS, this::tick);
  }

  /** The client heard that its session is over, and has a new one. */
  void sessionRenewed() {
    controller.sessionExpired();
    controller.sessionRenewed(this::registerAgain);
  }

  private void registerAgain() {
    if (!register()) {
      throw new ZkClosed();
    }
  }

  private void diskFailed(IOException cause) {
    world.tell("disk of broker " + id + " fails: " + cause.getMessage());
    crash();
  }

  /** SIGKILL. */
  void crash() {
    if (dead) {
      return;
    }
    dead = true;
    world.tell("broker " + id + " crashes");
    end();
    logs.abandon();
  }

  /** The end of a controlled shutdown. */
  void stop() {
    if (dead) {
      return;
    }
    replicas.close();
    controller.close();
    dead = true;
    session.close();
    try {
      logs.close();
    } catch (RuntimeException diskFailed) {
      world.tell("broker " + id + " cannot close its logs: " + diskFailed.getMessage());
    }
    end();
    world.tell("broker " + id + " stopped");
  }

  private void end() {
    session.abandon();
    clients.kill();
    controller.kill();
    replicas.kill();
    timer.close();
    scheduler.shutdownNow();
    onDeath.run();
  }

  private Runnable onDeath = () -> {};

  void onDeath(Runnable work) {
    onDeath = work;
  }

  /** SIGSTOP and SIGCONT. */
  void pause(boolean now) {
    paused = now;
    if (!now) {
      List<Runnable> all = List.copyOf(deferred);
      deferred.clear();
      all.forEach(each -> world.schedule(this, 0, each));
    }
  }

  @Override
  public boolean dead() {
    return dead;
  }

  @Override
  public boolean paused() {
    return paused;
  }

  @Override
  public void later(Runnable event) {
    deferred.add(event);
  }

  // ---- requests ------------------------------------------------------------------------------

  @Override
  public void handle(
      ApiKeys api, short version, AbstractRequest request, Consumer<AbstractResponse> respond) {
    switch (api) {
      case LEADER_AND_ISR ->
          respond.accept(replicas.becomeLeaderOrFollower((LeaderAndIsrRequest) request));
      case UPDATE_METADATA ->
          respond.accept(replicas.updateMetadata((UpdateMetadataRequest) request));
      case STOP_REPLICA -> respond.accept(replicas.stopReplicas((StopReplicaRequest) request));
      case FETCH -> fetch((FetchRequest) request, respond);
      case LIST_OFFSETS -> respond.accept(listOffsets((ListOffsetsRequest) request));
      case PRODUCE -> produce((ProduceRequest) request, respond);
      case ALTER_PARTITION ->
          controller
              .alterPartition(((AlterPartitionRequest) request).data(), version)
              .whenComplete(
                  (answer, error) ->
                      respond.accept(
                          new AlterPartitionResponse(
                              error == null
                                  ? answer
                                  : new AlterPartitionResponseData()
                                      .setErrorCode(Errors.NOT_CONTROLLER.code()))));
      case CONTROLLED_SHUTDOWN ->
          controller
              .controlledShutdown(((ControlledShutdownRequest) request).data())
              .whenComplete(
                  (answer, error) ->
                      respond.accept(
                          new ControlledShutdownResponse(
                              error == null
                                  ? answer
                                  : new ControlledShutdownResponseData()
                                      .setErrorCode(Errors.NOT_CONTROLLER.code()))));
      default -> throw new IllegalArgumentException("nobody sends " + api);
    }
  }

  @SuppressWarnings("deprecation")
  private void produce(ProduceRequest request, Consumer<AbstractResponse> respond) {
    Map<TopicPartition, MemoryRecords> records = new HashMap<>();
    request
        .data()
        .topicData()
        .forEach(
            topic ->
                topic
                    .partitionData()
                    .forEach(
                        p ->
                            records.put(
                                new TopicPartition(topic.name(), p.index()),
                                (MemoryRecords) p.records())));
    replicas.appendRecords(
        records,
        request.acks(),
        request.timeout(),
        Origin.CLIENT,
        outcome -> respond.accept(new ProduceResponse(outcome)));
  }

  private void fetch(FetchRequest request, Consumer<AbstractResponse> respond) {
    Map<Uuid, String> names = metadata.image().topicNames();
    FetchContext context =
        replicas.fetchSessions().open(request, request.version() >= 13 ? names : Map.of());
    LinkedHashMap<TopicIdPartition, PartitionData> found = new LinkedHashMap<>();
    List<io.vitrine.cluster.replica.FetchItem> known = new ArrayList<>();
    context
        .items()
        .forEach(
            item -> {
              TopicIdPartition tp = item.partition();
              if (tp.topic() == null) {
                found.put(tp, FetchResponse.partitionResponse(tp, Errors.UNKNOWN_TOPIC_ID));
              } else if (!metadata.image().contains(tp.topicPartition())) {
                found.put(
                    tp, FetchResponse.partitionResponse(tp, Errors.UNKNOWN_TOPIC_OR_PARTITION));
              } else {
                known.add(item);
              }
            });
    if (known.isEmpty()) {
      respond.accept(context.answer(found, List.of()));
      return;
    }
    replicas.fetch(
        FetchParameters.of(request, 1 << 20),
        known,
        reads -> {
          reads.forEach(read -> found.put(read.partition(), data(read)));
          respond.accept(context.answer(found, List.of()));
        });
  }

  private static PartitionData data(PartitionRead read) {
    try (var records = read.records()) {
      PartitionData data =
          new PartitionData()
              .setPartitionIndex(read.partition().partition())
              .setErrorCode(read.error().code())
              .setHighWatermark(read.highWatermark())
              .setLastStableOffset(read.lastStableOffset())
              .setLogStartOffset(read.logStartOffset())
              .setRecords(records.toMemory());
      read.divergingEpoch().ifPresent(data::setDivergingEpoch);
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ListOffsetsResponse listOffsets(ListOffsetsRequest request) {
    ListOffsetsResponseData response = new ListOffsetsResponseData();
    for (var topic : request.topics()) {
      ListOffsetsTopicResponse answer = new ListOffsetsTopicResponse().setName(topic.name());
      response.topics().add(answer);
      for (var partition : topic.partitions()) {
        ListOffsetsPartitionResponse one =
            new ListOffsetsPartitionResponse().setPartitionIndex(partition.partitionIndex());
        answer.partitions().add(one);
        try {
          replicas
              .offsetForTimestamp(
                  new TopicPartition(topic.name(), partition.partitionIndex()),
                  partition.timestamp(),
                  Optional.<IsolationLevel>empty(),
                  Optional.of(partition.currentLeaderEpoch()),
                  true)
              .ifPresent(offset -> one.setOffset(offset.offset()));
        } catch (ApiException e) {
          one.setErrorCode(Errors.forException(e).code());
        }
      }
    }
    return new ListOffsetsResponse(response);
  }

  // ---- fetchers and events of the controller -------------------------------------------------

  /** Drives one fetcher: a question at a time. */
  private final class Fetching implements FetcherDriver.Driving {
    private final NodeClient client;
    private FetcherSteps fetcher;
    private boolean waiting;

    Fetching(NodeClient client) {
      this.client = client;
    }

    @Override
    public NodeClient client() {
      return client;
    }

    @Override
    public void start(FetcherSteps begun) {
      fetcher = begun;
      wakeUp();
    }

    @Override
    public void wakeUp() {
      world.schedule(SimulatedNode.this, 0, this::advance);
    }

    @Override
    public void join(long timeoutMs) {
      // There is no thread.
    }

    private void advance() {
      if (waiting || fetcher.ended()) {
        return;
      }
      CompletableFuture<AbstractResponse> answer = fetcher.ask();
      if (answer == null) {
        fetcher
            .idleMs()
            .ifPresent(ms -> world.schedule(SimulatedNode.this, Math.max(1, ms), this::advance));
        return;
      }
      waiting = true;
      answer.whenComplete(
          (response, failure) ->
              world.schedule(
                  SimulatedNode.this,
                  0,
                  () -> {
                    waiting = false;
                    fetcher.completed(response, failure);
                    advance();
                  }));
    }
  }

  /** One event at a time; within one, the world may go on wherever ZooKeeper is asked. */
  private final class Queue implements ControllerEventQueue {
    private final Deque<Work> waiting = new ArrayDeque<>();
    private boolean started;
    private boolean busy;

    @Override
    public void start() {
      started = true;
      advanceSoon();
    }

    @Override
    public int length() {
      return waiting.size();
    }

    @Override
    public void enqueue(String name, Work work) {
      waiting.addLast(work);
      advanceSoon();
    }

    @Override
    public void clearAndEnqueue(String name, Work work) {
      preemptAll();
      waiting.addFirst(work);
      advanceSoon();
    }

    private void preemptAll() {
      for (Work work = waiting.poll(); work != null; work = waiting.poll()) {
        work.preempted();
      }
    }

    private void advanceSoon() {
      if (started && !busy) {
        world.schedule(SimulatedNode.this, world.between(0, 2), this::advance);
      }
    }

    private void advance() {
      if (busy || waiting.isEmpty()) {
        return;
      }
      busy = true;
      try {
        waiting.poll().run();
      } catch (ZkException | ZkClosed e) {
        if (!dead) {
          world.tell("controller event of broker " + id + " failed: " + e.getMessage());
        }
      } finally {
        busy = false;
      }
      if (!waiting.isEmpty()) {
        advanceSoon();
      }
    }

    @Override
    public void close() {
      preemptAll();
      started = false;
    }
  }

  /** Ends an event of the controller of a node that is to take part no more. */
  private static final class ZkClosed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** What the node does, for the story. */
  void tell(ClusterEvent event) {
    world.tell("broker " + id + ": " + event);
  }
}
