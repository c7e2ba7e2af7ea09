package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.metric.JmxNames;
import io.vitrine.cluster.wire.WireTrace;
import io.vitrine.protocol.gate.WireTap;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.file.RealFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One broker: made, started once, and then shut down or killed.
 *
 * <p>Owns its parts through {@link BrokerParts}. Starting and stopping hold one lock, so that a
 * kill waits for the step under way, but no longer: a kill makes a controlled shutdown give up its
 * waiting.
 */
public final class Broker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

  private final BrokerConfig config;
  private final EventSink events;
  private final BrokerClocks clocks;
  private final FileAccess files;
  private final Consumer<String> fatal;
  private final JmxNames jmxNames;
  private final WireTap tap;
  private final CountDownLatch killRequested = new CountDownLatch(1);
  private final Object lifecycle = new Object();
  private volatile BrokerParts starting;
  private volatile BrokerParts parts;
  private boolean ended;

  /** A broker whose owner does not ask what becomes of it. */
  public Broker(BrokerConfig config, EventSink events, BrokerClocks clocks) {
    this(config, events, clocks, reason -> {});
  }

  /**
   * A broker on the machine's own files.
   *
   * @param fatal hears at most once that the broker cannot go on, with the reason; it must be
   *     killed then, but not on the calling thread
   */
  public Broker(
      BrokerConfig config, EventSink events, BrokerClocks clocks, Consumer<String> fatal) {
    this(config, events, clocks, new RealFiles(), fatal);
  }

  /** A broker on files that may fail when somebody wants them to, one of several in its process. */
  public Broker(
      BrokerConfig config,
      EventSink events,
      BrokerClocks clocks,
      FileAccess files,
      Consumer<String> fatal) {
    this(config, events, clocks, files, fatal, JmxNames.WITH_BROKER, Optional.empty());
  }

  /** A broker on the machine's own files whose requests can be watched. */
  public Broker(
      BrokerConfig config,
      EventSink events,
      BrokerClocks clocks,
      Consumer<String> fatal,
      WireTrace trace) {
    this(config, events, clocks, new RealFiles(), fatal, JmxNames.WITH_BROKER, Optional.of(trace));
  }

  /** A broker that has its process to itself, so that its MBeans have the names Kafka's have. */
  public static Broker alone(
      BrokerConfig config, EventSink events, BrokerClocks clocks, Consumer<String> fatal) {
    return new Broker(
        config, events, clocks, new RealFiles(), fatal, JmxNames.PLAIN, Optional.empty());
  }

  private Broker(
      BrokerConfig config,
      EventSink events,
      BrokerClocks clocks,
      FileAccess files,
      Consumer<String> fatal,
      JmxNames jmxNames,
      Optional<WireTrace> trace) {
    this.config = config;
    this.events = events;
    this.clocks = clocks;
    this.files = files;
    this.fatal = fatal;
    this.jmxNames = jmxNames;
    this.tap =
        trace
            .<WireTap>map(kept -> new WireRecorder(this::id, clocks.wall(), kept))
            .orElse(WireTap.CLOSED);
  }

  /**
   * Starts and returns once requests are served.
   *
   * @throws IOException when ZooKeeper, a log directory or the port cannot be had; the message says
   *     which and what to do
   * @throws RuntimeException when the settings, the id or the data do not allow it; likewise.
   *     Everything taken is given back in both cases
   */
  public void start() throws IOException {
    synchronized (lifecycle) {
      if (parts != null || ended) {
        throw new IllegalStateException("A broker is started once.");
      }
      long begin = clocks.nanoTime().getAsLong();
      BrokerParts made =
          new BrokerParts(config, events, clocks, files, fatal, killRequested, jmxNames, tap);
      starting = made;
      try {
        made.start();
      } catch (InterruptedException e) {
        ended = true;
        made.abort();
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the broker was starting", e);
      } catch (IOException | RuntimeException e) {
        ended = true;
        made.abort();
        throw e;
      }
      parts = made;
      long startMs = millisSince(begin);
      InetSocketAddress address = made.address();
      LOG.info("broker={} serves {} after {} ms", made.id(), address, startMs);
      events.report(
          made.id(),
          new ClusterEvent.BrokerServing(
              address.getAddress().getHostAddress(), address.getPort(), startMs));
    }
  }

  /**
   * Hands leadership over, closes logs cleanly and ends the session. A start under way is given up,
   * and its {@link #start} throws. Blocks until done.
   */
  public void shutdown() {
    BrokerParts before = starting;
    if (before != null) {
      before.giveUpStart();
    }
    synchronized (lifecycle) {
      if (parts == null) {
        ended = true; // what was not started yet will not be
      }
      if (ended) {
        return;
      }
      long begin = clocks.nanoTime().getAsLong();
      int id = parts.id();
      events.report(id, new ClusterEvent.BrokerStopping());
      parts.drain();
      if (killed()) {
        return;
      }
      ended = true;
      parts.stop();
      events.report(id, new ClusterEvent.BrokerStopped(millisSince(begin)));
    }
  }

  /**
   * Ends as the death of the process would: sockets are reset, the ZooKeeper connection is cut
   * without closing the session, nothing is flushed and no marker written. Blocks until the threads
   * have ended.
   */
  public void kill() {
    killRequested.countDown();
    synchronized (lifecycle) {
      if (ended || parts == null) {
        return;
      }
      ended = true;
      long session = parts.sessionId();
      int timeoutMs = parts.sessionTimeoutMs();
      events.report(parts.id(), new ClusterEvent.BrokerKilled(session, timeoutMs));
      parts.kill();
    }
  }

  /** Same as {@link #shutdown}. */
  @Override
  public void close() {
    shutdown();
  }

  /** Whether a kill was asked for. */
  public boolean killed() {
    return killRequested.getCount() == 0;
  }

  /** Its id; with {@code broker.id.generation.enable} known only once started. */
  public int id() {
    BrokerParts now = parts;
    return now == null ? config.brokerId() : now.id();
  }

  /**
   * Where it serves.
   *
   * @throws IllegalStateException before it was started
   */
  public InetSocketAddress address() {
    return started().address();
  }

  /** Its ZooKeeper session, 0 before it was started. */
  public long sessionId() {
    BrokerParts now = parts;
    return now == null ? 0 : now.sessionId();
  }

  /** Whether it is the active controller. */
  public boolean isController() {
    BrokerParts now = parts;
    return now != null && now.isController();
  }

  /** Begins a new segment of a partition if it has it and runs. */
  public void rollSegment(TopicPartition partition) {
    BrokerParts now = parts;
    if (now != null && !killed()) {
      now.rollSegment(partition);
    }
  }

  /** Runs retention once and has the cleaner look for a dirty log, if it runs. */
  public void tendLogs() {
    BrokerParts now = parts;
    if (now != null && !killed()) {
      now.tendLogs();
    }
  }

  /** All that is measured, empty while it does not run. */
  public List<ClusterEvent.Sample> sample() {
    BrokerParts now = parts;
    return now == null || killed() ? List.of() : now.sample();
  }

  private BrokerParts started() {
    BrokerParts now = parts;
    if (now == null) {
      throw new IllegalStateException("The broker was not started.");
    }
    return now;
  }

  private long millisSince(long begin) {
    return TimeUnit.NANOSECONDS.toMillis(clocks.nanoTime().getAsLong() - begin);
  }
}
