package io.vitrine.cluster.controller;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.event.FailoverStep;
import io.vitrine.cluster.zookeeper.ZkException;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import io.vitrine.protocol.client.NodeClients;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.apache.kafka.common.message.ControlledShutdownResponseData;
import org.apache.kafka.common.requests.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's controller: takes part in every election, and rules while it is elected.
 *
 * <p>Safe from any thread: all work is enqueued for the event thread. Requests to a controller that
 * is not active fail with {@link NotControllerException}.
 */
public final class Controller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
  private static final long FIRST_REBALANCE_SECONDS = 5;

  /** How long a broker whose reign could not begin leaves the next election to others. */
  private static final int FIRST_PAUSE_MS = 100;

  private static final int LONGEST_PAUSE_MS = 10_000;

  private final int brokerId;
  private final Supplier<BrokerConfig> config;
  private final ZooKeeperSession session;
  private final NodeClients clients;
  private final EventSink events;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService scheduler;
  private final ControllerElection election;
  private final ObservedQueue queue;
  private Runnable unwatch = () -> {};
  private ScheduledFuture<?> rebalance;
  private int pauseMs = FIRST_PAUSE_MS;
  private boolean pausing;
  private volatile Reign reign;
  private volatile DeletionBacklog deletionBacklog = DeletionBacklog.NONE;

  /**
   * @param config the broker's settings in force, asked anew for each decision
   * @param queue owned by this from now on
   */
  public Controller(
      int brokerId,
      Supplier<BrokerConfig> config,
      ZooKeeperSession session,
      NodeClients clients,
      EventSink events,
      InstantSource clock,
      LongSupplier nanoTime,
      ScheduledExecutorService scheduler,
      ControllerEventQueue queue) {
    this.brokerId = brokerId;
    this.config = config;
    this.session = session;
    this.clients = clients;
    this.events = events;
    this.nanoTime = nanoTime;
    this.scheduler = scheduler;
    this.election = new ControllerElection(session, brokerId, clock);
    this.queue = new ObservedQueue(queue, events, brokerId, nanoTime, this::eventEnded);
  }

  /** Watches {@code /controller} and tries to win. */
  public void start() {
    unwatch =
        session.onWatch(
            ZkPaths.CONTROLLER,
            () -> queue.enqueue(ControllerEvent.CONTROLLER_CHANGE, this::controllerChanged));
    queue.start();
    queue.enqueue(ControllerEvent.STARTUP, this::elect);
  }

  /** Whether this broker is the controller, as far as it knows. */
  public boolean isActive() {
    return reign != null;
  }

  /** The epoch of its reign, -1 while it has none. */
  public int controllerEpoch() {
    Reign now = reign;
    return now == null ? -1 : now.epoch();
  }

  /** Events that wait for the event thread. */
  public int queueLength() {
    return queue.length();
  }

  /** Topics on their way out, as of the last event; none while this is not the controller. */
  public DeletionBacklog deletionBacklog() {
    return deletionBacklog;
  }

  private void eventEnded() {
    Reign now = reign;
    deletionBacklog = now == null ? DeletionBacklog.NONE : now.deletionBacklog();
  }

  // ---- requests ------------------------------------------------------------------------------

  /** A broker asks to be relieved of its leaders. */
  public CompletableFuture<ControlledShutdownResponseData> controlledShutdown(
      ControlledShutdownRequestData request) {
    return ask(ControllerEvent.CONTROLLED_SHUTDOWN, active -> active.controlledShutdown(request));
  }

  /** A broker asks for a block of producer ids. */
  public CompletableFuture<AllocateProducerIdsResponseData> allocateProducerIds(
      AllocateProducerIdsRequestData request) {
    return ask(
        ControllerEvent.ALLOCATE_PRODUCER_IDS, active -> active.allocateProducerIds(request));
  }

  /** A leader asks for another ISR. */
  public CompletableFuture<AlterPartitionResponseData> alterPartition(
      AlterPartitionRequestData request, short version) {
    return ask(
        ControllerEvent.ALTER_PARTITION_RECEIVED,
        active -> active.alterPartition(request, version));
  }

  /**
   * Begins, replaces or cancels reassignments; completes when ZooKeeper holds the result.
   *
   * @param wishes wanted replicas by partition; empty cancels
   */
  public CompletableFuture<Map<TopicPartition, ApiError>> alterReassignments(
      Map<TopicPartition, Optional<List<Integer>>> wishes) {
    return ask(
        ControllerEvent.API_PARTITION_REASSIGNMENT, active -> active.alterReassignments(wishes));
  }

  /**
   * Reassignments under way.
   *
   * @param partitions empty means all
   */
  public CompletableFuture<Map<TopicPartition, Assignment>> listReassignments(
      Optional<Set<TopicPartition>> partitions) {
    return ask(
        ControllerEvent.LIST_PARTITION_REASSIGNMENTS, active -> active.reassignments(partitions));
  }

  /** Elects leaders; completes when ZooKeeper holds the result. */
  public CompletableFuture<Map<TopicPartition, ApiError>> electLeaders(
      ElectionType type, Set<TopicPartition> partitions) {
    return ask(ControllerEvent.REPLICA_LEADER_ELECTION, active -> active.elect(type, partitions));
  }

  /** Unclean election was allowed for a topic: those of its partitions that wait for it get one. */
  public void uncleanElectionAllowed(String topic) {
    whileActive(
        ControllerEvent.TOPIC_UNCLEAN_LEADER_ELECTION_ENABLE,
        active -> active.electOffline(Optional.of(topic)));
  }

  /**
   * Unclean election was allowed for every topic that does not say otherwise: all partitions that
   * wait for it get one.
   */
  public void uncleanElectionAllowed() {
    whileActive(
        ControllerEvent.UNCLEAN_LEADER_ELECTION_ENABLE,
        active -> active.electOffline(Optional.empty()));
  }

  private void whileActive(ControllerEvent event, Consumer<Reign> work) {
    queue.enqueue(
        event,
        () -> {
          Reign active = reign;
          if (active != null) {
            during(active, () -> work.accept(active));
          }
        });
  }

  private <T> CompletableFuture<T> ask(ControllerEvent event, Function<Reign, T> work) {
    Question<T> question = new Question<>(work);
    queue.enqueue(event, question);
    return question.answer;
  }

  /** A request: answered by the reign that is there when its turn comes. */
  private final class Question<T> implements ControllerEventQueue.Work {
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final Function<Reign, T> work;

    Question(Function<Reign, T> work) {
      this.work = work;
    }

    @Override
    public void run() {
      Reign active = reign;
      if (active == null) {
        preempted();
        return;
      }
      try {
        answer.complete(work.apply(active));
      } catch (ControllerMovedException e) {
        answer.completeExceptionally(new NotControllerException(e.getMessage()));
        moved(e);
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
        throw e;
      }
    }

    @Override
    public void preempted() {
      answer.completeExceptionally(
          new NotControllerException("broker " + brokerId + " is not the controller"));
    }
  }

  // ---- sessions ------------------------------------------------------------------------------

  /** The session is over: whatever waits is void, and so is this reign. */
  public void sessionExpired() {
    queue.clearAndEnqueue(
        ControllerEvent.EXPIRE,
        () -> {
          // The end of a pause may be among what was cleared; a new session begins anew.
          pausing = false;
          resign("its ZooKeeper session expired");
        });
  }

  /**
   * A new session is there.
   *
   * @param register registers the broker again, before it takes part in elections
   */
  public void sessionRenewed(Runnable register) {
    queue.enqueue(
        ControllerEvent.REGISTER_BROKER_AND_REELECT,
        () -> {
          resign("its ZooKeeper session expired");
          register.run();
          elect();
        });
  }

  // ---- elections -----------------------------------------------------------------------------

  private void elect() {
    if (reign != null || pausing) {
      return;
    }
    try {
      election.tryToWin().ifPresent(this::begin);
    } catch (ZkException | CompletionException e) {
      LOG.warn("election is tried again with the next change: {}", e.getMessage());
    }
  }

  private void begin(ControllerElection.Won won) {
    long start = nanoTime.getAsLong();
    LOG.info("broker {} is the controller of epoch {}", brokerId, won.epoch());
    events.report(brokerId, new ClusterEvent.ControllerElected(won.epoch()));
    Reign[] self = new Reign[1];
    Reign begun =
        new Reign(
            brokerId,
            config,
            session,
            clients,
            scheduler,
            events,
            (event, work) -> queue.enqueue(event, () -> during(self[0], work)),
            won);
    self[0] = begun;
    reign = begun;
    try {
      begun.begin(new StepWatch(start, won.epoch()));
    } catch (ControllerMovedException e) {
      moved(e);
      return;
    } catch (RuntimeException e) {
      stepDown(won, e);
      return;
    }
    pauseMs = FIRST_PAUSE_MS;
    events.report(
        brokerId,
        new ClusterEvent.ControllerReady(
            won.epoch(), TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - start)));
    if (config.get().autoLeaderRebalanceEnable()) {
      scheduleRebalance(begun, FIRST_REBALANCE_SECONDS);
    }
  }

  /** Tells how long each step of a fail-over took. */
  private final class StepWatch implements Consumer<FailoverStep> {
    private final int epoch;
    private long sinceNanos;

    StepWatch(long startNanos, int epoch) {
      this.sinceNanos = startNanos;
      this.epoch = epoch;
    }

    @Override
    public void accept(FailoverStep step) {
      long now = nanoTime.getAsLong();
      events.report(brokerId, new ClusterEvent.FailoverStepDone(epoch, step, now - sinceNanos));
      sinceNanos = now;
    }
  }

  /** The next one is due an interval after the last was done. */
  private void scheduleRebalance(Reign of, long delaySeconds) {
    rebalance =
        later(
            TimeUnit.SECONDS.toMillis(delaySeconds),
            ControllerEvent.AUTO_PREFERRED_REPLICA_LEADER_ELECTION,
            () -> during(of, () -> rebalance(of)));
  }

  private void rebalance(Reign active) {
    try {
      active.rebalance();
    } finally {
      scheduleRebalance(active, config.get().leaderImbalanceCheckIntervalSeconds());
    }
  }

  /** Enqueues an event after a time; null when the broker is stopping. */
  private ScheduledFuture<?> later(
      long delayMs, ControllerEvent event, ControllerEventQueue.Work work) {
    try {
      return scheduler.schedule(() -> queue.enqueue(event, work), delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopping) {
      LOG.trace("the broker is stopping");
      return null;
    }
  }

  /** Runs work of a reign unless it ended meanwhile. */
  private void during(Reign of, Runnable work) {
    if (reign != of) {
      return;
    }
    try {
      work.run();
    } catch (ControllerMovedException e) {
      moved(e);
    }
  }

  private void controllerChanged() {
    Optional<Integer> now = election.current();
    if (now.isEmpty()) {
      resign("/controller is gone");
      elect();
    } else if (now.get() != brokerId) {
      resign("broker " + now.get() + " is the controller");
    }
  }

  private void moved(ControllerMovedException cause) {
    LOG.warn("broker {} resigns: {}", brokerId, cause.getMessage());
    resign(cause.getMessage());
    elect();
  }

  /**
   * A reign that cannot begin must not keep others from theirs: the next election is open, and this
   * broker stays out of it for a while, each time twice as long.
   */
  private void stepDown(ControllerElection.Won won, RuntimeException cause) {
    if (cause instanceof ZkException refused && refused.code() == ZkException.Code.CLOSED) {
      throw cause;
    }
    LOG.error("broker {} steps down: epoch {} cannot begin", brokerId, won.epoch(), cause);
    resign("its reign could not begin: " + cause.getMessage());
    pause();
    election.giveUp(won.epochVersion());
  }

  private void pause() {
    pausing = true;
    later(
        pauseMs,
        ControllerEvent.REELECT,
        () -> {
          pausing = false;
          elect();
        });
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }

  private void resign(String reason) {
    Reign ended = reign;
    if (ended == null) {
      return;
    }
    reign = null;
    if (rebalance != null) {
      rebalance.cancel(false);
    }
    ended.end();
    events.report(brokerId, new ClusterEvent.ControllerResigned(ended.epoch(), reason));
  }

  /**
   * Ends without a word, as the death of the process would: nobody is told that a reign is over,
   * and in ZooKeeper it lasts until the session runs out. The session must be abandoned before, or
   * the event thread may wait for it.
   */
  public void kill() {
    unwatch.run();
    queue.close();
    Reign ended = reign;
    reign = null;
    if (rebalance != null) {
      rebalance.cancel(false);
    }
    if (ended != null) {
      ended.end();
    }
  }

  /** Stops: the event thread ends, channels close. The session is the caller's to end. */
  @Override
  public void close() {
    unwatch.run();
    queue.close();
    resign("the broker stops");
  }
}
