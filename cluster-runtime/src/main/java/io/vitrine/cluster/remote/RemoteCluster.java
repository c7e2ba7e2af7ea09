package io.vitrine.cluster.remote;

import io.vitrine.cluster.Capability;
import io.vitrine.cluster.Cluster;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.CommandRefusedException;
import io.vitrine.cluster.data.DataAccess;
import io.vitrine.cluster.data.KafkaData;
import io.vitrine.cluster.event.EventJournal;
import io.vitrine.cluster.remote.RemoteState.Keeper;
import io.vitrine.cluster.snapshot.ClusterHistory;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.SnapshotProjector;
import io.vitrine.cluster.snapshot.SnapshotPublisher;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.wire.WireTrace;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka cluster that runs somewhere else, read only.
 *
 * <p>Owns an Admin client, where asked for a session with ZooKeeper, the clients that read records,
 * a journal, and two threads: one reads, the other publishes. It reads once a second; a cluster
 * that is slow to answer less often, so that reading stays below a tenth of the time, but at least
 * every {@value #MOST_PAUSE_MS} ms. While the cluster does not answer, the last state stays and
 * grows old. Safe from any thread.
 */
public final class RemoteCluster implements Cluster {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteCluster.class);
  private static final int EVENTS_KEPT = 20_000;
  private static final long PUBLISH_INTERVAL_MS = 33;
  private static final int TIMEOUT_MS = 15_000;
  private static final int REQUEST_TIMEOUT_MS = 5_000;
  private static final long LEAST_PAUSE_MS = 1_000;
  private static final long MOST_PAUSE_MS = 5_000;

  /** Reading takes at most one part of this many of the time. */
  private static final long PAUSES_A_READING = 9;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
  private static final long END_TIMEOUT_MS = 5_000;

  /** Kafka's default, which is not told for topics that do not set their own. */
  private static final int MIN_IN_SYNC_REPLICAS = 1;

  private final LongSupplier nanoTime;
  private final InstantSource wall;
  private final EventJournal journal;
  private final ScheduledExecutorService publishing =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "remote-snapshots"));
  private final ScheduledExecutorService reading =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "remote-reader"));
  private final SnapshotPublisher publisher;
  private final Admin admin;
  private final AdminReader reader;
  private final Optional<KeeperReader> keeper;
  private final KafkaData data;

  /** What was read last; owned by the reading thread once attached. */
  private RemoteState state = RemoteState.nothing();

  private volatile boolean closed;

  /** Guarded by this. */
  private Optional<ClusterHistory> history = Optional.empty();

  private RemoteCluster(
      RemoteSettings settings,
      Admin admin,
      Optional<KeeperReader> keeper,
      InstantSource wall,
      LongSupplier nanoTime) {
    this.wall = wall;
    this.nanoTime = nanoTime;
    this.admin = admin;
    this.reader = new AdminReader(admin, nanoTime);
    this.keeper = keeper;
    this.journal = new EventJournal(EVENTS_KEPT, wall, nanoTime);
    this.publisher =
        new SnapshotPublisher(
            journal,
            new SnapshotProjector(MIN_IN_SYNC_REPLICAS),
            publishing,
            nanoTime,
            PUBLISH_INTERVAL_MS);
    this.data = new KafkaData(settings::bootstrapServers, settings.client(), nanoTime);
  }

  /**
   * Attaches and reads the cluster once. Blocks until that is done.
   *
   * @throws IOException when the cluster or ZooKeeper does not answer, or refuses; says why
   */
  public static RemoteCluster attach(
      RemoteSettings settings, InstantSource wall, LongSupplier nanoTime)
      throws IOException, InterruptedException {
    Map<String, Object> client = new HashMap<>(settings.client());
    client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    client.putIfAbsent(AdminClientConfig.CLIENT_ID_CONFIG, "vitrine");
    client.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
    client.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    Admin admin;
    try {
      admin = Admin.create(client);
    } catch (KafkaException e) {
      throw new IOException(words(e), e);
    }
    Optional<KeeperReader> keeper = Optional.empty();
    try {
      if (!settings.zooKeeper().isEmpty()) {
        keeper = Optional.of(new KeeperReader(settings.zooKeeper()));
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      admin.close(CLOSE_TIMEOUT);
      throw e;
    }
    RemoteCluster cluster = new RemoteCluster(settings, admin, keeper, wall, nanoTime);
    try {
      cluster.read();
      cluster.awaitSnapshot();
    } catch (ExecutionException e) {
      cluster.close();
      throw new IOException(words(e.getCause()), e);
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
    cluster.again(LEAST_PAUSE_MS);
    return cluster;
  }

  @Override
  public Set<Capability> capabilities() {
    return keeper.isPresent()
        ? EnumSet.of(Capability.SEE_ZOOKEEPER)
        : EnumSet.noneOf(Capability.class);
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

  /** From now on, at the first call: what was read before is in it too. */
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
    return Optional.empty();
  }

  @Override
  public CompletableFuture<Void> execute(ClusterCommand command) {
    return CompletableFuture.failedFuture(
        new CommandRefusedException("An attached cluster is only read."));
  }

  @Override
  public CompletableFuture<ZooKeeperContents> look(ZooKeeperLook at) {
    if (keeper.isEmpty() || closed) {
      return CompletableFuture.failedFuture(
          new CommandRefusedException(
              "No address of its ZooKeeper was given when it was attached, or it has none."));
    }
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return keeper.get().look(at);
          } catch (IOException e) {
            throw new CommandRefusedException(e.getMessage(), e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandRefusedException("The cluster is being closed.", e);
          }
        },
        reading);
  }

  @Override
  public DataAccess data() {
    return data;
  }

  /** Lets go of the cluster; nothing changes there. */
  @Override
  public void close() {
    closed = true;
    reading.shutdownNow();
    end(reading);
    data.close();
    admin.close(CLOSE_TIMEOUT);
    keeper.ifPresent(KeeperReader::close);
    publisher.close();
    end(publishing);
  }

  // ---- reading ---------------------------------------------------------------------------------

  private void again(long pauseMs) {
    try {
      reading.schedule(this::tick, pauseMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the last pass came after the end");
    }
  }

  private void tick() {
    long begun = nanoTime.getAsLong();
    try {
      read();
    } catch (ExecutionException | IOException e) {
      LOG.info("the attached cluster does not answer: {}", words(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException e) {
      LOG.error("the attached cluster cannot be read", e);
    }
    long tookMs = (nanoTime.getAsLong() - begun) / 1_000_000;
    again(Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, PAUSES_A_READING * tookMs)));
  }

  private void read() throws ExecutionException, IOException, InterruptedException {
    Keeper told = keeper.isPresent() ? keeper.get().read() : Keeper.NONE;
    boolean first = state.none();
    RemoteState next = reader.cluster(told);
    if (!first) {
      // Who is gone is told before anybody waits for an answer of theirs.
      report(next);
    }
    report(reader.rest());
  }

  private void report(RemoteState next) {
    for (Observation.Told each : Observation.between(state, next, wall.millis())) {
      journal.report(each.broker(), each.event());
    }
    state = next;
  }

  /** The innermost words there are, with Kafka's name of the error before them. */
  private static String words(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String name = cause.getClass().getSimpleName().replace("Exception", "");
    return cause.getMessage() == null ? name : name + ": " + cause.getMessage();
  }

  /** Until the first reading is in the snapshot: nobody who attached sees an empty cluster. */
  private void awaitSnapshot() throws InterruptedException {
    long upTo = journal.lastSequence();
    CountDownLatch published = new CountDownLatch(1);
    Runnable end =
        publisher.subscribe(
            snapshot -> {
              if (snapshot.sequence() >= upTo) {
                published.countDown();
              }
            });
    try {
      if (publisher.newest().sequence() < upTo) {
        published.await(END_TIMEOUT_MS, TimeUnit.MILLISECONDS);
      }
    } finally {
      end.run();
    }
  }

  private static void end(ScheduledExecutorService executor) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(END_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
