package io.vitrine.cluster.zookeeper;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * A session that tells how long each of its operations took until it was answered, refused or given
 * up, waiting for a lost connection included. Owns the session it passes everything on to.
 */
public final class TimedSession implements ZooKeeperSession {
  private final ZooKeeperSession session;
  private final LongSupplier nanoTime;
  private final LongConsumer tookNanos;

  /**
   * @param nanoTime monotonic clock in nanoseconds
   * @param tookNanos called on the thread that brings the answer: only count
   */
  public TimedSession(ZooKeeperSession session, LongSupplier nanoTime, LongConsumer tookNanos) {
    this.session = session;
    this.nanoTime = nanoTime;
    this.tookNanos = tookNanos;
  }

  /** The answer itself goes back: a future that hangs on it would wrap its errors. */
  private <T> CompletableFuture<T> timed(long begun, CompletableFuture<T> answer) {
    answer.whenComplete((value, error) -> tookNanos.accept(nanoTime.getAsLong() - begun));
    return answer;
  }

  @Override
  public long sessionId() {
    return session.sessionId();
  }

  @Override
  public int negotiatedTimeoutMs() {
    return session.negotiatedTimeoutMs();
  }

  @Override
  public CompletableFuture<Optional<NodeData>> get(String path) {
    return timed(nanoTime.getAsLong(), session.get(path));
  }

  @Override
  public CompletableFuture<Optional<NodeData>> getAndWatch(String path) {
    return timed(nanoTime.getAsLong(), session.getAndWatch(path));
  }

  @Override
  public CompletableFuture<Optional<NodeStat>> existsAndWatch(String path) {
    return timed(nanoTime.getAsLong(), session.existsAndWatch(path));
  }

  @Override
  public CompletableFuture<Optional<List<String>>> children(String path) {
    return timed(nanoTime.getAsLong(), session.children(path));
  }

  @Override
  public CompletableFuture<Optional<List<String>>> childrenAndWatch(String path) {
    return timed(nanoTime.getAsLong(), session.childrenAndWatch(path));
  }

  @Override
  public Runnable onWatch(String path, Runnable handler) {
    return session.onWatch(path, handler);
  }

  @Override
  public CompletableFuture<ZkResult> create(String path, byte[] data, CreateMode mode) {
    return timed(nanoTime.getAsLong(), session.create(path, data, mode));
  }

  @Override
  public CompletableFuture<NodeStat> set(String path, byte[] data, int expectedVersion) {
    return timed(nanoTime.getAsLong(), session.set(path, data, expectedVersion));
  }

  @Override
  public CompletableFuture<Void> delete(String path, int expectedVersion) {
    return timed(nanoTime.getAsLong(), session.delete(path, expectedVersion));
  }

  @Override
  public CompletableFuture<List<ZkResult>> multi(List<ZkOp> ops) {
    return timed(nanoTime.getAsLong(), session.multi(ops));
  }

  @Override
  public void abandon() {
    session.abandon();
  }

  @Override
  public void close() {
    session.close();
  }
}
