package io.vitrine.cluster.controller;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotControllerException;
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

  private final int brokerId;
  private final BrokerConfig config;
  private final ZooKeeperSession session;
  private final NodeClients clients;
  private final EventSink events;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService scheduler;
  private final ControllerElection election;
  private final ControllerEventQueue queue;
  private Runnable unwatch = () -> {};
  private ScheduledFuture<?> rebalance;
  private volatile Reign reign;

  /**
   * @param queue owned by this from now on
   */
  public Controller(
      int brokerId,
      BrokerConfig config,
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
    this.queue = queue;
  }

  /** Watches {@code /controller} and tries to win. */
  public void start() {
    unwatch =
        session.onWatch(
            ZkPaths.CONTROLLER, () -> queue.enqueue("controller change", this::controllerChanged));
    queue.start();
    queue.enqueue("startup", this::elect);
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

  // ---- requests ------------------------------------------------------------------------------

  /** A broker asks to be relieved of its leaders. */
  public CompletableFuture<ControlledShutdownResponseData> controlledShutdown(
      ControlledShutdownRequestData request) {
    return ask("controlled shutdown", active -> active.controlledShutdown(request));
  }

  /** A leader asks for another ISR. */
  public CompletableFuture<AlterPartitionResponseData> alterPartition(
      AlterPartitionRequestData request, short version) {
    return ask("AlterPartition", active -> active.alterPartition(request, version));
  }

  /**
   * Begins, replaces or cancels reassignments; completes when ZooKeeper holds the result.
   *
   * @param wishes wanted replicas by partition; empty cancels
   */
  public CompletableFuture<Map<TopicPartition, ApiError>> alterReassignments(
      Map<TopicPartition, Optional<List<Integer>>> wishes) {
    return ask("AlterPartitionReassignments", active -> active.alterReassignments(wishes));
  }

  /**
   * Reassignments under way.
   *
   * @param partitions empty means all
   */
  public CompletableFuture<Map<TopicPartition, Assignment>> listReassignments(
      Optional<Set<TopicPartition>> partitions) {
    return ask("ListPartitionReassignments", active -> active.reassignments(partitions));
  }

  /**
   * Elects leaders; completes when ZooKeeper holds the result.
   *
   * @param partitions empty means all
   */
  public CompletableFuture<Map<TopicPartition, ApiError>> electLeaders(
      ElectionType type, Optional<Set<TopicPartition>> partitions) {
    return ask("ElectLeaders", active -> active.elect(type, partitions));
  }

  /** Unclean election was allowed for a topic: those of its partitions that wait for it get one. */
  public void uncleanElectionAllowed(String topic) {
    queue.enqueue(
        "unclean election allowed",
        () -> {
          Reign active = reign;
          if (active != null) {
            during(active, () -> active.electOffline(topic));
          }
        });
  }

  private <T> CompletableFuture<T> ask(String name, Function<Reign, T> work) {
    Question<T> question = new Question<>(work);
    queue.enqueue(name, question);
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
    queue.clearAndEnqueue("session expired", () -> resign("its ZooKeeper session expired"));
  }

  /**
   * A new session is there.
   *
   * @param register registers the broker again, before it takes part in elections
   */
  public void sessionRenewed(Runnable register) {
    queue.enqueue(
        "register and elect",
        () -> {
          resign("its ZooKeeper session expired");
          register.run();
          elect();
        });
  }

  // ---- elections -----------------------------------------------------------------------------

  private void elect() {
    if (reign != null) {
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
            (name, work) -> queue.enqueue(name, () -> during(self[0], work)),
            won);
    self[0] = begun;
    reign = begun;
    try {
      begun.begin();
    } catch (ControllerMovedException e) {
      moved(e);
      return;
    } catch (RuntimeException e) {
      stepDown(won, e);
      return;
    }
    events.report(
        brokerId,
        new ClusterEvent.ControllerReady(
            won.epoch(), TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - start)));
    if (config.autoLeaderRebalanceEnable()) {
      rebalance =
          scheduler.scheduleWithFixedDelay(
              () -> queue.enqueue("auto leader rebalance", () -> during(begun, begun::rebalance)),
              FIRST_REBALANCE_SECONDS,
              config.leaderImbalanceCheckIntervalSeconds(),
              TimeUnit.SECONDS);
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

  /** A reign that cannot begin must not keep others from theirs: the next election is open. */
  private void stepDown(ControllerElection.Won won, RuntimeException cause) {
    if (cause instanceof ZkException refused && refused.code() == ZkException.Code.CLOSED) {
      throw cause;
    }
    LOG.error("broker {} steps down: epoch {} cannot begin", brokerId, won.epoch(), cause);
    resign("its reign could not begin: " + cause.getMessage());
    election.giveUp(won.epochVersion());
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
