package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.config.Endpoint;
import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.controller.ControllerThread;
import io.vitrine.cluster.coordinator.InternalTopic;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.handler.AddOffsetsToTxnHandler;
import io.vitrine.cluster.handler.AddPartitionsToTxnHandler;
import io.vitrine.cluster.handler.AllocateProducerIdsHandler;
import io.vitrine.cluster.handler.AlterClientQuotasHandler;
import io.vitrine.cluster.handler.AlterConfigsHandler;
import io.vitrine.cluster.handler.AlterPartitionHandler;
import io.vitrine.cluster.handler.AlterPartitionReassignmentsHandler;
import io.vitrine.cluster.handler.AlterReplicaLogDirsHandler;
import io.vitrine.cluster.handler.AlterUserScramCredentialsHandler;
import io.vitrine.cluster.handler.ApiHandler;
import io.vitrine.cluster.handler.ApiVersionsHandler;
import io.vitrine.cluster.handler.AutoTopicCreation;
import io.vitrine.cluster.handler.BrokerLoggers;
import io.vitrine.cluster.handler.ConfigWriter;
import io.vitrine.cluster.handler.ControlledShutdownHandler;
import io.vitrine.cluster.handler.CreateAclsHandler;
import io.vitrine.cluster.handler.CreateDelegationTokenHandler;
import io.vitrine.cluster.handler.CreatePartitionsHandler;
import io.vitrine.cluster.handler.CreateTopicsHandler;
import io.vitrine.cluster.handler.DeleteAclsHandler;
import io.vitrine.cluster.handler.DeleteGroupsHandler;
import io.vitrine.cluster.handler.DeleteRecordsHandler;
import io.vitrine.cluster.handler.DeleteTopicsHandler;
import io.vitrine.cluster.handler.DescribeAclsHandler;
import io.vitrine.cluster.handler.DescribeClientQuotasHandler;
import io.vitrine.cluster.handler.DescribeClusterHandler;
import io.vitrine.cluster.handler.DescribeConfigsHandler;
import io.vitrine.cluster.handler.DescribeDelegationTokenHandler;
import io.vitrine.cluster.handler.DescribeGroupsHandler;
import io.vitrine.cluster.handler.DescribeLogDirsHandler;
import io.vitrine.cluster.handler.DescribeProducersHandler;
import io.vitrine.cluster.handler.DescribeTransactionsHandler;
import io.vitrine.cluster.handler.DescribeUserScramCredentialsHandler;
import io.vitrine.cluster.handler.ElectLeadersHandler;
import io.vitrine.cluster.handler.EndTxnHandler;
import io.vitrine.cluster.handler.ExpireDelegationTokenHandler;
import io.vitrine.cluster.handler.FetchHandler;
import io.vitrine.cluster.handler.FindCoordinatorHandler;
import io.vitrine.cluster.handler.HandlerRegistry;
import io.vitrine.cluster.handler.HeartbeatHandler;
import io.vitrine.cluster.handler.IncrementalAlterConfigsHandler;
import io.vitrine.cluster.handler.InitProducerIdHandler;
import io.vitrine.cluster.handler.JoinGroupHandler;
import io.vitrine.cluster.handler.LeaderAndIsrHandler;
import io.vitrine.cluster.handler.LeaveGroupHandler;
import io.vitrine.cluster.handler.ListGroupsHandler;
import io.vitrine.cluster.handler.ListOffsetsHandler;
import io.vitrine.cluster.handler.ListPartitionReassignmentsHandler;
import io.vitrine.cluster.handler.ListTransactionsHandler;
import io.vitrine.cluster.handler.MetadataHandler;
import io.vitrine.cluster.handler.MetadataWait;
import io.vitrine.cluster.handler.OffsetCommitHandler;
import io.vitrine.cluster.handler.OffsetDeleteHandler;
import io.vitrine.cluster.handler.OffsetFetchHandler;
import io.vitrine.cluster.handler.OffsetForLeaderEpochHandler;
import io.vitrine.cluster.handler.OlderFormats;
import io.vitrine.cluster.handler.ProduceHandler;
import io.vitrine.cluster.handler.RenewDelegationTokenHandler;
import io.vitrine.cluster.handler.SaslOutOfTurnHandler;
import io.vitrine.cluster.handler.StopReplicaHandler;
import io.vitrine.cluster.handler.SyncGroupHandler;
import io.vitrine.cluster.handler.TxnOffsetCommitHandler;
import io.vitrine.cluster.handler.UpdateFeaturesHandler;
import io.vitrine.cluster.handler.UpdateMetadataHandler;
import io.vitrine.cluster.handler.WriteTxnMarkersHandler;
import io.vitrine.cluster.jmx.BrokerBeans;
import io.vitrine.cluster.jmx.BrokerState;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metric.ClockTime;
import io.vitrine.cluster.metric.JmxNames;
import io.vitrine.cluster.purgatory.WheelTimer;
import io.vitrine.cluster.quota.ConnectionLimits;
import io.vitrine.cluster.quota.QuotaWindows;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.replica.FetcherDriver;
import io.vitrine.cluster.replica.ReplicaEnvironment;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.security.DelegationTokens;
import io.vitrine.cluster.security.ScramUsers;
import io.vitrine.cluster.security.TokenSettings;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import io.vitrine.cluster.zookeeper.BrokerIdNode;
import io.vitrine.cluster.zookeeper.BrokerRegistrar;
import io.vitrine.cluster.zookeeper.ConfigChanges;
import io.vitrine.cluster.zookeeper.ConfigStore;
import io.vitrine.cluster.zookeeper.ControllerNode;
import io.vitrine.cluster.zookeeper.CreateMode;
import io.vitrine.cluster.zookeeper.CuratorSession;
import io.vitrine.cluster.zookeeper.OldConsumerOffsets;
import io.vitrine.cluster.zookeeper.ProducerIds;
import io.vitrine.cluster.zookeeper.RegistrationException;
import io.vitrine.cluster.zookeeper.TokenStore;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkException;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import io.vitrine.cluster.zookeeper.ZooKeeperSettings;
import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.NodeClients;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.codec.FrameMemory;
import io.vitrine.protocol.server.ProtocolServer;
import io.vitrine.protocol.server.ServedListener;
import io.vitrine.protocol.server.ServerSettings;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.StorageEnvironment;
import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of one broker and the order in which they begin and end, which is Kafka's.
 *
 * <p>Start: ZooKeeper session, top-level nodes, identity, log recovery, port, replica manager,
 * registration, controller, config changes, requests. Stop: network, coordinators, replicas, logs,
 * controller, session. A part that never began is null and passed over when ending, so that a
 * failed start gives everything back. Called by one thread at a time, see {@link Broker}.
 */
