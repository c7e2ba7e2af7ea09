package io.vitrine.cluster.zookeeper;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * A session with a {@link ZooKeeperModel}. Every operation is answered before its call returns;
 * what happens before that, and whether it gets through, is the simulation's.
 */
public final class ModelSession implements ZooKeeperSession {
  private final ZooKeeperModel model;
  private final Gate gate;
  private final Map<String, List<Runnable>> handlers = new HashMap<>();
  private long id;
  private boolean closed;

  /** What lies between a client and ZooKeeper. */
  public interface Gate {
    /** Waits until the operation may be done; the session may be another one then. */
    void pass();

    /** Whether the answer to an operation that was done is lost, so that it is sent again. */
    default boolean answerLost() {
      return false;
    }

    /** The client closed its session. */
    default void closed(long session) {}
  }

  public ModelSession(ZooKeeperModel model, Gate gate, long id) {
    this.model = model;
    this.gate = gate;
    this.id = id;
  }

  /** The session expired, and this one took its place. */
  public void renew(long newId) {
    id = newId;
  }

  /** A watch on this path went off. */
  public void fire(String path) {
    for (Runnable handler : handlers.getOrDefault(path, List.of())) {
      handler.run();
    }
  }

  @Override
  public long sessionId() {
    return id;
  }

  @Override
  public int negotiatedTimeoutMs() {
    return 0;
  }

  @Override
  public CompletableFuture<Optional<NodeData>> get(String path) {
    return answer(() -> model.get(path));
  }

  @Override
  public CompletableFuture<Optional<NodeData>> getAndWatch(String path) {
    return answer(() -> model.getAndWatch(id, path));
  }

  @Override
  public CompletableFuture<Optional<NodeStat>> existsAndWatch(String path) {
    return answer(() -> model.getAndWatch(id, path).map(NodeData::stat));
  }

  @Override
  public CompletableFuture<Optional<List<String>>> children(String path) {
    return answer(() -> model.children(path));
  }

  @Override
  public CompletableFuture<Optional<List<String>>> childrenAndWatch(String path) {
    return answer(() -> model.childrenAndWatch(id, path));
  }

  @Override
  public Runnable onWatch(String path, Runnable handler) {
    handlers.computeIfAbsent(path, p -> new CopyOnWriteArrayList<>()).add(handler);
    return () -> handlers.getOrDefault(path, new CopyOnWriteArrayList<>()).remove(handler);
  }

  @Override
  public CompletableFuture<ZkResult> create(String path, byte[] data, CreateMode mode) {
    return multi(List.of(new ZkOp.Create(path, data, mode))).thenApply(all -> all.get(0));
  }

  @Override
  public CompletableFuture<NodeStat> set(String path, byte[] data, int expectedVersion) {
    return multi(List.of(new ZkOp.SetData(path, data, expectedVersion)))
        .thenApply(all -> all.get(0).stat());
  }

  @Override
  public CompletableFuture<Void> delete(String path, int expectedVersion) {
    return multi(List.of(new ZkOp.Delete(path, expectedVersion))).thenApply(all -> null);
  }

  @Override
  public CompletableFuture<List<ZkResult>> multi(List<ZkOp> ops) {
    return answer(() -> model.multi(id, ops));
  }

  private <T> CompletableFuture<T> answer(Supplier<T> operation) {
    if (!closed) {
      gate.pass();
    }
    if (closed) {
      return CompletableFuture.failedFuture(
          new ZkException(ZkException.Code.CLOSED, "/", -1, "the session was closed"));
    }
    try {
      T answer = operation.get();
      return CompletableFuture.completedFuture(gate.answerLost() ? operation.get() : answer);
    } catch (ZkException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  @Override
  public void abandon() {
    closed = true;
    handlers.clear();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      handlers.clear();
      gate.closed(id);
    }
  }
}
