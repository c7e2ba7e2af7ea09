package io.vitrine.cluster.supervision;

import io.vitrine.cluster.broker.Broker;
import io.vitrine.cluster.broker.BrokerClocks;
import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ZooKeeper and brokers 1 to n in this JVM, each to be started, stopped, killed and restarted.
 *
 * <p>Owns the data directory's lock, the ZooKeeper server, the brokers' slots and the threads that
 * run them. What happens is told as events; the futures tell whether a command was carried out, and
 * fail with {@link SupervisionException}. Safe from any thread; no method but {@link #close}
 * blocks.
 */
public final class EmbeddedCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCluster.class);
  private static final String HOST = "127.0.0.1";

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

  // Owned by zooKeeperThread; read anywhere.
  private volatile EmbeddedZooKeeper zooKeeper;
  private volatile String connectString = "";
  private int zooKeeperPort;
  private boolean closed;

  private EmbeddedCluster(
      EmbeddedClusterSettings settings, EventSink events, BrokerClocks clocks, InstanceLock lock) {
    this.settings = settings;
    this.events = events;
    this.clocks = clocks;
    this.lock = lock;
    this.zooKeeperPort = settings.zooKeeperPort();
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
  }

  /**
   * Takes the data directory; nothing runs yet.
   *
   * @throws SupervisionException when another program has it or it cannot be written
   */
  public static EmbeddedCluster open(
      EmbeddedClusterSettings settings,
      EventSink events,
      InstantSource wall,
      LongSupplier nanoTime,
      Random random) {
    return new EmbeddedCluster(
        settings,
        events,
        new BrokerClocks(wall, nanoTime, random),
        InstanceLock.take(settings.dataDirectory()));
  }

  /**
   * Starts ZooKeeper, then all brokers side by side.
   *
   * @return completes when each broker serves or has failed, which events tell; fails when
   *     ZooKeeper cannot be started
   */
  public CompletableFuture<Void> startAll() {
    return startZooKeeper()
        .thenCompose(
            started ->
                CompletableFuture.allOf(
                    slots.values().stream()
                        .map(slot -> slot.start().exceptionally(failure -> null))
                        .toArray(CompletableFuture[]::new)));
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

  /** Starts the ZooKeeper server on its old port and data. */
  public CompletableFuture<Void> startZooKeeper() {
    return CompletableFuture.runAsync(this::startZooKeeperNow, zooKeeperThread);
  }

  /** Stops or kills the ZooKeeper server; brokers serve on. */
  public CompletableFuture<Void> stopZooKeeper(boolean kill) {
    return CompletableFuture.runAsync(() -> stopZooKeeperNow(kill), zooKeeperThread);
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
    end(watching);
    if (zooKeeper != null) {
      ended("ZooKeeper", stopZooKeeper(false));
    }
    end(zooKeeperThread);
    end(killing);
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
    if (zooKeeper == null) {
      throw new SupervisionException(
          "ZooKeeper is not running, and a broker cannot start without it. Start ZooKeeper first.");
    }
    int replicas = Math.min(3, settings.brokers());
    Map<String, String> properties = new HashMap<>();
    properties.put("broker.id", Integer.toString(id));
    properties.put("listeners", "PLAINTEXT://" + HOST + ":" + port);
    properties.put("log.dirs", settings.logDirs(id));
    properties.put("zookeeper.connect", connectString);
    properties.put("zookeeper.session.timeout.ms", Integer.toString(settings.sessionTimeoutMs()));
    properties.put("offsets.topic.replication.factor", Integer.toString(replicas));
    properties.putAll(settings.brokerOverrides());
    return new Broker(BrokerConfig.parse(properties), events, clocks, fatal);
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

  private void startZooKeeperNow() {
    if (zooKeeper != null) {
      throw new SupervisionException("ZooKeeper is running already.");
    }
    try {
      boolean first = connectString.isEmpty();
      zooKeeper = startOnWishedPort();
      if (first) {
        // The directory is ours alone: whoever held a session in it died with an earlier program.
        zooKeeper.endSessions();
      }
      connectString = zooKeeper.connectString();
      zooKeeperPort = Integer.parseInt(connectString.substring(connectString.lastIndexOf(':') + 1));
      events.report(
          EventSink.NO_BROKER,
          new ClusterEvent.ZooKeeperStarted(connectString, zooKeeper.tickTimeMs()));
    } catch (IOException | RuntimeException e) {
      throw new SupervisionException(
          "ZooKeeper cannot start in " + settings.zooKeeperDirectory() + ": " + FailureReason.of(e),
          e);
    }
  }

  /**
   * Only brokers of this program look for ZooKeeper, so that another port than the wished one is
   * better than none; but once brokers know an address it must not change.
   */
  private EmbeddedZooKeeper startOnWishedPort() throws IOException {
    try {
      return startOn(zooKeeperPort);
    } catch (IOException e) {
      if (zooKeeperPort == 0 || !connectString.isEmpty()) {
        throw e;
      }
      LOG.warn("ZooKeeper cannot take port {}, a free one is used instead", zooKeeperPort, e);
      return startOn(0);
    }
  }

  private EmbeddedZooKeeper startOn(int port) throws IOException {
    return EmbeddedZooKeeper.start(
        settings.zooKeeperDirectory(), port, settings.tickTimeMs(), this::sessionExpired);
  }

  private void stopZooKeeperNow(boolean kill) {
    EmbeddedZooKeeper running = zooKeeper;
    if (running == null) {
      throw new SupervisionException("ZooKeeper does not run.");
    }
    zooKeeper = null;
    if (kill) {
      running.kill();
    } else {
      running.stop();
    }
    events.report(EventSink.NO_BROKER, new ClusterEvent.ZooKeeperStopped(kill));
  }

  // ---- watching
  // ----------------------------------------------------------------------------------

  private void sample() {
    for (BrokerSlot slot : slots.values()) {
      slot.broker()
          .ifPresent(
              broker ->
                  guarded(
                      () -> broker.sample().ifPresent(s -> events.report(slot.id(), s)),
                      "sample of broker " + slot.id()));
    }
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

  private static void end(ExecutorService executor) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