final class BrokerParts implements SessionEvents.Owner {
  private static final long METADATA_WAIT_MS = 3_000;
  private static final Logger LOG = LoggerFactory.getLogger(BrokerParts.class);

  /** They wait for the disk, which serves as many at once in about the time of one. */
  private static final int ORDER_THREADS = 8;

  private static final long ORDER_THREADS_IDLE_MS = 10_000;
  private static final long FORGET_IDLE_SECONDS = 30;
  private static final int CLIENT_THREADS = 1;
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final long THREADS_TIMEOUT_MS = 5_000;

  /** What the controller reads in {@code /log_dir_event_notification}; event 1 is a failure. */
  private static final String DIRECTORY_FAILED = "{\"version\":1,\"broker\":%d,\"event\":1}";

  private final EventSink events;
  private final BrokerClocks clocks;
  private final Consumer<String> fatal;
  private final AtomicBoolean fatalTold = new AtomicBoolean();
  private final CountDownLatch killRequested;
  private final FileAccess files;
  private final SessionEvents session;

  /** From its properties; from {@link #openLogs} on with what ZooKeeper held at the start. */
  private BrokerConfig config;

  /** The settings as they change. */
  private DynamicBrokerConfig settings;

  private final JmxNames jmxNames;
  private volatile BrokerBeans beans;
  private ZooKeeperSession zooKeeper;
  private BrokerRegistrar registrar;
  private Identity identity;
  private String threadPrefix;
  private ScheduledThreadPoolExecutor scheduler;
  private ExecutorService configThread;
  private ExecutorService aclThread;
  private ExecutorService tokenThread;
  private ExecutorService producerIdThread;
  private ExecutorService directoryThread;
  private ExecutorService orderThreads;
  private TopicStore topicStore;
  private ConfigStore configStore;
  private TopicConfigs topicConfigs;
  private LogManager logs;
  private NodeClients clients;
  private Quotas quotas;
  private ConnectionLimits connectionLimits;
  private ClientLimits clientLimits;
  private ProducerIds producerIds;
  private MetadataCache metadata;
  private WheelTimer timer;
  private ReplicaManager replicas;
  private TransactionCoordinator transactions;
  private InternalTopic offsetsTopic;
  private InternalTopic transactionTopic;
  private GroupCoordinator groups;
  private Controller controller;
  private ConfigChanges configChanges;
  private ProtocolServer server;
  private BrokerSecurity security;
  private ScramUsers scramUsers;
  private Authorizers authorizers;

  /** Empty when none are given; null until {@link #assemble}. */
  private volatile Optional<DelegationTokens> tokens;

  /** Where it listens, in the order of its listeners. */
  private List<InetSocketAddress> addresses;

  private volatile long brokerEpoch = -1;

  private final Object starting = new Object();

  /** The starting thread while it waits for ZooKeeper; guarded by {@link #starting}. */
  private Thread connecting;

  private volatile boolean startGivenUp;

