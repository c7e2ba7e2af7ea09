package io.vitrine.cluster.supervision;

import io.vitrine.cluster.broker.Broker;
import io.vitrine.cluster.broker.BrokerClocks;
import io.vitrine.cluster.broker.KafkaFrames;
import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.thread.Ending;
import io.vitrine.cluster.wire.WireTrace;
import io.vitrine.cluster.zookeeper.EmbeddedEnsemble;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ZooKeeper and brokers 1 to n in this JVM, each to be started, stopped, killed and restarted.
 *
 * <p>Owns the data directory's lock, ZooKeeper's members, the brokers' slots and the threads that
 * run them. What happens is told as events; the futures tell whether a command was carried out, and
 * fail with {@link SupervisionException}. Safe from any thread; no method but {@link #close}
 * blocks.
 */
public final class EmbeddedCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCluster.class);
  private static final String HOST = "127.0.0.1";

  /** The bounds of the wire trace: some minutes of a quiet cluster, and 8 MiB. */
  private static final int WIRE_EXCHANGES = 2_000;

  private static final long WIRE_BYTES = 8L << 20;
  private static final int WIRE_HEAD_BYTES = 32 << 10;

  /** How long members that start for the first time may take to elect a leader. */
  private static final long ELECTION_PATIENCE_MS = 60_000;

  private static final long PROCESS_SAMPLE_INTERVAL_MS = 1_000;
  private static final long END_TIMEOUT_MS = 10_000;

  private final EmbeddedClusterSettings settings;
  private final EventSink events;
  private final BrokerClocks clocks;
  private final InstanceLock lock;
  private final Map<Integer, BrokerSlot> slots = new TreeMap<>();

  /** Sessions killed brokers left behind, with the broker; ended ones are removed. */
  private final Map<Long, Integer> sessionsLeftBehind = new ConcurrentHashMap<>();

  private final ExecutorService killing = BrokerSlot.killers();
  private final ExecutorService zooKeeperThread =
      Executors.newSingleThreadExecutor(r -> new Thread(r, "supervisor-zookeeper"));
  private final ScheduledExecutorService watching =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "supervisor-sampler"));

  private final ProcessSampler process = new ProcessSampler();
  private final EmbeddedEnsemble zooKeeper;

  /** Of all brokers, over their restarts. */
  private final WireTrace wireTrace =
      new WireTrace(WIRE_EXCHANGES, WIRE_BYTES, WIRE_HEAD_BYTES, new KafkaFrames());

  /** Whether sessions of an earlier program were ended; owned by zooKeeperThread. */
  private boolean inherited;

  private boolean closed;

  private EmbeddedCluster(
      EmbeddedClusterSettings settings, EventSink events, BrokerClocks clocks, InstanceLock lock)
      throws IOException {
    this.settings = settings;
    this.events = events;
    this.clocks = clocks;
    this.lock = lock;
    this.zooKeeper =
        EmbeddedEnsemble.of(
            settings.dataDirectory(),
            settings.zooKeeperMembers(),
            settings.zooKeeperPort(),
            settings.tickTimeMs(),
            this::sessionExpired,
            this::memberBecame);
    for (int id = 1; id <= settings.brokers(); id++) {
      int broker = id;
      slots.put(
          id,
          new BrokerSlot(
              id,
              settings.firstPort() == 0 ? 0 : settings.firstPort() + id - 1,
              (port, fatal) -> broker(broker, port, fatal),
              events,
              session -> sessionsLeftBehind.put(session, broker),
              killing));
    }
    watching.scheduleWithFixedDelay(
        this::sample,
        settings.sampleIntervalMs(),
        settings.sampleIntervalMs(),
        TimeUnit.MILLISECONDS);
    watching.scheduleWithFixedDelay(
        this::sampleProcess, 0, PROCESS_SAMPLE_INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  /**
   * Takes the data directory; nothing runs yet.
   *
   * @throws SupervisionException when another program has it, it cannot be written, or it is not
   *     for as many ZooKeeper members
   */
  public static EmbeddedCluster open(
      EmbeddedClusterSettings settings,
      EventSink events,
      InstantSource wall,
      LongSupplier nanoTime,
      Random random) {
    InstanceLock lock = InstanceLock.take(settings.dataDirectory());
    try {
      return new EmbeddedCluster(settings, events, new BrokerClocks(wall, nanoTime, random), lock);
    } catch (IOException e) {
      lock.close();
      throw new SupervisionException(FailureReason.of(e), e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Starts ZooKeeper, then all brokers side by side.
   *
   * @return completes when each broker serves or has failed, which events tell; fails when
   *     ZooKeeper cannot be started
   */
  public CompletableFuture<Void> startAll() {
    return startZooKeeper().thenCompose(started -> startBrokers());
  }

  /** Starts what does not run, as {@link #startAll} does. */
  public CompletableFuture<Void> startWhatDoesNotRun() {
    return zooKeeper.running().size() == zooKeeper.size() ? startBrokers() : startAll();
  }

  /** Starts the brokers that do not run, side by side; events tell which of them fails. */
  private CompletableFuture<Void> startBrokers() {
    return CompletableFuture.allOf(
        slots.values().stream()
            .filter(slot -> slot.broker().isEmpty())
            .map(slot -> slot.start().exceptionally(failure -> null))
            .toArray(CompletableFuture[]::new));
  }

  /**
   * Controlled shutdown of the brokers that run, one after another, the controller last, then of
   * ZooKeeper.
   *
   * @return fails when a broker does not stop; what comes after it runs on then
   */
  public CompletableFuture<Void> stopAll() {
    CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);
    for (BrokerSlot slot : inStopOrder()) {
      stopped = stopped.thenCompose(done -> slot.broker().isPresent() ? slot.stop() : nothing());
    }
    return stopped.thenCompose(
        done -> zooKeeper.running().isEmpty() ? nothing() : stopZooKeeper(false));
  }

  private static CompletableFuture<Void> nothing() {
    return CompletableFuture.completedFuture(null);
  }

  /**
   * Gives up what is being started: a broker under way aborts and gives back what it took. For one
   * who cannot wait any longer; a log under recovery is recovered anew next time.
   */
  public void giveUpStarting() {
    slots.values().forEach(BrokerSlot::giveUpStart);
  }

  /** Starts a broker that does not run, on its old port and data. */
  public CompletableFuture<Void> startBroker(int id) {
    return at(id, BrokerSlot::start);
  }

  /** Controlled shutdown of a broker. */
  public CompletableFuture<Void> stopBroker(int id) {
    return at(id, BrokerSlot::stop);
  }

  /** Ends a broker as the death of its process would. */
  public CompletableFuture<Void> killBroker(int id) {
    return at(id, BrokerSlot::kill);
  }

  /** Controlled shutdown where it runs, then start. */
  public CompletableFuture<Void> restartBroker(int id) {
    return at(id, BrokerSlot::restart);
  }

  /** Starts what does not run of ZooKeeper, on the old ports and data. */
  public CompletableFuture<Void> startZooKeeper() {
    return CompletableFuture.runAsync(this::startZooKeeperNow, zooKeeperThread);
  }

  /** Starts one member of the ensemble. */
  public CompletableFuture<Void> startZooKeeperMember(int member) {
    return CompletableFuture.runAsync(
        () -> zooKeeper(() -> startMembers(() -> zooKeeper.start(member))), zooKeeperThread);
  }

  /** Stops or kills one member of the ensemble; a majority of the others serves on. */
  public CompletableFuture<Void> stopZooKeeperMember(int member, boolean kill) {
    return CompletableFuture.runAsync(
        () -> zooKeeper(() -> stopMembers(kill, () -> zooKeeper.stop(member, kill))),
        zooKeeperThread);
  }

  /** Stops or kills all of ZooKeeper; brokers serve on. */
  public CompletableFuture<Void> stopZooKeeper(boolean kill) {
    return CompletableFuture.runAsync(() -> stopZooKeeperNow(kill), zooKeeperThread);
  }

  /** What ZooKeeper holds where somebody looks; empty while none of its servers decides. */
  public Optional<ZooKeeperContents> look(ZooKeeperLook look) {
    return zooKeeper.look(look);
  }

  /** Takes {@code /controller} away, so that the brokers elect a controller anew. */
  public CompletableFuture<Void> electController() {
    return CompletableFuture.runAsync(
        () -> {
          if (zooKeeper.running().isEmpty()) {
            throw new SupervisionException("ZooKeeper does not run. Start it first.");
          }
          zooKeeper(zooKeeper::removeControllerNode);
        },
        zooKeeperThread);
  }

  /** What brokers are asked and answer, while somebody watches. */
  public WireTrace wireTrace() {
    return wireTrace;
  }

  /** Begins a new segment of a partition on every broker that runs and has it. */
  public CompletableFuture<Void> rollSegment(TopicPartition partition) {
    return onEveryBroker(broker -> broker.rollSegment(partition));
  }

  /** Has every broker that runs look now what retention takes and which log is dirty. */
  public CompletableFuture<Void> tendLogs() {
    return onEveryBroker(Broker::tendLogs);
  }

  private CompletableFuture<Void> onEveryBroker(Consumer<Broker> work) {
    return CompletableFuture.allOf(
        slots.values().stream().map(slot -> slot.with(work)).toArray(CompletableFuture<?>[]::new));
  }

  /** Where brokers serve or served, as {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return slots.values().stream()
        .filter(slot -> slot.port() != 0)
        .map(slot -> HOST + ":" + slot.port())
        .reduce((a, b) -> a + "," + b)
        .orElse("");
  }

  /** Whether any broker runs, starts or stops. */
  public boolean anyBroker() {
    return slots.values().stream().anyMatch(slot -> slot.broker().isPresent());
  }

  /**
   * Stops brokers one after another, the controller last, then ZooKeeper, and gives the data
   * directory back. Blocks until all is done; events tell how far it is.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (BrokerSlot slot : inStopOrder()) {
      if (slot.broker().isPresent()) {
        ended("broker " + slot.id(), slot.stop());
      }
    }
    slots.values().forEach(BrokerSlot::close);
    Ending.of(watching, END_TIMEOUT_MS);
    if (!zooKeeper.running().isEmpty()) {
      ended("ZooKeeper", stopZooKeeper(false));
    }
    Ending.of(zooKeeperThread, END_TIMEOUT_MS);
    Ending.of(killing, END_TIMEOUT_MS);
    lock.close();
  }

  // ---- brokers
  // -----------------------------------------------------------------------------------

  private interface SlotCommand {
    CompletableFuture<Void> on(BrokerSlot slot);
  }

  private CompletableFuture<Void> at(int id, SlotCommand command) {
    BrokerSlot slot = slots.get(id);
    return slot == null
        ? CompletableFuture.failedFuture(
            new SupervisionException(
                "There is no broker " + id + "; brokers are " + slots.keySet() + "."))
        : command.on(slot);
  }

  private Broker broker(int id, int port, Consumer<String> fatal) {
    if (zooKeeper.running().isEmpty()) {
      throw new SupervisionException(
          "ZooKeeper is not running, and a broker cannot start without it. Start ZooKeeper first.");
    }
    int replicas = Math.min(3, settings.brokers());
    Map<String, String> properties = new HashMap<>();
    properties.put("broker.id", Integer.toString(id));
    properties.put("listeners", "PLAINTEXT://" + HOST + ":" + port);
    properties.put("log.dirs", settings.logDirs(id));
    properties.put("zookeeper.connect", zooKeeper.connectString());
    properties.put("zookeeper.session.timeout.ms", Integer.toString(settings.sessionTimeoutMs()));
    properties.put("offsets.topic.replication.factor", Integer.toString(replicas));
    properties.put("transaction.state.log.replication.factor", Integer.toString(replicas));
    properties.put("transaction.state.log.min.isr", Integer.toString(Math.min(2, replicas)));
    properties.putAll(settings.brokerOverrides());
    return new Broker(BrokerConfig.parse(properties), events, clocks, fatal, wireTrace);
  }

  /** The controller last: every stop before it moves leaders without an election in between. */
  private List<BrokerSlot> inStopOrder() {
    List<BrokerSlot> order = new ArrayList<>(slots.values());
    order.sort(
        Comparator.comparing(
            (BrokerSlot slot) -> slot.broker().map(Broker::isController).orElse(false)));
    return order;
  }

  // ---- ZooKeeper
  // ---------------------------------------------------------------------------------

  private interface ZooKeeperStep {
    void take() throws IOException, InterruptedException;
  }

  private void zooKeeper(ZooKeeperStep step) {
    try {
      step.take();
    } catch (IOException | RuntimeException e) {
      throw new SupervisionException(FailureReason.of(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SupervisionException("ZooKeeper was given up.", e);
    }
  }

  private void startZooKeeperNow() {
    if (zooKeeper.running().size() == zooKeeper.size()) {
      throw new SupervisionException("ZooKeeper is running already.");
    }
    zooKeeper(() -> startMembers(zooKeeper::start));
  }

  private void startMembers(ZooKeeperStep start) throws IOException, InterruptedException {
    boolean first = zooKeeper.running().isEmpty();
    start.take();
    if (first) {
      events.report(
          EventSink.NO_BROKER,
          new ClusterEvent.ZooKeeperStarted(zooKeeper.connectString(), zooKeeper.tickTimeMs()));
    }
    if (!inherited) {
      if (!zooKeeper.awaitDecision(ELECTION_PATIENCE_MS, TimeUnit.MILLISECONDS)) {
        throw new IOException("ZooKeeper's members did not elect a leader among themselves");
      }
      // The directory is ours alone: whoever held a session in it died with an earlier program.
      zooKeeper.endSessions();
      inherited = true;
    }
  }

  private void stopZooKeeperNow(boolean kill) {
    if (zooKeeper.running().isEmpty()) {
      throw new SupervisionException("ZooKeeper does not run.");
    }
    zooKeeper(() -> stopMembers(kill, () -> zooKeeper.stop(kill)));
  }

  private void stopMembers(boolean kill, ZooKeeperStep stop)
      throws IOException, InterruptedException {
    stop.take();
    if (zooKeeper.running().isEmpty()) {
      events.report(EventSink.NO_BROKER, new ClusterEvent.ZooKeeperStopped(kill));
    }
  }

  private void memberBecame(int member, MemberRole role) {
    events.report(
        EventSink.NO_BROKER,
        new ClusterEvent.ZooKeeperMemberChanged(member, zooKeeper.address(member), role));
  }

  // ---- watching
  // ----------------------------------------------------------------------------------

  private void sample() {
    guarded(
        () ->
            events.report(
                EventSink.NO_BROKER, new ClusterEvent.ZooKeeperSampled(zooKeeper.zxids())),
        "sample of ZooKeeper");
    for (BrokerSlot slot : slots.values()) {
      slot.broker()
          .ifPresent(
              broker ->
                  guarded(
                      () -> broker.sample().forEach(s -> events.report(slot.id(), s)),
                      "sample of broker " + slot.id()));
    }
  }

  private void sampleProcess() {
    guarded(() -> events.report(EventSink.NO_BROKER, process.sample()), "sample of the process");
  }

  /** A dead broker cannot tell that its session ended: the server does. */
  private void sessionExpired(long session) {
    Integer broker = sessionsLeftBehind.remove(session);
    if (broker != null) {
      events.report(broker, new ClusterEvent.SessionExpired(session));
    }
  }

  private static void guarded(Runnable task, String what) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.warn("{} failed", what, e);
    }
  }

  // ---- ending
  // ------------------------------------------------------------------------------------

  private static void ended(String what, CompletableFuture<Void> end) {
    try {
      end.join();
    } catch (CompletionException e) {
      LOG.warn("{} did not stop as it should", what, e.getCause());
    }
  }
}
