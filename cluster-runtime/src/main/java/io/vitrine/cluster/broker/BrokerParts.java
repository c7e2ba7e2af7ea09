package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.handler.ApiHandler;
import io.vitrine.cluster.handler.ApiVersionsHandler;
import io.vitrine.cluster.handler.AutoTopicCreation;
import io.vitrine.cluster.handler.HandlerRegistry;
import io.vitrine.cluster.handler.MetadataWait;
import io.vitrine.cluster.jmx.BrokerBeans;
import io.vitrine.cluster.jmx.BrokerState;
import io.vitrine.cluster.jmx.LateTransactions;
import io.vitrine.cluster.metric.JmxNames;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.security.DelegationTokens;
import io.vitrine.cluster.security.ScramUsers;
import io.vitrine.cluster.zookeeper.BrokerRegistrar;
import io.vitrine.cluster.zookeeper.ConfigChanges;
import io.vitrine.cluster.zookeeper.ConfigStore;
import io.vitrine.cluster.zookeeper.ControllerNode;
import io.vitrine.cluster.zookeeper.OldConsumerOffsets;
import io.vitrine.cluster.zookeeper.ProducerIds;
import io.vitrine.cluster.zookeeper.RegistrationException;
import io.vitrine.cluster.zookeeper.TimedSession;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.gate.WireTap;
import io.vitrine.protocol.server.ProtocolServer;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.StorageEnvironment;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.log.PartitionLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
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
  private static final Logger LOG = LoggerFactory.getLogger(BrokerParts.class);
  private static final long METADATA_WAIT_MS = 3_000;
  private static final int CLIENT_THREADS = 1;
  private static final int CONNECT_TIMEOUT_MS = 5_000;

  private final EventSink events;
  private final BrokerClocks clocks;
  private final Consumer<String> fatal;
  private final CountDownLatch killRequested;
  private final FileAccess files;
  private final JmxNames jmxNames;
  private final WireTap tap;
  private final SessionEvents session;
  private final Startup startup;

  /** From its properties; from {@link #openLogs} on with what ZooKeeper held at the start. */
  private BrokerConfig config;

  /** The settings as they change. */
  private DynamicBrokerConfig settings;

  private volatile BrokerBeans beans;
  private ZooKeeperSession zooKeeper;
  private Identity identity;
  private BrokerThreads threads;
  private TopicStore topicStore;
  private ConfigStore configStore;
  private Registration registration;
  private DirectoryFailures directoryFailures;
  private TopicConfigs topicConfigs;
  private CoordinatorParts.Topics coordinatorTopics;
  private LogManager logs;
  private BrokerSecurity security;
  private ScramUsers scramUsers;
  private Authorizers authorizers;
  private SocketClients clients;
  private ReplicationParts replication;
  private LimitParts limits;

  /** Empty when none are given; null until {@link #assemble}. */
  private volatile Optional<DelegationTokens> tokens;

  private CoordinatorParts coordinators;
  private ConfigChanges configChanges;
  private ProtocolServer server;
  private BrokerListeners listeners;

  BrokerParts(
      BrokerConfig config,
      EventSink events,
      BrokerClocks clocks,
      FileAccess files,
      Consumer<String> fatal,
      CountDownLatch killRequested,
      JmxNames jmxNames,
      WireTap tap) {
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
    this.fatal = once(fatal);
    this.killRequested = killRequested;
    this.jmxNames = jmxNames;
    this.tap = tap;
    this.session = new SessionEvents(this.events);
    this.startup = new Startup(config.brokerId());
  }

  private static Consumer<String> once(Consumer<String> hearer) {
    AtomicBoolean told = new AtomicBoolean();
    return reason -> {
      if (told.compareAndSet(false, true)) {
        hearer.accept(reason);
      }
    };
  }

  int id() {
    return identity.id();
  }

  /** Of the first listener. */
  InetSocketAddress address() {
    return listeners.first();
  }

  long sessionId() {
    return zooKeeper.sessionId();
  }

  int sessionTimeoutMs() {
    return session.timeoutMs();
  }

  boolean isController() {
    return replication.controller().isActive();
  }

  // ---- start
  // -------------------------------------------------------------------------------------

  /** Starts all parts; on any exception {@link #abort} must follow. */
  void start() throws IOException, InterruptedException {
    connect();
    startup.goOn();
    beans.state(BrokerState.RECOVERY);
    openLogs();
    startup.goOn();
    assemble();
    replication.timer().start();
    coordinators.transactions().start();
    startup.untilSessionHolds(limits.ofClients()::load);
    startup.untilSessionHolds(scramUsers::load);
    coordinators.groups().start();
    listeners.bind();
    session.owner(this);
    startup.goOn();
    startup.untilSessionHolds(this::register);
    startup.untilSessionHolds(() -> tokens.ifPresent(DelegationTokens::start));
    authorizers.start(
        identity.clusterId(), id(), listeners.advertised(), config.interBrokerListenerName());
    replication.controller().start();
    if (!config.interBrokerProtocol().hasAllocateProducerIds()) {
      coordinators.producerIds().reserve();
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
    startup.giveUp();
  }

  private void connect() throws IOException, InterruptedException {
    zooKeeper = startup.connect(config, session);
    BrokerRegistrar first = new BrokerRegistrar(zooKeeper);
    startup.untilSessionHolds(() -> identity = Identity.resolve(config, first, files));
    threads = new BrokerThreads("broker-" + id() + "-", config.backgroundThreads());
    beans = new BrokerBeans(jmxNames, id(), identity.clusterId(), clocks.nanoTime());
    zooKeeper = new TimedSession(zooKeeper, clocks.nanoTime(), beans::zooKeeperAnswered);
    session.established(id(), zooKeeper.sessionId(), zooKeeper.negotiatedTimeoutMs());
    registration =
        new Registration(identity, config, new BrokerRegistrar(zooKeeper), events, clocks.wall());
  }

  private void openLogs() throws IOException {
    topicStore = new TopicStore(zooKeeper);
    configStore = new ConfigStore(zooKeeper);
    settings = new DynamicBrokerConfig(id(), config);
    StoredSettings stored = new StoredSettings(id(), settings, configStore);
    startup.untilSessionHolds(stored::renewSecrets);
    startup.untilSessionHolds(stored::take);
    config = settings.current();
    threads.scheduler().setCorePoolSize(config.backgroundThreads());
    topicConfigs = new TopicConfigs(id(), settings::current, topicStore);
    startup.untilSessionHolds(topicConfigs::load);
    startup.untilSessionHolds(
        () -> coordinatorTopics = CoordinatorParts.Topics.read(config, topicStore));
    directoryFailures =
        new DirectoryFailures(
            id(), config.interBrokerProtocol(), zooKeeper, threads.directoryFailures(), fatal);
    logs =
        LogManager.open(
            config.logManagerSettings(),
            topic -> topicConfigs.of(topic).logSettings(),
            new StorageEnvironment(
                clocks.wall(),
                clocks.nanoTime(),
                threads.scheduler(),
                clocks.random(),
                files,
                new StorageEvents(id(), events, beans, directoryFailures::failed),
                threads.prefix()));
    identity.store(files, logs.liveDirectories());
    logs.startBackgroundTasks();
  }

  private void assemble() {
    security = new BrokerSecurity(id(), config, clocks);
    scramUsers = new ScramUsers(configStore, security.credentials());
    authorizers = new Authorizers(config, zooKeeper, threads.acls(), clocks.wall());
    clients =
        new SocketClients(
            threads.prefix(),
            CLIENT_THREADS,
            new ClientSettings(
                "broker-" + id(),
                CONNECT_TIMEOUT_MS,
                config.controllerSocketTimeoutMs(),
                Integer.MAX_VALUE),
            security.client());
    replication =
        ReplicationParts.of(
            id(),
            registration::brokerEpoch,
            settings,
            logs,
            topicConfigs,
            clients,
            zooKeeper,
            clocks,
            threads,
            events,
            beans.traffic());
    directoryFailures.hosted(logs, replication.replicas());
    tokens =
        TokenParts.of(
            id(), config, security, zooKeeper, replication.controller(), threads, clocks.wall());
    limits =
        LimitParts.of(
            id(), config, configStore, beans.sensors(), clocks.nanoTime(), threads.scheduler());
    coordinators =
        CoordinatorParts.of(
            id(),
            config,
            coordinatorTopics,
            replication,
            clients,
            new ProducerIds(zooKeeper, id()),
            clocks,
            threads,
            events);
    SettingsChanges changes =
        new SettingsChanges(
            id(),
            new StoredSettings(id(), settings, configStore),
            topicStore,
            topicConfigs,
            logs,
            replication,
            scramUsers,
            limits.ofClients(),
            events);
    configChanges =
        new ConfigChanges(zooKeeper, threads.configChanges(), clocks.wall(), changes::take);
    serve();
    replication.follow(settings, topicConfigs, logs);
    settings.register(new CleanerReconfiguration(logs));
    limits.follow(settings);
    limits.follow(replication.metadata(), identity.clusterId(), config.interBrokerListenerName());
    settings.register(security);
    settings.register(
        new ThreadReconfiguration(server, replication.replicas(), threads.scheduler()));
    settings.register(listeners);
    settings.register(new TierReconfiguration());
  }

  private void serve() {
    HandlerRegistry registry =
        new HandlerRegistry(handlers(), authorizers.authorizer(), limits.quotas());
    ServerParts parts =
        ServerParts.of(
            config, security, registry, limits, beans, tap, clocks.nanoTime(), threads.prefix());
    server = parts.server();
    listeners =
        new BrokerListeners(
            id(),
            threads.prefix(),
            settings::current,
            security,
            server,
            events,
            registration::update);
    beans.watch(
        server,
        parts.memory(),
        replication.replicas(),
        logs,
        replication.controller(),
        replication.metadata(),
        new LateTransactions(config.transactionMaxTimeoutMs(), clocks.wall()),
        threads.scheduler());
    beans.watch(coordinators.groups(), coordinators.transactions());
  }

  private List<ApiHandler> handlers() {
    Authorizer authorizer = authorizers.authorizer();
    AutoTopicCreation autoCreation =
        new AutoTopicCreation(
            id(),
            config,
            replication.metadata(),
            clients,
            List.of(coordinatorTopics.consumerOffsets(), coordinatorTopics.transactionState()));
    List<ApiHandler> all = new ArrayList<>();
    all.addAll(
        new RecordHandlers(
                config,
                replication.replicas(),
                replication.metadata(),
                logs,
                topicConfigs,
                limits.quotas(),
                beans.traffic(),
                authorizer)
            .all());
    all.addAll(new BetweenBrokersHandlers(replication.replicas(), replication.controller()).all());
    all.addAll(
        new AdministrationHandlers(
                identity,
                settings,
                replication.controller(),
                replication.metadata(),
                new MetadataWait(replication.metadata(), threads.scheduler()),
                topicStore,
                configStore,
                autoCreation,
                limits.quotas(),
                clocks.random(),
                authorizer)
            .all());
    all.addAll(
        new CoordinatorHandlers(
                config,
                coordinators,
                replication,
                new OldConsumerOffsets(zooKeeper),
                autoCreation,
                threads.producerIds(),
                clocks.wall(),
                limits.quotas(),
                authorizer)
            .all());
    all.addAll(
        new SecurityHandlers(replication.controller(), configStore, tokens, authorizer).all());
    all.add(new ApiVersionsHandler(all, config.interBrokerProtocol()));
    return all;
  }

  private void register() {
    registration.register(listeners.advertised());
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
    new MetadataWait(replication.metadata(), threads.scheduler())
        .until(image -> image.isAlive(id()) && image.topics().containsAll(topics), METADATA_WAIT_MS)
        .join();
  }

  // ---- while it runs
  // -----------------------------------------------------------------------------

  @Override
  public void sessionExpired() {
    replication.controller().sessionExpired();
  }

  @Override
  public void sessionRenewed() {
    replication
        .controller()
        .sessionRenewed(
            () -> {
              try {
                register();
              } catch (RegistrationException e) {
                fatal.accept(e.getMessage());
                throw e; // whoever is to be killed takes part in no election
              }
            });
    configChanges.renewed();
    authorizers.renewed();
    tokens.ifPresent(DelegationTokens::renewed);
  }

  /** Begins a new segment of a partition that is here. */
  void rollSegment(TopicPartition partition) {
    logs.log(partition).ifPresent(PartitionLog::roll);
  }

  /** Runs retention once and has the cleaner look for a dirty log. */
  void tendLogs() {
    logs.runRetention();
    logs.lookForDirtyLogs();
  }

  List<ClusterEvent.Sample> sample() {
    ReplicaManager replicas = replication.replicas();
    return List.of(
        new ClusterEvent.BrokerSampled(
            replicas.sample(),
            PipelineSampler.requests(
                server.sample(),
                replicas.waitingProduces(),
                replicas.waitingFetches(),
                replicas.recordsAppended()),
            PipelineSampler.storage(logs)),
        PipelineSampler.pipeline(server.pipeline(), replicas),
        coordinators.groups().sample(),
        coordinators.transactions().sample(replicas.openTransactions()));
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
            registration::brokerEpoch,
            config,
            replication.metadata(),
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
    quietly("transactions", coordinators, each -> each.transactions().close());
    quietly("authorizer", authorizers, Authorizers::close);
    quietly("tokens", tokens, each -> each.ifPresent(DelegationTokens::close));
    quietly("groups", coordinators, each -> each.groups().close());
    quietly("replicas", replication, each -> each.replicas().close());
    quietly("purgatory", replication, each -> each.timer().close());
    quietly("controller", replication, each -> each.controller().close());
    quietly("connections to brokers", clients, SocketClients::close);
    quietly("limits", limits, LimitParts::close);
    quietly("metrics", beans, BrokerBeans::close);
    quietly("security", security, BrokerSecurity::close);
    if (zooKeeper != null) {
      session.owner(null);
      quietly("session", zooKeeper, ZooKeeperSession::close);
      session.closed();
    }
    quietly("logs", logs, LogManager::close);
    quietly("threads", threads, BrokerThreads::close);
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
    quietly("connections to brokers", clients, SocketClients::kill);
    quietly("limits", limits, LimitParts::close);
    quietly("metrics", beans, BrokerBeans::close);
    quietly("security", security, BrokerSecurity::close);
    quietly("controller", replication, each -> each.controller().kill());
    quietly("transactions", coordinators, each -> each.transactions().close());
    quietly("groups", coordinators, each -> each.groups().close());
    quietly("replicas", replication, each -> each.replicas().kill());
    quietly("purgatory", replication, each -> each.timer().close());
    quietly("logs", logs, LogManager::abandon);
    quietly("threads", threads, BrokerThreads::kill);
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
}