  BrokerParts(
      BrokerConfig config,
      EventSink events,
      BrokerClocks clocks,
      FileAccess files,
      Consumer<String> fatal,
      CountDownLatch killRequested,
      JmxNames jmxNames) {
    this.config = config;
    this.events =
        (broker, event) -> {
          BrokerBeans hearing = beans;
          if (hearing != null) {
            hearing.report(broker, event);
          }
          if (event instanceof ClusterEvent.ControllerElected && tokens != null) {
            tokens.ifPresent(DelegationTokens::expireAll);
          }
          events.report(broker, event);
        };
    this.clocks = clocks;
    this.files = files;
    this.fatal = fatal;
    this.killRequested = killRequested;
    this.jmxNames = jmxNames;
    this.session = new SessionEvents(this.events);
  }

  int id() {
    return identity.id();
  }

  /** Of the first listener. */
  InetSocketAddress address() {
    return addresses.get(0);
  }

  long sessionId() {
    return zooKeeper.sessionId();
  }

  int sessionTimeoutMs() {
    return session.timeoutMs();
  }

  boolean isController() {
    return controller.isActive();
  }

  // ---- start
  // -------------------------------------------------------------------------------------

  /** Starts all parts; on any exception {@link #abort} must follow. */
  void start() throws IOException, InterruptedException {
    connect();
    goOn();
    beans.state(BrokerState.RECOVERY);
    openLogs();
    goOn();
    assemble();
    transactions.start();
    untilSessionHolds(clientLimits::load);
    untilSessionHolds(scramUsers::load);
    groups.start();
    addresses = server.bind();
    warnOfOpenListeners();
    session.owner(this);
    goOn();
    untilSessionHolds(this::register);
    untilSessionHolds(() -> tokens.ifPresent(DelegationTokens::start));
    authorizers.start(identity.clusterId(), id(), advertised(), config.interBrokerListenerName());
    controller.start();
    if (!config.interBrokerProtocol().hasAllocateProducerIds()) {
      producerIds.reserve();
    }
    configChanges.start();
    server.startAccepting();
    awaitMetadata();
    beans.state(BrokerState.RUNNING);
  }

  /**
   * Makes {@link #start} fail before its next step, unless it is registered already; waiting for
   * ZooKeeper ends at once, the recovery of logs does not. From any thread.
   */
  void giveUpStart() {
    synchronized (starting) {
      startGivenUp = true;
      if (connecting != null) {
        connecting.interrupt();
      }
    }
  }

  private void goOn() throws IOException {
    if (startGivenUp) {
      throw new IOException("the broker was stopped while it started");
    }
  }

  /**
   * To serve is to know the cluster: clients that come at once must find every topic. A controller
   * introduces a new broker within milliseconds; without one, nobody is waited for for long.
   */
  private void awaitMetadata() {
    List<String> topics =
        topicStore
            .topicsThatStay()
            .completeOnTimeout(List.of(), METADATA_WAIT_MS, TimeUnit.MILLISECONDS)
            .exceptionally(sessionEnded -> List.of())
            .join();
    new MetadataWait(metadata, scheduler)
        .until(image -> image.isAlive(id()) && image.topics().containsAll(topics), METADATA_WAIT_MS)
        .join();
  }

  /** A step of the start. */
  private interface Step {
    void take() throws IOException;
  }

  /**
   * Takes a step again when the session ended meanwhile: nothing of this broker hung on it yet, so
   * that the next session is as good.
   */
  private void untilSessionHolds(Step step) throws IOException {
    while (true) {
      try {
        step.take();
        return;
      } catch (ZkException e) {
        if (e.code() != ZkException.Code.SESSION_EXPIRED) {
          throw e;
        }
        LOG.warn(
            "broker={} the session ended during the start: {}", config.brokerId(), e.toString());
      }
    }
  }

  private void connect() throws IOException, InterruptedException {
    String prefix =
        "broker-" + (config.brokerId() < 0 ? "new" : Integer.toString(config.brokerId())) + "-";
    zooKeeper = openSession(prefix);
    registrar = new BrokerRegistrar(zooKeeper);
    untilSessionHolds(() -> identity = Identity.resolve(config, registrar, files));
    threadPrefix = "broker-" + id() + "-";
    beans = new BrokerBeans(jmxNames, id(), identity.clusterId(), clocks.nanoTime());
    // Each of them may wait for ZooKeeper, and none for another.
    configThread = thread("config-changes");
    aclThread = thread("acls");
    tokenThread = thread("tokens");
    producerIdThread = thread("producer-ids");
    directoryThread = thread("log-dir-failures");
    orderThreads = orderThreads();
    session.established(id(), zooKeeper.sessionId(), zooKeeper.negotiatedTimeoutMs());
  }

  /** Waits for ZooKeeper; the wait ends when the start is given up. */
  private ZooKeeperSession openSession(String prefix) throws IOException, InterruptedException {
    synchronized (starting) {
      goOn();
      connecting = Thread.currentThread();
    }
    try {
      return CuratorSession.connect(
          new ZooKeeperSettings(
              config.zookeeperConnect(),
              config.zookeeperSessionTimeoutMs(),
              config.zookeeperConnectionTimeoutMs()),
          prefix,
          session);
    } catch (InterruptedException e) {
      goOn();
      throw e;
    } finally {
      synchronized (starting) {
        connecting = null;
        if (startGivenUp) {
          Thread.interrupted(); // meant for the wait only
        }
      }
    }
  }

