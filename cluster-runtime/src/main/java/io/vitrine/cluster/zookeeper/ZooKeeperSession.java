package io.vitrine.cluster.zookeeper;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One broker's session with ZooKeeper.
 *
 * <p>Operations are asynchronous and pipelined in the order they are called; refusals reach the
 * caller as {@link ZkException}. Watches are one-shot: a handler compares states and arms the watch
 * again by reading. When a session expires a new one takes its place; watches are gone then, and
 * {@link SessionListener#renewed} says so. Safe from any thread.
 */
public interface ZooKeeperSession extends AutoCloseable {
  /** The session's id now. */
  long sessionId();

  /** What the server made of the asked time-out. */
  int negotiatedTimeoutMs();

  /** A node's data; empty when there is no such node. */
  CompletableFuture<Optional<NodeData>> get(String path);

  /** Like {@link #get}, and the next change of the node, its birth included, fires the watch. */
  CompletableFuture<Optional<NodeData>> getAndWatch(String path);

  /** The stat of a node; its next change, birth or death fires the watch. */
  CompletableFuture<Optional<NodeStat>> existsAndWatch(String path);

  /** Names of a node's children; empty when there is no such node. */
  CompletableFuture<Optional<List<String>>> children(String path);

  /** Like {@link #children}, and the next child to come or go fires the watch. */
  CompletableFuture<Optional<List<String>>> childrenAndWatch(String path);

  /**
   * Registers what to do when a watch armed on a path fires.
   *
   * @param handler called on ZooKeeper's event thread: only enqueue
   * @return ends the registration
   */
  Runnable onWatch(String path, Runnable handler);

  /** Makes a node; the result names it, with its number if it is sequential. */
  CompletableFuture<ZkResult> create(String path, byte[] data, CreateMode mode);

  /** Sets a node's data if it has this version; -1 is any. */
  CompletableFuture<NodeStat> set(String path, byte[] data, int expectedVersion);

  /** Deletes a node if it has this version; -1 is any. */
  CompletableFuture<Void> delete(String path, int expectedVersion);

  /** All operations or none. */
  CompletableFuture<List<ZkResult>> multi(List<ZkOp> ops);

  /** Cuts the connection without a word; the session runs out at the server. */
  void abandon();

  /** Ends the session; its ephemeral nodes vanish at once. */
  @Override
  void close();
}
