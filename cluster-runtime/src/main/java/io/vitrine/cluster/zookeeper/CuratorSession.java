package io.vitrine.cluster.zookeeper;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions over Apache Curator, one after another, each from ZooKeeper's first word to its last.
 *
 * <p>A session is over when a server says so, however long no server could be asked; Curator and
 * ZooKeeper's own client would end it by their clocks. Safe from any thread; its listener is called
 * on a thread of its own.
 */
public final class CuratorSession implements ZooKeeperSession {
  private static final Logger LOG = LoggerFactory.getLogger(CuratorSession.class);

  private final ZooKeeperSettings settings;
  private final SessionListener listener;
  private final ThreadFactory threads;
  private final ExecutorService telling;
  private final SessionClient.Owner owner = new Owner();
  private final Map<String, List<Runnable>> handlers = new ConcurrentHashMap<>();
  private volatile SessionClient client;
  private volatile long sessionId;
  private volatile int timeoutMs;
  private volatile boolean closed;

  private CuratorSession(
      ZooKeeperSettings settings, String threadPrefix, SessionListener listener) {
    this.settings = settings;
    this.listener = listener;
    AtomicInteger made = new AtomicInteger();
    this.threads =
        task -> {
          Thread thread = new Thread(task, threadPrefix + "zookeeper-" + made.getAndIncrement());
          thread.setDaemon(true);
          return thread;
        };
    this.telling = Executors.newSingleThreadExecutor(threads);
    this.client = newClient();
  }

  /**
   * Connects and waits for the session.
   *
   * @param threadPrefix of the session's threads, such as {@code broker-1-}
   * @throws IOException when no session is there within the connection time-out
   */
  public static CuratorSession connect(
      ZooKeeperSettings settings, String threadPrefix, SessionListener listener)
      throws IOException, InterruptedException {
    CuratorSession session = new CuratorSession(settings, threadPrefix, listener);
    session.start();
    if (!session.connectedWithin(settings.connectionTimeoutMs())) {
      session.close();
      throw new IOException(
          "no ZooKeeper at "
              + settings.connect()
              + " within "
              + settings.connectionTimeoutMs()
              + " ms: start it, or correct zookeeper.connect");
    }
    session.established(session.client);
    return session;
  }

  /** On the session's thread: ZooKeeper's own threads are named after the one that makes them. */
  private void start() throws IOException, InterruptedException {
    try {
      telling.submit(client::start).get();
    } catch (ExecutionException e) {
      close();
      throw new IOException(
          "no session with ZooKeeper at " + settings.connect() + ": " + e.getCause().getMessage(),
          e.getCause());
    }
  }

  private boolean connectedWithin(int timeoutMs) throws InterruptedException {
    try {
      return client.connectedWithin(timeoutMs);
    } catch (InterruptedException e) {
      close();
      throw e;
    }
  }

  private SessionClient newClient() {
    return new SessionClient(settings, threads, this::watchFired, owner);
  }

  @Override
  public long sessionId() {
    return sessionId;
  }

  @Override
  public int negotiatedTimeoutMs() {
    return timeoutMs;
  }

  // ---- reads ---------------------------------------------------------------------------------

  @Override
  public CompletableFuture<Optional<NodeData>> get(String path) {
    return client.get(path);
  }

  @Override
  public CompletableFuture<Optional<NodeData>> getAndWatch(String path) {
    // One after the other: sent again after a lost connection, the read could overtake the watch.
    SessionClient now = client;
    return now.existsAndWatch(path).thenCompose(stat -> now.get(path));
  }

  @Override
  public CompletableFuture<Optional<NodeStat>> existsAndWatch(String path) {
    return client.existsAndWatch(path);
  }

  @Override
  public CompletableFuture<Optional<List<String>>> children(String path) {
    return client.children(path);
  }

  @Override
  public CompletableFuture<Optional<List<String>>> childrenAndWatch(String path) {
    return client.childrenAndWatch(path);
  }

  @Override
  public Runnable onWatch(String path, Runnable handler) {
    handlers.compute(
        path,
        (p, present) -> {
          List<Runnable> all = present == null ? new CopyOnWriteArrayList<>() : present;
          all.add(handler);
          return all;
        });
    return () ->
        handlers.computeIfPresent(
            path,
            (p, present) -> {
              present.remove(handler);
              return present.isEmpty() ? null : present;
            });
  }

  // ---- writes --------------------------------------------------------------------------------

  @Override
  public CompletableFuture<ZkResult> create(String path, byte[] data, CreateMode mode) {
    return client.create(path, data, mode);
  }

  @Override
  public CompletableFuture<NodeStat> set(String path, byte[] data, int expectedVersion) {
    return client.set(path, data, expectedVersion);
  }

  @Override
  public CompletableFuture<Void> delete(String path, int expectedVersion) {
    return client.delete(path, expectedVersion);
  }

  @Override
  public CompletableFuture<List<ZkResult>> multi(List<ZkOp> ops) {
    return client.multi(ops);
  }

  // ---- end -----------------------------------------------------------------------------------

  /** Ends the session; its ephemeral nodes vanish at once. */
  @Override
  public void close() {
    end(false);
  }

  @Override
  public void abandon() {
    end(true);
  }

  private void end(boolean abandoned) {
    SessionClient last;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      last = client;
    }
    handlers.clear();
    if (abandoned) {
      last.abandon();
    } else {
      last.close();
    }
    telling.shutdown();
  }

  // ---- the session's life --------------------------------------------------------------------

  /** Hands over what Curator and ZooKeeper tell, so that it is acted on in order. */
  private final class Owner implements SessionClient.Owner {
    @Override
    public void connectionChanged(SessionClient of, ConnectionState state) {
      handOver(() -> changed(of, state));
    }

    @Override
    public void over(SessionClient of) {
      handOver(() -> expired(of));
    }

    private void handOver(Runnable task) {
      try {
        telling.execute(task);
      } catch (RejectedExecutionException e) {
        LOG.debug("session 0x{} was closed", Long.toHexString(sessionId));
      }
    }
  }

  private void changed(SessionClient of, ConnectionState state) {
    if (closed || of != client) {
      return;
    }
    switch (state) {
      case SUSPENDED -> listener.suspended();
      case CONNECTED -> connected(of);
      case RECONNECTED -> resumed(of);
      default -> LOG.debug("session 0x{}: connection is {}", Long.toHexString(sessionId), state);
    }
  }

  /** A session's first connection; of the first session, {@link #connect} heard itself. */
  private void connected(SessionClient of) {
    long before = sessionId;
    established(of);
    if (before != 0 && before != sessionId) {
      listener.renewed(sessionId);
    }
  }

  private synchronized void established(SessionClient of) {
    of.keepsWatches();
    sessionId = of.sessionId();
    timeoutMs = of.negotiatedTimeoutMs();
  }

  private void resumed(SessionClient of) {
    if (!of.keepsWatches()) {
      // What changed meanwhile fired nothing: every handler looks for itself, and arms again.
      handlers.values().forEach(all -> all.forEach(Runnable::run));
    }
    listener.resumed();
  }

  private void expired(SessionClient of) {
    synchronized (this) {
      if (closed || of != client) {
        return;
      }
      SessionClient next = newClient();
      next.start();
      client = next;
    }
    LOG.warn("session 0x{} expired", Long.toHexString(sessionId));
    listener.expired();
    of.expired();
  }

  private void watchFired(WatchedEvent event) {
    if (event.getType() == Watcher.Event.EventType.None || event.getPath() == null) {
      return;
    }
    handlers.getOrDefault(event.getPath(), List.of()).forEach(Runnable::run);
  }
}