  private void openLogs() throws IOException {
    topicStore = new TopicStore(zooKeeper);
    configStore = new ConfigStore(zooKeeper);
    settings = new DynamicBrokerConfig(id(), config);
    untilSessionHolds(this::renewSecrets);
    untilSessionHolds(this::readSettings);
    config = settings.current();
    scheduler =
        new ScheduledThreadPoolExecutor(
            config.backgroundThreads(), r -> new Thread(r, threadPrefix + "scheduler"));
    scheduler.setRemoveOnCancelPolicy(true);
    // Files of deleted logs that wait to be unlinked are so at the next start.
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    topicConfigs = new TopicConfigs(id(), settings::current, topicStore);
    untilSessionHolds(topicConfigs::load);
    untilSessionHolds(() -> offsetsTopic = asItIs(InternalTopic.consumerOffsets(config)));
    untilSessionHolds(() -> transactionTopic = asItIs(InternalTopic.transactionState(config)));
    logs =
        LogManager.open(
            config.logManagerSettings(),
            topic -> topicConfigs.of(topic).logSettings(),
            new StorageEnvironment(
                clocks.wall(),
                clocks.nanoTime(),
                scheduler,
                clocks.random(),
                files,
                new StorageEvents(id(), events, this::directoryFailed),
                threadPrefix));
    identity.store(files, logs.liveDirectories());
    logs.startBackgroundTasks();
  }

  /** A topic that exists keeps its partitions, whatever the settings say by now. */
  private InternalTopic asItIs(InternalTopic topic) {
    return Waiting.on(topicStore.topic(topic.name()))
        .map(node -> topic.withPartitionCount(node.assignment().size()))
        .orElse(topic);
  }

  private void assemble() {
    security = new BrokerSecurity(id(), config, clocks);
    scramUsers = new ScramUsers(configStore, security.credentials());
    authorizers = new Authorizers(config, zooKeeper, aclThread, clocks.wall());
    tokens = TokenSettings.of(config).map(this::delegationTokens);
    clients =
        new SocketClients(
            threadPrefix,
            CLIENT_THREADS,
            new ClientSettings(
                "broker-" + id(),
                CONNECT_TIMEOUT_MS,
                config.controllerSocketTimeoutMs(),
                Integer.MAX_VALUE),
            security.client());
    metadata = new MetadataCache();
    metadata.onChange(() -> topicConfigs.retain(metadata.image().topics()));
    timer = new WheelTimer(threadPrefix + "purgatory", clocks.nanoTime());
    timer.start();
    replicas =
        new ReplicaManager(
            new ReplicaEnvironment(
                id(),
                () -> brokerEpoch,
                config,
                logs,
                metadata,
                clients,
                topic -> topicConfigs.of(topic).minInsyncReplicas(),
                events,
                clocks.nanoTime(),
                scheduler,
                timer,
                clocks.random(),
                FetcherDriver.threads(),
                new IsrWrites(zooKeeper),
                orderThreads,
                beans.traffic()));
    topicConfigs
        .known()
        .forEach((topic, settings) -> replicas.quotas().throttle(topic, settings, id()));
    replicas.quotas().limit(config.replicationThrottles());
    controller =
        new Controller(
            id(),
            settings::current,
            zooKeeper,
            clients,
            events,
            clocks.wall(),
            clocks.nanoTime(),
            scheduler,
            new ControllerThread(threadPrefix + "controller"));
    settings.register(new LogReconfiguration(topicConfigs, logs, controller));
    settings.register(new ThrottleReconfiguration(replicas.quotas()));
    settings.register(new VerificationReconfiguration(replicas));
    settings.register(new CleanerReconfiguration(logs));
    makeLimits();
    settings.register(security);
    configChanges = new ConfigChanges(zooKeeper, configThread, clocks.wall(), this::reconfigured);
    producerIds = new ProducerIds(zooKeeper, id());
    transactions =
        new TransactionCoordinator(
            id(),
            config,
            transactionTopic,
            replicas,
            metadata,
            clients,
            producerIds::next,
            clocks.wall(),
            events);
    groups =
        new GroupCoordinator(
            id(),
            threadPrefix,
            config,
            offsetsTopic,
            replicas,
            timer,
            clocks.wall(),
            scheduler,
            UUID::randomUUID,
            events);
    metadata.onDeletion(groups::partitionsDeleted);
    HandlerRegistry registry = new HandlerRegistry(handlers(), authorizers.authorizer(), quotas);
    FrameMemory memory = new FrameMemory(config.queuedMaxRequestBytes());
    MeasuredRequests measured = new MeasuredRequests(registry, quotas, beans);
    server =
        new ProtocolServer(
            config.listeners().stream().map(this::served).toList(),
            registry,
            measured,
            measured,
            connectionLimits,
            memory,
            clocks.nanoTime());
    beans.watch(server, memory, replicas, logs, controller, metadata, scheduler);
    settings.register(new ThreadReconfiguration(server, replicas, scheduler));
  }

