package io.vitrine.cluster.zookeeper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryForever;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session over Apache Curator. A lost connection is waited out and the operation sent again for
 * as long as it takes, as Kafka does. Safe from any thread.
 */
public final class CuratorSession implements ZooKeeperSession {
  private static final Logger LOG = LoggerFactory.getLogger(CuratorSession.class);
  private static final int RETRY_MS = 100;
  private static final int CLOSE_WAIT_MS = 0;

  private final SessionListener listener;
  private final CuratorFramework curator;
  private final Factory factory;
  private final Map<String, List<Runnable>> handlers = new ConcurrentHashMap<>();
  private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();
  private final Watcher watcher = this::watchFired;
  private volatile long sessionId;
  private volatile boolean closed;

  private CuratorSession(
      ZooKeeperSettings settings, String threadPrefix, SessionListener listener) {
    this.listener = listener;
    this.factory = new Factory();
    AtomicInteger threads = new AtomicInteger();
    this.curator =
        CuratorFrameworkFactory.builder()
            .connectString(settings.connect())
            .sessionTimeoutMs(settings.sessionTimeoutMs())
            .connectionTimeoutMs(settings.connectionTimeoutMs())
            .maxCloseWaitMs(CLOSE_WAIT_MS)
            .retryPolicy(new RetryForever(RETRY_MS))
            .zookeeperFactory(factory)
            .ensembleTracker(false)
            .threadFactory(
                task -> {
                  Thread thread =
                      new Thread(task, threadPrefix + "zookeeper-" + threads.getAndIncrement());
                  thread.setDaemon(true);
                  return thread;
                })
            .build();
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
    session.curator.getConnectionStateListenable().addListener((c, s) -> session.changed(s));
    session.curator.start();
    if (!session.connectedWithin(settings.connectionTimeoutMs())) {
      session.close();
      throw new IOException(
          "no ZooKeeper at "
              + settings.connect()
              + " within "
              + settings.connectionTimeoutMs()
              + " ms: start it, or correct zookeeper.connect");
    }
    session.sessionId = session.factory.current().getSessionId();
    return session;
  }

