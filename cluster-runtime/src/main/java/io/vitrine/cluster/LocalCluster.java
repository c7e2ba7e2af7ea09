package io.vitrine.cluster;

import io.vitrine.cluster.data.DataAccess;
import io.vitrine.cluster.data.KafkaData;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventJournal;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterHistory;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.SnapshotProjector;
import io.vitrine.cluster.snapshot.SnapshotPublisher;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.supervision.EmbeddedCluster;
import io.vitrine.cluster.thread.Ending;
import io.vitrine.cluster.wire.WireTrace;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundled cluster: real brokers and a real ZooKeeper in this JVM.
 *
 * <p>Owns all of them, the event journal, the snapshot publisher and the clients that carry
 * commands out. Safe from any thread; only {@link #close} and {@link #awaitServing} block.
 */
public final class LocalCluster implements Cluster {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
  private static final int EVENTS_KEPT = 20_000;

  /** About two frames of a screen: nobody sees more. */
  private static final long PUBLISH_INTERVAL_MS = 33;

  private static final long END_TIMEOUT_MS = 5_000;

  /** How long a close waits for a start under way before it gives the start up. */
  private static final long START_PATIENCE_MS = 30_000;

  private final LocalClusterSettings settings;
  private final EventJournal journal;
  private final ScheduledExecutorService publishing =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "cluster-snapshots"));
  private final ExecutorService commands =
      Executors.newCachedThreadPool(r -> new Thread(r, "cluster-command"));
  private final SnapshotPublisher publisher;
  private final EmbeddedCluster cluster;
  private final Administration administration;
  private final TrafficSwitch traffic;
  private final KafkaData data;
  private final CompletableFuture<Void> started;
  private Optional<ClusterHistory> history = Optional.empty();
  private boolean closed;

  private LocalCluster(LocalClusterSettings settings) {
    this.settings = settings;
    InstantSource wall = InstantSource.system();
    LongSupplier nanoTime = System::nanoTime;
    Random random = new Random();
    this.journal = new EventJournal(EVENTS_KEPT, wall, nanoTime);
    this.publisher =
        new SnapshotPublisher(
            journal,
            new SnapshotProjector(defaultMinInSyncReplicas(settings)),
            publishing,
            nanoTime,
            PUBLISH_INTERVAL_MS);
    EmbeddedCluster opened;
    try {
      opened = EmbeddedCluster.open(settings.supervision(), journal, wall, nanoTime, random);
    } catch (RuntimeException e) {
      publishing.shutdownNow();
      throw e;
    }
    this.cluster = opened;
    this.administration = new Administration(cluster::bootstrapServers);
    this.traffic = new TrafficSwitch(cluster::bootstrapServers, journal, nanoTime, random);
    this.data = new KafkaData(cluster::bootstrapServers, nanoTime);
    this.started = cluster.startAll();
    if (settings.demoTraffic()) {
      started.thenRun(() -> execute(new ClusterCommand.SwitchTraffic(true)));
    }
    started.exceptionally(
        e -> {
          Throwable cause = cause(e);
          LOG.error("the cluster did not start", cause);
          journal.report(
              EventSink.NO_BROKER,
              new ClusterEvent.CommandFailed("StartZooKeeper[]", message(cause)));
          return null;
        });
  }

  /**
   * Begins to start ZooKeeper, then all brokers side by side, and returns at once; snapshots tell
   * how far it is.
   *
   * @throws io.vitrine.cluster.supervision.SupervisionException when the data directory cannot be
   *     had; the message says why and what to do
   */
  public static LocalCluster start(LocalClusterSettings settings) {
    return new LocalCluster(settings);
  }

  /**
   * Waits until every broker serves, in this cluster's snapshot too.
   *
   * @throws IllegalStateException when a broker has failed, ZooKeeper cannot start or time is up;
   *     says why
   */
  public void awaitServing(long timeout, TimeUnit unit) throws InterruptedException {
    CountDownLatch settled = new CountDownLatch(1);
    Runnable end =
        publisher.subscribe(
            snapshot -> {
              if (settled(snapshot)) {
                settled.countDown();
              }
            });
    started.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            settled.countDown();
          }
        });
    try {
      boolean inTime = settled(snapshot()) || settled.await(timeout, unit);
      if (started.isCompletedExceptionally()) {
        started.join();
      }
      List<BrokerView> failed =
          snapshot().brokers().stream().filter(b -> b.state() != BrokerState.SERVING).toList();
      if (!inTime || !failed.isEmpty()) {
        throw new IllegalStateException(
            failed.isEmpty()
                ? "Not all brokers serve after " + timeout + " " + unit
                : failed.stream()
                    .map(b -> "Broker " + b.id() + " is " + b.state() + ": " + b.failure())
                    .reduce((a, b) -> a + "; " + b)
                    .orElseThrow());
      }
    } catch (CompletionException e) {
      throw new IllegalStateException(message(cause(e)), cause(e));
    } finally {
      end.run();
    }
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.values());
  }

  @Override
  public ClusterSnapshot snapshot() {
    return publisher.newest();
  }

  @Override
  public Runnable subscribe(Consumer<ClusterSnapshot> listener) {
    return publisher.subscribe(listener);
  }

  @Override
  public EventJournal events() {
    return journal;
  }

  @Override
  public synchronized Optional<ClusterHistory> history() {
    if (history.isEmpty() && !closed) {
      ClusterHistory kept = new ClusterHistory();
      publisher.keep(kept);
      history = Optional.of(kept);
    }
    return history;
  }

  @Override
  public Optional<WireTrace> wireTrace() {
    return Optional.of(cluster.wireTrace());
  }

  @Override
  public CompletableFuture<Void> execute(ClusterCommand command) {
    String line = CommandLine.of(command, snapshot().bootstrapServers());
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(
            new CommandRefusedException("The cluster is being closed."));
      }
      journal.report(
          EventSink.NO_BROKER, new ClusterEvent.CommandAccepted(command.toString(), line));
      return CompletableFuture.supplyAsync(() -> carryOut(command), commands)
          .thenCompose(done -> done)
          .handle(
              (done, failure) -> {
                if (failure == null) {
                  return null;
                }
                Throwable cause = cause(failure);
                String reason = message(cause);
                LOG.info("{} was not carried out: {}", command, reason);
                journal.report(
                    EventSink.NO_BROKER,
                    new ClusterEvent.CommandFailed(command.toString(), reason));
                throw new CommandRefusedException(reason, cause);
              });
    }
  }

  @Override
  public synchronized CompletableFuture<ZooKeeperContents> look(ZooKeeperLook at) {
    if (closed) {
      return CompletableFuture.failedFuture(
          new CommandRefusedException("The cluster is being closed."));
    }
    return CompletableFuture.supplyAsync(
        () ->
            cluster
                .look(at)
                .orElseThrow(
                    () ->
                        new CommandRefusedException(
                            "No ZooKeeper server decides: nothing is read or written now.")),
        commands);
  }

  @Override
  public DataAccess data() {
    return data;
  }

  /**
   * Ends readings, sendings and the traffic, stops brokers one after another, the controller last,
   * then ZooKeeper. Blocks until all is done and the last snapshot is out; events tell how far it
   * is. A start that is under way is waited for, but not longer than half a minute.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    awaitStart();
    data.close();
    traffic.close();
    administration.close();
    cluster.close();
    Ending.of(commands, END_TIMEOUT_MS);
    publisher.close();
    Ending.of(publishing, END_TIMEOUT_MS);
  }

  private void awaitStart() {
    CompletableFuture<Void> over = started.handle((done, failure) -> null);
    try {
      over.get(START_PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("not everything has started after {} ms, and is given up", START_PATIENCE_MS);
      cluster.giveUpStarting();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cluster.giveUpStarting();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a failed start is no failure here", e);
    }
  }

  private CompletableFuture<Void> carryOut(ClusterCommand command) {
    if (command instanceof ClusterCommand.StartBroker c) {
      return cluster.startBroker(c.brokerId());
    }
    if (command instanceof ClusterCommand.StopBroker c) {
      return cluster.stopBroker(c.brokerId());
    }
    if (command instanceof ClusterCommand.KillBroker c) {
      return cluster.killBroker(c.brokerId());
    }
    if (command instanceof ClusterCommand.RestartBroker c) {
      return cluster.restartBroker(c.brokerId());
    }
    if (command instanceof ClusterCommand.StartCluster) {
      return cluster.startWhatDoesNotRun();
    }
    if (command instanceof ClusterCommand.StopCluster) {
      traffic.turn(false);
      return cluster.stopAll();
    }
    if (command instanceof ClusterCommand.StartZooKeeper) {
      return cluster.startZooKeeper();
    }
    if (command instanceof ClusterCommand.StopZooKeeper c) {
      return cluster.stopZooKeeper(c.kill());
    }
    if (command instanceof ClusterCommand.StartZooKeeperMember c) {
      return cluster.startZooKeeperMember(c.member());
    }
    if (command instanceof ClusterCommand.StopZooKeeperMember c) {
      return cluster.stopZooKeeperMember(c.member(), c.kill());
    }
    if (command instanceof ClusterCommand.RollSegment c) {
      return cluster.rollSegment(c.partition());
    }
    if (command instanceof ClusterCommand.TendLogs) {
      return cluster.tendLogs();
    }
    if (command instanceof ClusterCommand.ElectController) {
      return cluster.electController();
    }
    if (command instanceof ClusterCommand.SwitchTraffic c) {
      traffic.turn(c.on());
      return CompletableFuture.completedFuture(null);
    }
    if (command instanceof ClusterCommand.SwitchDemoMember c) {
      traffic.member(c.number(), c.in());
      return CompletableFuture.completedFuture(null);
    }
    if (!cluster.anyBroker()) {
      throw new CommandRefusedException("No broker is running. Start one first.");
    }
    return administration.carryOut(command);
  }

  private boolean settled(ClusterSnapshot snapshot) {
    return snapshot.brokers().size() == settings.brokers()
        && snapshot.brokers().stream()
            .allMatch(b -> b.state() == BrokerState.SERVING || b.state() == BrokerState.FAILED);
  }

  private static int defaultMinInSyncReplicas(LocalClusterSettings settings) {
    return Integer.parseInt(
        settings.brokerOverrides().getOrDefault("min.insync.replicas", "1").trim());
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String message(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