  private DelegationTokens delegationTokens(TokenSettings how) {
    DelegationTokens made =
        new DelegationTokens(
            id(),
            how,
            security.credentials().tokens(),
            new TokenStore(zooKeeper),
            tokenThread,
            clocks.wall(),
            Uuid::randomUuid);
    scheduler.scheduleAtFixedRate(
        () -> {
          if (controller.isActive()) {
            made.expireAll();
          }
        },
        how.checkIntervalMs(),
        how.checkIntervalMs(),
        TimeUnit.MILLISECONDS);
    return made;
  }

  private void makeLimits() {
    ClockTime time = new ClockTime(clocks.nanoTime());
    QuotaWindows windows =
        new QuotaWindows(config.quotaWindowNum(), config.quotaWindowSizeSeconds());
    quotas =
        new Quotas(
            windows,
            new QuotaWindows(
                config.controllerQuotaWindowNum(), config.controllerQuotaWindowSizeSeconds()),
            beans.sensors(),
            time::milliseconds);
    connectionLimits =
        new ConnectionLimits(
            ConnectionReconfiguration.bounds(config),
            config.listeners().stream().map(Endpoint::listenerName).toList(),
            config.interBrokerListenerName(),
            windows,
            beans.sensors(),
            time::milliseconds);
    ConnectionReconfiguration connections = new ConnectionReconfiguration(connectionLimits);
    connections.limitListeners(config);
    settings.register(connections);
    scheduler.scheduleWithFixedDelay(
        () -> {
          quotas.forgetIdle();
          connectionLimits.forgetIdle();
        },
        FORGET_IDLE_SECONDS,
        FORGET_IDLE_SECONDS,
        TimeUnit.SECONDS);
    clientLimits = new ClientLimits(id(), configStore, quotas, connectionLimits);
  }

  private ServedListener served(Endpoint listener) {
    return new ServedListener(
        new ServerSettings(
            listener.listenerName(),
            listener.host(),
            listener.port(),
            config.numNetworkThreads(),
            config.numIoThreads(),
            config.queuedMaxRequests(),
            config.socketRequestMaxBytes(),
            config.maxConnections(),
            config.maxConnectionsPerIp(),
            config.connectionsMaxIdleMs(),
            config.socketListenBacklogSize(),
            config.socketSendBufferBytes(),
            config.socketReceiveBufferBytes(),
            threadPrefix),
        security.listener(listener.listenerName()));
  }

