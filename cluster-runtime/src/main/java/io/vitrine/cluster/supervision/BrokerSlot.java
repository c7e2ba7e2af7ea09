package io.vitrine.cluster.supervision;

import io.vitrine.cluster.broker.Broker;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.thread.Ending;
import java.io.IOException;
import java.net.BindException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of one broker, whether it runs or not.
 *
 * <p>Owns the broker object and, while none runs, the port it had. Starts and stops are carried out
 * one after another on the slot's own thread; a kill runs beside them and makes them give up.
 */
final class BrokerSlot {
  /** Makes a broker that is not started yet. */
  interface Factory {
    /**
     * @param port 0 for any
     * @param fatal hears at most once that the broker cannot go on and why
     */
    Broker make(int port, Consumer<String> fatal);
  }

  private static final long KILL_THREAD_IDLE_S = 1;

  /** A broker may be flushing its logs. */
  private static final long END_TIMEOUT_MS = 60_000;

  private static final Logger LOG = LoggerFactory.getLogger(BrokerSlot.class);

  private final int id;
  private final Factory factory;
  private final EventSink events;
  private final LongConsumer sessionLeftBehind;
  private final ExecutorService thread;
  private final Executor killing;
  private volatile int port;

  /** The thread of a start under way; guarded by the slot's monitor. */
  private Thread starting;

  private final AtomicReference<Broker> broker = new AtomicReference<>();

  /**
   * @param port wished port, 0 for any; the one got is kept from then on
   * @param sessionLeftBehind hears the id of a killed broker's ZooKeeper session
   * @param killing runs kills
   */
  BrokerSlot(
      int id,
      int port,
      Factory factory,
      EventSink events,
      LongConsumer sessionLeftBehind,
      Executor killing) {
    this.id = id;
    this.port = port;
    this.factory = factory;
    this.events = events;
    this.sessionLeftBehind = sessionLeftBehind;
    this.killing = killing;
    this.thread = Executors.newSingleThreadExecutor(r -> new Thread(r, "supervisor-broker-" + id));
  }

  int id() {
    return id;
  }

  /** The port it has or had, 0 when it never had one. */
  int port() {
    return port;
  }

  /** The broker while it runs, starts or stops. */
  Optional<Broker> broker() {
    return Optional.ofNullable(broker.get());
  }

  CompletableFuture<Void> start() {
    return CompletableFuture.runAsync(this::startNow, thread);
  }

  CompletableFuture<Void> stop() {
    return CompletableFuture.runAsync(this::stopNow, thread);
  }

  CompletableFuture<Void> restart() {
    return CompletableFuture.runAsync(
        () -> {
          if (broker.get() != null) {
            stopNow();
          }
          startNow();
        },
        thread);
  }

  /** Has the broker do something if it runs. */
  CompletableFuture<Void> with(Consumer<Broker> work) {
    return CompletableFuture.runAsync(() -> broker().ifPresent(work), thread);
  }

  /** A start under way is given up: the broker gives back what it took. */
  synchronized void giveUpStart() {
    if (starting != null) {
      starting.interrupt();
    }
  }

  CompletableFuture<Void> kill() {
    return CompletableFuture.runAsync(this::killNow, killing);
  }

  /** Ends the slot's thread after what was asked for before. */
  void close() {
    Ending.of(thread, END_TIMEOUT_MS);
  }

  private void startNow() {
    if (broker.get() != null) {
      throw new SupervisionException("Broker " + id + " is running already.");
    }
    events.report(id, new ClusterEvent.BrokerStarting());
    Broker next = null;
    try {
      next = factory.make(port, this::failed);
      broker.set(next);
      start(next);
      port = next.address().getPort();
    } catch (RuntimeException | IOException e) {
      broker.set(null);
      if (next != null && next.killed()) {
        throw new SupervisionException("Broker " + id + " was killed while it started.", e);
      }
      String reason = FailureReason.of(e);
      if (e instanceof BindException) {
        LOG.warn("broker={} failed to start: {}", id, reason);
      } else {
        LOG.warn("broker={} failed to start: {}", id, reason, e);
      }
      events.report(id, new ClusterEvent.BrokerFailed(reason));
      throw new SupervisionException(reason, e);
    }
  }

  /** Starts the broker, and lets nobody interrupt what the thread does after it. */
  private void start(Broker next) throws IOException {
    synchronized (this) {
      starting = Thread.currentThread();
    }
    try {
      next.start();
    } finally {
      synchronized (this) {
        starting = null;
        Thread.interrupted();
      }
    }
  }

  private void stopNow() {
    Broker running = broker.get();
    if (running == null) {
      throw new SupervisionException("Broker " + id + " does not run.");
    }
    running.shutdown();
    if (running.killed()) {
      running.kill(); // waits for the end of the kill that came between
    }
    broker.compareAndSet(running, null);
    if (running.killed()) {
      throw new SupervisionException("Broker " + id + " was killed while it stopped.");
    }
  }

  private void killNow() {
    Broker running = broker.get();
    if (running == null) {
      throw new SupervisionException("Broker " + id + " does not run.");
    }
    long session = running.sessionId();
    if (session != 0) {
      sessionLeftBehind.accept(session);
    }
    running.kill();
    if (session == 0 && running.sessionId() != 0) {
      // It was still starting: its session is known only now.
      sessionLeftBehind.accept(running.sessionId());
    }
    broker.compareAndSet(running, null);
  }

  /** The broker found that it cannot go on: what is left of it is killed. */
  private void failed(String reason) {
    killing.execute(
        () -> {
          LOG.error("broker={} cannot go on: {}", id, reason);
          try {
            killNow();
          } catch (SupervisionException alreadyGone) {
            LOG.debug("broker={} was gone already", id);
          }
          events.report(id, new ClusterEvent.BrokerFailed(reason));
        });
  }

  /** Threads for kills; they end soon after. */
  static ExecutorService killers() {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        KILL_THREAD_IDLE_S,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        r -> new Thread(r, "supervisor-kill"));
  }
}