  private boolean connectedWithin(int timeoutMs) throws InterruptedException {
    try {
      return curator.blockUntilConnected(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      close();
      throw e;
    }
  }

  @Override
  public long sessionId() {
    return sessionId;
  }

  @Override
  public int negotiatedTimeoutMs() {
    return factory.current().getSessionTimeout();
  }

  // ---- reads ---------------------------------------------------------------------------------

  @Override
  public CompletableFuture<Optional<NodeData>> get(String path) {
    return call(
        path,
        callback -> curator.getData().inBackground(callback).forPath(path),
        event -> Optional.of(new NodeData(event.getData(), NodeStat.of(event.getStat()))),
        Optional.empty());
  }

  @Override
  public CompletableFuture<Optional<NodeData>> getAndWatch(String path) {
    // One after the other: sent again after a lost connection, the read could overtake the watch.
    return existsAndWatch(path).thenCompose(stat -> get(path));
  }

  @Override
  public CompletableFuture<Optional<NodeStat>> existsAndWatch(String path) {
    return call(
        path,
        callback ->
            curator.checkExists().usingWatcher(watcher).inBackground(callback).forPath(path),
        event -> Optional.of(NodeStat.of(event.getStat())),
        Optional.empty());
  }

  @Override
  public CompletableFuture<Optional<List<String>>> children(String path) {
    return call(
        path,
        callback -> curator.getChildren().inBackground(callback).forPath(path),
        event -> Optional.of(List.copyOf(event.getChildren())),
        Optional.empty());
  }

  @Override
  public CompletableFuture<Optional<List<String>>> childrenAndWatch(String path) {
    return call(
        path,
        callback ->
            curator.getChildren().usingWatcher(watcher).inBackground(callback).forPath(path),
        event -> Optional.of(List.copyOf(event.getChildren())),
        Optional.empty());
  }

  @Override
  public Runnable onWatch(String path, Runnable handler) {
    handlers.computeIfAbsent(path, p -> new CopyOnWriteArrayList<>()).add(handler);
    return () -> handlers.getOrDefault(path, new CopyOnWriteArrayList<>()).remove(handler);
  }

  // ---- writes --------------------------------------------------------------------------------

  @Override
  public CompletableFuture<ZkResult> create(String path, byte[] data, CreateMode mode) {
    return call(
        path,
        callback ->
            curator.create().withMode(mode.mode()).inBackground(callback).forPath(path, data),
        event -> new ZkResult(event.getName(), NodeStat.of(event.getStat())),
        null);
  }

  @Override
  public CompletableFuture<NodeStat> set(String path, byte[] data, int expectedVersion) {
    return call(
        path,
        callback ->
            curator
                .setData()
                .withVersion(expectedVersion)
                .inBackground(callback)
                .forPath(path, data),
        event -> NodeStat.of(event.getStat()),
        null);
  }

  @Override
  public CompletableFuture<Void> delete(String path, int expectedVersion) {
    return call(
        path,
        callback ->
            curator.delete().withVersion(expectedVersion).inBackground(callback).forPath(path),
        event -> null,
        null);
  }

  @Override
  public CompletableFuture<List<ZkResult>> multi(List<ZkOp> ops) {
    CompletableFuture<List<ZkResult>> result = track(new CompletableFuture<>());
    try {
      List<CuratorOp> each = new ArrayList<>();
      for (ZkOp op : ops) {
        each.add(translate(op));
      }
      curator
          .transaction()
          .inBackground((client, event) -> complete(result, ops, event))
          .forOperations(each);
    } catch (Exception e) {
      result.completeExceptionally(refusal(ops.get(0).path(), e));
    }
    return result;
  }

  private CuratorOp translate(ZkOp op) throws Exception {
    if (op instanceof ZkOp.Check check) {
      return curator.transactionOp().check().withVersion(check.version()).forPath(op.path());
    }
    if (op instanceof ZkOp.Create create) {
      return curator
          .transactionOp()
          .create()
          .withMode(create.mode().mode())
          .forPath(op.path(), create.data());
    }
    if (op instanceof ZkOp.SetData set) {
      return curator
          .transactionOp()
          .setData()
          .withVersion(set.version())
          .forPath(op.path(), set.data());
    }
    return curator
        .transactionOp()
        .delete()
        .withVersion(((ZkOp.Delete) op).version())
        .forPath(op.path());
  }

  private static void complete(
      CompletableFuture<List<ZkResult>> result, List<ZkOp> ops, CuratorEvent event) {
    List<CuratorTransactionResult> parts = event.getOpResults();
    if (event.getResultCode() == KeeperException.Code.OK.intValue()) {
      result.complete(
          parts.stream()
              .map(part -> new ZkResult(part.getResultPath(), NodeStat.of(part.getResultStat())))
              .toList());
      return;
    }
    int failed = 0;
    for (int i = 0; parts != null && i < parts.size(); i++) {
      int code = parts.get(i).getError();
      // Operations after the failed one are reported as RUNTIMEINCONSISTENCY, those before as OK.
      if (code != KeeperException.Code.OK.intValue()
          && code != KeeperException.Code.RUNTIMEINCONSISTENCY.intValue()) {
        failed = i;
        break;
      }
    }
    result.completeExceptionally(
        ZkException.of(event.getResultCode(), ops.get(failed).path(), failed));
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
    if (closed) {
      return;
    }
    closed = true;
    handlers.clear();
    if (abandoned) {
      factory.abandon();
    }
    curator.close();
    for (CompletableFuture<?> each : pending) {
      each.completeExceptionally(
          new ZkException(ZkException.Code.CLOSED, "/", -1, "the session was closed"));
    }
  }

  // ---- inside --------------------------------------------------------------------------------

  private interface Start {
    void with(BackgroundCallback callback) throws Exception;
  }

  /** Starts an operation; an absent value of null means that NO_NODE is an error. */
  private <T> CompletableFuture<T> call(
      String path, Start start, Function<CuratorEvent, T> value, T absent) {
    CompletableFuture<T> result = track(new CompletableFuture<>());
    try {
      start.with(
          (client, event) -> {
            int code = event.getResultCode();
            if (code == KeeperException.Code.OK.intValue()) {
              result.complete(value.apply(event));
            } else if (code == KeeperException.Code.NONODE.intValue() && absent != null) {
              result.complete(absent);
            } else {
              result.completeExceptionally(ZkException.of(code, path, -1));
            }
          });
    } catch (Exception e) {
      result.completeExceptionally(refusal(path, e));
    }
    return result;
  }

  private ZkException refusal(String path, Exception cause) {
    ZkException refused =
        new ZkException(
            closed ? ZkException.Code.CLOSED : ZkException.Code.OTHER, path, -1, cause.toString());
    refused.initCause(cause);
    return refused;
  }

  private <T> CompletableFuture<T> track(CompletableFuture<T> future) {
    pending.add(future);
    future.whenComplete((value, error) -> pending.remove(future));
    return future;
  }

  private void watchFired(WatchedEvent event) {
    if (event.getType() == Watcher.Event.EventType.None || event.getPath() == null) {
      return;
    }
    for (Runnable handler : handlers.getOrDefault(event.getPath(), List.of())) {
      handler.run();
    }
  }

  private void changed(ConnectionState state) {
    if (closed) {
      return;
    }
    switch (state) {
      case SUSPENDED -> listener.suspended();
      case LOST -> {
        LOG.warn("session 0x{} expired", Long.toHexString(sessionId));
        listener.expired();
      }
      case RECONNECTED -> reconnected();
      default -> LOG.debug("connection is {}", state);
    }
  }

  private void reconnected() {
    long now = factory.current().getSessionId();
    if (now == sessionId) {
      listener.resumed();
    } else {
      sessionId = now;
      listener.renewed(now);
    }
  }

  /** Makes the client Curator uses, and remembers the newest. */
  private static final class Factory implements ZookeeperFactory {
    private volatile AbandonableZooKeeper current;
    private boolean abandoned;

    AbandonableZooKeeper current() {
      return current;
    }

    synchronized void abandon() {
      abandoned = true;
      if (current != null) {
        current.abandon();
      }
    }

    @Override
    public synchronized ZooKeeper newZooKeeper(
        String connect, int sessionTimeoutMs, Watcher watcher, boolean readOnly)
        throws IOException {
      return newZooKeeper(connect, sessionTimeoutMs, watcher, readOnly, new ZKClientConfig());
    }

    @Override
    public synchronized ZooKeeper newZooKeeper(
        String connect,
        int sessionTimeoutMs,
        Watcher watcher,
        boolean readOnly,
        ZKClientConfig config)
        throws IOException {
      if (abandoned) {
        // Curator asks for a client once more to close it; the dead one is closed already.
        return current;
      }
      current =
          new AbandonableZooKeeper(
              connect,
              sessionTimeoutMs,
              watcher,
              readOnly,
              config == null ? new ZKClientConfig() : config);
      return current;
    }
  }
}