  private List<ApiHandler> handlers() {
    Authorizer authorizer = authorizers.authorizer();
    MetadataWait wait = new MetadataWait(metadata, scheduler);
    AutoTopicCreation autoCreation =
        new AutoTopicCreation(
            id(), config, metadata, clients, List.of(offsetsTopic, transactions.topic()));
    OldConsumerOffsets oldOffsets = new OldConsumerOffsets(zooKeeper);
    boolean staticMembers = config.interBrokerProtocol().hasStaticMembers();
    List<ApiHandler> all = new ArrayList<>();
    all.add(new ProduceHandler(replicas, metadata, authorizer));
    all.add(
        new FetchHandler(
            replicas,
            metadata,
            config.fetchMaxBytes(),
            quotas,
            beans.traffic(),
            authorizer,
            new OlderFormats(topic -> topicConfigs.of(topic).messageDownConversionEnable())));
    all.add(new DeleteRecordsHandler(replicas, metadata, authorizer));
    all.add(new ListOffsetsHandler(replicas, authorizer));
    all.add(new OffsetForLeaderEpochHandler(replicas, authorizer));
    all.add(new LeaderAndIsrHandler(replicas));
    all.add(new StopReplicaHandler(replicas));
    all.add(new UpdateMetadataHandler(replicas));
    all.add(new ControlledShutdownHandler(controller));
    all.add(new AlterPartitionHandler(controller));
    all.add(new AllocateProducerIdsHandler(controller));
    all.add(new ElectLeadersHandler(controller, metadata, wait, authorizer));
    all.add(
        new CreateTopicsHandler(
            controller, settings, metadata, topicStore, wait, clocks.random(), quotas, authorizer));
    all.add(
        new DeleteTopicsHandler(
            controller, config, metadata, topicStore, wait, quotas, authorizer));
    all.add(
        new CreatePartitionsHandler(controller, metadata, topicStore, wait, quotas, authorizer));
    all.add(new AlterPartitionReassignmentsHandler(controller));
    all.add(new ListPartitionReassignmentsHandler(controller));
    all.add(
        new MetadataHandler(
            metadata,
            autoCreation,
            config.autoCreateTopicsEnable(),
            identity.clusterId(),
            authorizer));
    all.add(new DescribeClusterHandler(metadata, identity.clusterId(), authorizer));
    BrokerLoggers loggers = new BrokerLoggers(id());
    ConfigWriter configWriter = new ConfigWriter(id(), metadata, settings, configStore, authorizer);
    all.add(new DescribeConfigsHandler(id(), settings, loggers, metadata, topicStore, authorizer));
    all.add(new IncrementalAlterConfigsHandler(configWriter, loggers, authorizer));
    all.add(new AlterConfigsHandler(configWriter));
    all.add(new DescribeClientQuotasHandler(configStore));
    all.add(new AlterClientQuotasHandler(configStore));
    all.add(new UpdateFeaturesHandler(controller, config.interBrokerProtocol()));
    all.add(new InitProducerIdHandler(producerIds, transactions, producerIdThread, authorizer));
    all.add(new AddPartitionsToTxnHandler(transactions, metadata, authorizer));
    all.add(new AddOffsetsToTxnHandler(transactions, offsetsTopic, authorizer));
    all.add(new EndTxnHandler(transactions, authorizer));
    all.add(
        new WriteTxnMarkersHandler(
            replicas, groups::transactionEnded, config.requestTimeoutMs(), authorizer));
    all.add(new DescribeTransactionsHandler(transactions, authorizer));
    all.add(new ListTransactionsHandler(transactions, clocks.wall(), authorizer));
    all.add(new DescribeProducersHandler(replicas, metadata, authorizer));
    all.add(
        new FindCoordinatorHandler(
            Map.of(
                CoordinatorType.GROUP,
                offsetsTopic,
                CoordinatorType.TRANSACTION,
                transactions.topic()),
            metadata,
            autoCreation,
            authorizer));
    all.add(new JoinGroupHandler(groups, staticMembers, authorizer));
    all.add(new SyncGroupHandler(groups, staticMembers, authorizer));
    all.add(new HeartbeatHandler(groups, staticMembers, authorizer));
    all.add(new LeaveGroupHandler(groups, authorizer));
    all.add(
        new OffsetCommitHandler(
            groups,
            metadata,
            oldOffsets,
            clocks.wall(),
            config.offsetMetadataMaxBytes(),
            staticMembers,
            authorizer));
    all.add(new OffsetFetchHandler(groups, metadata, oldOffsets, authorizer));
    all.add(new TxnOffsetCommitHandler(groups, metadata, clocks.wall(), authorizer));
    all.add(new OffsetDeleteHandler(groups, metadata, authorizer));
    all.add(new DescribeGroupsHandler(groups, authorizer));
    all.add(new ListGroupsHandler(groups, authorizer));
    all.add(new DeleteGroupsHandler(groups, authorizer));
    all.add(new DescribeLogDirsHandler(logs, authorizer));
    all.add(new AlterReplicaLogDirsHandler(replicas));
    all.add(new DescribeAclsHandler(authorizer));
    all.add(new CreateAclsHandler(authorizer));
    all.add(new DeleteAclsHandler(authorizer));
    all.add(new DescribeUserScramCredentialsHandler(configStore));
    all.add(new AlterUserScramCredentialsHandler(controller, configStore, authorizer));
    all.add(new CreateDelegationTokenHandler(tokens, authorizer));
    all.add(new RenewDelegationTokenHandler(tokens));
    all.add(new ExpireDelegationTokenHandler(tokens));
    all.add(new DescribeDelegationTokenHandler(tokens, authorizer));
    all.addAll(SaslOutOfTurnHandler.both());
    all.add(new ApiVersionsHandler(all, config.interBrokerProtocol()));
    return all;
  }

  private void register() {
    List<Endpoint> advertised = advertised();
    Map<String, String> protocols = new LinkedHashMap<>();
    advertised.forEach(each -> protocols.put(each.listenerName(), each.securityProtocol().name));
    // What clients of old read.
    Optional<Endpoint> plain =
        advertised.stream()
            .filter(each -> each.securityProtocol() == SecurityProtocol.PLAINTEXT)
            .findFirst();
    brokerEpoch =
        registrar.register(
            new BrokerIdNode(
                config.interBrokerProtocol().brokerNodeVersion(),
                id(),
                plain.map(Endpoint::host).orElse(null),
                plain.map(Endpoint::port).orElse(-1),
                advertised.stream().map(Endpoint::connectionString).toList(),
                protocols,
                config.rack(),
                clocks.wall().millis()));
    events.report(
        id(),
        new ClusterEvent.BrokerRegistered(
            brokerEpoch,
            advertised.get(0).host(),
            advertised.get(0).port(),
            config.rack().orElse(""),
            identity.broker().source()));
  }

  /**
   * What others are told: the real port where any free one was asked for, this machine's name where
   * no address is given.
   */
  private List<Endpoint> advertised() {
    List<Endpoint> told = new ArrayList<>();
    for (Endpoint endpoint : config.advertisedListeners()) {
      Endpoint actual = endpoint.port() == 0 ? endpoint.withPort(port(endpoint)) : endpoint;
      told.add(actual.host().isBlank() ? actual.withHost(ownName()) : actual);
    }
    return told;
  }

