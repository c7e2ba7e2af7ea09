package io.vitrine.cluster.zookeeper;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryForever;
import org.apache.kafka.common.utils.Utils;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;

/**
 * One session with ZooKeeper, from its first connection to its end, with the operations issued in
 * it.
 *
 * <p>A lost connection is waited out and the operation sent again for as long as the session lives.
 * When it ends, what is under way ends with it: nothing is ever done in another session. Safe from
 * any thread.
 */
final class SessionClient {
  /** Told of the session's life on threads of Curator and ZooKeeper: only hand over. */
  interface Owner {
    void connectionChanged(SessionClient of, ConnectionState state);

    /** A server said that the session is over. */
    void over(SessionClient of);
  }

  /** What a server takes at once where nothing is set, in bytes. */
  private static final int DEFAULT_MAX_BUFFER = 0xfffff;

  /** Of a request besides paths and data: its header and the ACL of a new node. */
  private static final int FRAME_BYTES = 256;

  private static final int RETRY_MS = 100;
  private static final int CLOSE_WAIT_MS = 0;

  private final SessionHandles handles;
  private final CuratorFramework curator;
  private final Watcher watcher;
  private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();
  private volatile SessionHandle connected;
  private volatile ZkException.Code ended;

  /**
   * @param watcher called on ZooKeeper's event thread
   */
  SessionClient(ZooKeeperSettings settings, ThreadFactory threads, Watcher watcher, Owner owner) {
    this.watcher = watcher;
    this.handles = new SessionHandles(() -> owner.over(this));
    this.curator =
        CuratorFrameworkFactory.builder()
            .connectString(settings.connect())
            .sessionTimeoutMs(settings.sessionTimeoutMs())
            .connectionTimeoutMs(settings.connectionTimeoutMs())
            .maxCloseWaitMs(CLOSE_WAIT_MS)
            .retryPolicy(new RetryForever(RETRY_MS))
            .zookeeperFactory(handles)
            .ensembleTracker(false)
            .threadFactory(threads)
            .build();
    curator
        .getConnectionStateListenable()
        .addListener((client, state) -> owner.connectionChanged(this, state));
  }

  /** Begins to connect. */
  void start() {
    curator.start();
  }

  boolean connectedWithin(int timeoutMs) throws InterruptedException {
    return curator.blockUntilConnected(timeoutMs, TimeUnit.MILLISECONDS);
  }

  /** The session's id, 0 before the first connection. */
  long sessionId() {
    SessionHandle handle = handles.current();
    return handle == null ? 0 : handle.getSessionId();
  }

  /** What the server made of the asked time-out; 0 while not connected. */
  int negotiatedTimeoutMs() {
    SessionHandle handle = handles.current();
    return handle == null ? 0 : handle.getSessionTimeout();
  }

  /**
   * Notes a connection.
   *
   * @return whether the watches armed before are still armed: they are the handle's, and a new one
   *     has none
   */
  boolean keepsWatches() {
    SessionHandle before = connected;
    connected = handles.current();
    return before == connected;
  }

  // ---- reads ---------------------------------------------------------------------------------

  CompletableFuture<Optional<NodeData>> get(String path) {
    return call(
        path,
        callback -> curator.getData().inBackground(callback).forPath(path),
        event -> Optional.of(new NodeData(event.getData(), NodeStat.of(event.getStat()))),
        Optional.empty());
  }

  CompletableFuture<Optional<NodeStat>> existsAndWatch(String path) {
    return call(
        path,
        callback ->
            curator.checkExists().usingWatcher(watcher).inBackground(callback).forPath(path),
        event -> Optional.of(NodeStat.of(event.getStat())),
        Optional.empty());
  }

  CompletableFuture<Optional<List<String>>> children(String path) {
    return call(
        path,
        callback -> curator.getChildren().inBackground(callback).forPath(path),
        event -> Optional.of(List.copyOf(event.getChildren())),
        Optional.empty());
  }

  CompletableFuture<Optional<List<String>>> childrenAndWatch(String path) {
    return call(
        path,
        callback ->
            curator.getChildren().usingWatcher(watcher).inBackground(callback).forPath(path),
        event -> Optional.of(List.copyOf(event.getChildren())),
        Optional.empty());
  }

  // ---- writes --------------------------------------------------------------------------------

  CompletableFuture<ZkResult> create(String path, byte[] data, CreateMode mode) {
    if (isTooLarge(sizeBytes(path, data))) {
      return tooLarge(path);
    }
    return call(
        path,
        callback ->
            curator.create().withMode(mode.mode()).inBackground(callback).forPath(path, data),
        event -> new ZkResult(event.getName(), NodeStat.of(event.getStat())),
        null);
  }

  CompletableFuture<NodeStat> set(String path, byte[] data, int expectedVersion) {
    if (isTooLarge(sizeBytes(path, data))) {
      return tooLarge(path);
    }
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

  CompletableFuture<Void> delete(String path, int expectedVersion) {
    return call(
        path,
        callback ->
            curator.delete().withVersion(expectedVersion).inBackground(callback).forPath(path),
        event -> null,
        null);
  }

  CompletableFuture<List<ZkResult>> multi(List<ZkOp> ops) {
    if (isTooLarge(ops.stream().mapToLong(SessionClient::sizeBytes).sum())) {
      return tooLarge(ops.get(0).path());
    }
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

  /** A server cuts the connection of who sends more, and the operation would be sent for ever. */
  private static boolean isTooLarge(long sizeBytes) {
    return sizeBytes > Integer.getInteger("jute.maxbuffer", DEFAULT_MAX_BUFFER);
  }

  private static long sizeBytes(ZkOp op) {
    if (op instanceof ZkOp.Create create) {
      return sizeBytes(op.path(), create.data());
    }
    return sizeBytes(op.path(), op instanceof ZkOp.SetData set ? set.data() : null);
  }

  private static long sizeBytes(String path, byte[] data) {
    return FRAME_BYTES + Utils.utf8Length(path) + (data == null ? 0 : data.length);
  }

  private static <T> CompletableFuture<T> tooLarge(String path) {
    return CompletableFuture.failedFuture(
        new ZkException(ZkException.Code.TOO_LARGE, path, -1, "see jute.maxbuffer"));
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

  /** Ends the session at the server, and with {@code CLOSED} whatever waits for an answer. */
  void close() {
    handles.ending();
    end(ZkException.Code.CLOSED);
  }

  /** Drops the connection without a word; whatever waits for an answer ends as by a close. */
  void abandon() {
    handles.abandon();
    end(ZkException.Code.CLOSED);
  }

  /** The session is over already: whatever waits for an answer ends with this code. */
  void expired() {
    end(ZkException.Code.SESSION_EXPIRED);
  }

  private void end(ZkException.Code code) {
    ended = code;
    curator.close();
    pending.forEach(future -> future.completeExceptionally(ending("/")));
  }

  private ZkException ending(String path) {
    return new ZkException(
        ended,
        path,
        -1,
        ended == ZkException.Code.CLOSED ? "the session was closed" : "the session is over");
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
        ended == null
            ? new ZkException(ZkException.Code.OTHER, path, -1, cause.toString())
            : ending(path);
    refused.initCause(cause);
    return refused;
  }

  /** A future that ends with the session; it is looked after from now on, also if that is now. */
  private <T> CompletableFuture<T> track(CompletableFuture<T> future) {
    pending.add(future);
    future.whenComplete((value, error) -> pending.remove(future));
    if (ended != null) {
      future.completeExceptionally(ending("/"));
    }
    return future;
  }
}