  private int port(Endpoint advertised) {
    List<String> names = config.listeners().stream().map(Endpoint::listenerName).toList();
    return addresses.get(names.indexOf(advertised.listenerName())).getPort();
  }

  private static String ownName() {
    try {
      return InetAddress.getLocalHost().getCanonicalHostName();
    } catch (UnknownHostException e) {
      throw new ConfigException(
          "advertised.listeners", "", "this machine does not know its own name: give an address");
    }
  }

  /** Whoever reaches a plaintext listener may do everything unless an authorizer says otherwise. */
  private void warnOfOpenListeners() {
    for (int i = 0; i < addresses.size(); i++) {
      Endpoint listener = config.listeners().get(i);
      InetSocketAddress bound = addresses.get(i);
      if (listener.securityProtocol() == SecurityProtocol.PLAINTEXT
          && !bound.getAddress().isLoopbackAddress()) {
        LOG.warn(
            "broker={} listener={} is open to every machine that reaches {}: nobody is asked who"
                + " they are and everybody may read along. Bind it to 127.0.0.1, or give it"
                + " SSL, SASL_SSL or SASL_PLAINTEXT in listener.security.protocol.map.",
            id(),
            listener.listenerName(),
            bound);
      }
    }
  }

  // ---- while it runs
  // -----------------------------------------------------------------------------

  @Override
  public void sessionExpired() {
    controller.sessionExpired();
  }

  @Override
  public void sessionRenewed() {
    controller.sessionRenewed(
        () -> {
          try {
            register();
          } catch (RegistrationException e) {
            tellFatal(e.getMessage());
            throw e; // whoever is to be killed takes part in no election
          }
        });
    configChanges.renewed();
    authorizers.renewed();
    tokens.ifPresent(DelegationTokens::renewed);
  }

  /** Something's settings changed; on the thread of the config changes. */
  private void reconfigured(String entityPath) {
    if (entityPath.equals(ConfigStore.ALL_BROKERS) || entityPath.equals(ConfigStore.broker(id()))) {
      readSettings();
      return;
    }
    if (ScramUsers.concerns(entityPath)) {
      scramUsers.take(entityPath);
    }
    if (ClientLimits.concerns(entityPath)) {
      clientLimits.take(entityPath);
      return;
    }
    if (!entityPath.startsWith("topics/")) {
      LOG.debug("broker={} settings of {} are not live here", id(), entityPath);
      return;
    }
    String topic = entityPath.substring("topics/".length());
    Map<String, String> own = Waiting.on(topicStore.topicConfig(topic));
    TopicConfig inForce = topicConfigs.put(topic, own);
    logs.updateSettings(topic, inForce.logSettings());
    replicas.quotas().throttle(topic, inForce, id());
    if (inForce.uncleanLeaderElectionEnable()) {
      controller.uncleanElectionAllowed(topic);
    }
    if (controller.isActive()) {
      events.report(id(), new ClusterEvent.TopicConfigChanged(topic, own));
    }
  }

  /** Passwords in ZooKeeper that an old secret encrypted are encrypted with the new one. */
  private void renewSecrets() {
    String own = ConfigStore.broker(id());
    settings
        .withNewSecret(Waiting.on(configStore.read(own)))
        .ifPresent(renewed -> Waiting.on(configStore.change(own, renewed)));
  }

  /** Takes the settings made on this broker and on all. */
  private void readSettings() {
    settings.update(
        Waiting.on(configStore.read(ConfigStore.ALL_BROKERS)),
        Waiting.on(configStore.read(ConfigStore.broker(id()))));
  }

  /** On the thread that met the error, perhaps under a log's lock: only hands over. */
  private void directoryFailed(Path directory, IOException cause) {
    handOver(
        () -> {
          if (replicas == null) {
            // Still starting: the replicas of that directory do not begin.
            return;
          }
          replicas.logDirectoryFailed(directory);
          if (!config.interBrokerProtocol().survivesFailedDirectories()) {
            tellFatal(
                "The log directory "
                    + directory
                    + " has failed: "
                    + cause.getMessage()
                    + ". Brokers of "
                    + config.interBrokerProtocol()
                    + " do not survive that. Mend the disk, then start the broker again.");
          } else if (logs.liveDirectories().isEmpty()) {
            tellFatal(
                "All log directories have failed, the last one "
                    + directory
                    + ": "
                    + cause.getMessage()
                    + ". Mend the disk or free some space, then start the broker again.");
          } else {
            zooKeeper.create(
                ZkPaths.LOG_DIR_EVENT_PREFIX,
                String.format(DIRECTORY_FAILED, id()).getBytes(StandardCharsets.UTF_8),
                CreateMode.PERSISTENT_SEQUENTIAL);
          }
        });
  }

  private void tellFatal(String reason) {
    if (fatalTold.compareAndSet(false, true)) {
      fatal.accept(reason);
    }
  }

  private void handOver(Runnable task) {
    try {
      directoryThread.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("broker={} ends, nothing is handed over any more", id());
    }
  }

  List<ClusterEvent.Sample> sample() {
    List<ClusterEvent.ReplicaSample> samples = replicas.sample();
    return List.of(
        new ClusterEvent.BrokerSampled(
            samples,
            PipelineSampler.requests(
                server.sample(),
                replicas.waitingProduces(),
                replicas.waitingFetches(),
                replicas.recordsAppended()),
            PipelineSampler.storage(logs)),
        groups.sample(),
        transactions.sample(replicas.openTransactions()));
  }

  // ---- end
  // ---------------------------------------------------------------------------------------

  /** Hands leadership over; gives up when a kill is asked for. */
  void drain() {
    beans.state(BrokerState.PENDING_CONTROLLED_SHUTDOWN);
    if (!config.controlledShutdownEnable()) {
      return;
    }
    ControlledShutdown shutdown =
        new ControlledShutdown(
            id(),
            () -> brokerEpoch,
            config,
            metadata,
            this::controllerInZooKeeper,
            clients,
            events,
            killRequested);
    try {
      shutdown.drain(session.connected());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Whatever keeps it from handing over must not keep it from closing its logs.
      LOG.warn("broker={} goes without having handed everything over", id(), e);
    }
  }

  private CompletableFuture<Optional<Integer>> controllerInZooKeeper() {
    return zooKeeper
        .get(ZkPaths.CONTROLLER)
        .thenApply(node -> node.map(n -> ControllerNode.decode(n.data()).brokerId()));
  }

  /**
   * Ends in order. The session is closed before the logs are flushed, which may take long: until
   * the broker is seen to be gone, high watermarks wait for its replicas, and producers with them.
   */
  void stop() {
    quietly("network", server, ProtocolServer::close);
    quietly("config changes", configChanges, ConfigChanges::close);
    quietly("transactions", transactions, TransactionCoordinator::close);
    quietly("authorizer", authorizers, Authorizers::close);
    quietly("tokens", tokens, each -> each.ifPresent(DelegationTokens::close));
    quietly("groups", groups, GroupCoordinator::close);
    quietly("replicas", replicas, ReplicaManager::close);
    quietly("purgatory", timer, WheelTimer::close);
    quietly("controller", controller, Controller::close);
    quietly("connections to brokers", clients, NodeClients::close);
    quietly("metrics", beans, BrokerBeans::close);
    quietly("security", security, BrokerSecurity::close);
    if (zooKeeper != null) {
      session.owner(null);
      quietly("session", zooKeeper, ZooKeeperSession::close);
      session.closed();
    }
    quietly("logs", logs, LogManager::close);
    endThreads();
  }

  /** Gives back what a failed start took. */
  void abort() {
    stop();
  }

  /** Drops everything as the death of the process would. */
  void kill() {
    session.owner(null);
    quietly("network", server, ProtocolServer::kill);
    quietly("session", zooKeeper, ZooKeeperSession::abandon);
    quietly("connections to brokers", clients, NodeClients::kill);
    quietly("metrics", beans, BrokerBeans::close);
    quietly("security", security, BrokerSecurity::close);
    quietly("controller", controller, Controller::kill);
    quietly("transactions", transactions, TransactionCoordinator::close);
    quietly("groups", groups, GroupCoordinator::close);
    quietly("replicas", replicas, ReplicaManager::kill);
    quietly("purgatory", timer, WheelTimer::close);
    quietly("logs", logs, LogManager::abandon);
    threads().forEach(ExecutorService::shutdownNow);
    endThreads();
  }

  private ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(r -> new Thread(r, threadPrefix + name));
  }

  /** Started with the first order that needs them, and gone when none came for a while. */
  private ExecutorService orderThreads() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            ORDER_THREADS,
            ORDER_THREADS,
            ORDER_THREADS_IDLE_MS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            r -> new Thread(r, threadPrefix + "order-" + number.getAndIncrement()),
            // The broker is ending: whoever brought the order carries it out.
            (task, ended) -> task.run());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** The threads there are by now. */
  private List<ExecutorService> threads() {
    return Stream.of(
            configThread,
            aclThread,
            tokenThread,
            producerIdThread,
            directoryThread,
            orderThreads,
            scheduler)
        .filter(Objects::nonNull)
        .toList();
  }

  private void endThreads() {
    threads().forEach(executor -> quietly("threads", executor, this::end));
  }

  private <T> void quietly(String what, T part, Consumer<T> end) {
    if (part == null) {
      return;
    }
    try {
      end.accept(part);
    } catch (RuntimeException e) {
      LOG.warn("broker={} {} did not end as it should", config.brokerId(), what, e);
    }
  }

  private void end(ExecutorService executor) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(THREADS_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
