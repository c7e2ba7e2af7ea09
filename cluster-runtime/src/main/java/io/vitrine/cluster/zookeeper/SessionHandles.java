package io.vitrine.cluster.zookeeper;

import java.io.IOException;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;

/**
 * Makes the client objects of one session, and of no other.
 *
 * <p>Curator asks for a new one whenever it holds the session to be over. As long as no server has
 * said so, the new one goes on with the same session. One lock; safe from any thread.
 */
final class SessionHandles implements ZookeeperFactory {
  /** As Kafka asks for: ZooKeeper's own 1 MiB is too little for children of many names. */
  private static final String MAX_BUFFER_BYTES = Integer.toString(4096 * 1024);

  private final Runnable over;
  private SessionHandle current;
  private boolean ended;

  /**
   * @param over called once when a server has said that the session is over, on a thread of
   *     ZooKeeper's client: only hand over
   */
  SessionHandles(Runnable over) {
    this.over = over;
  }

  synchronized SessionHandle current() {
    return current;
  }

  /** Cuts the connection without a word, and makes no further one. */
  synchronized void abandon() {
    ended = true;
    if (current != null) {
      current.abandon();
    }
  }

  /** To close the handle will end the session from now on. */
  synchronized void ending() {
    ended = true;
    if (current != null) {
      current.ending();
    }
  }

  @Override
  public ZooKeeper newZooKeeper(
      String connect, int sessionTimeoutMs, Watcher watcher, boolean readOnly) throws IOException {
    return newZooKeeper(connect, sessionTimeoutMs, watcher, readOnly, null);
  }

  @Override
  public synchronized ZooKeeper newZooKeeper(
      String connect,
      int sessionTimeoutMs,
      Watcher watcher,
      boolean readOnly,
      ZKClientConfig unused)
      throws IOException {
    if (ended) {
      // Curator asks for one more only to close it; this one is closed already.
      return current;
    }
    ZKClientConfig config = new ZKClientConfig();
    if (config.getProperty(ZKClientConfig.JUTE_MAXBUFFER) == null) {
      config.setProperty(ZKClientConfig.JUTE_MAXBUFFER, MAX_BUFFER_BYTES);
    }
    if (current == null) {
      current = new SessionHandle(connect, sessionTimeoutMs, watcher, readOnly, config);
    } else if (current.overByServer()) {
      ended = true;
      over.run();
    } else {
      current = new SessionHandle(current, connect, sessionTimeoutMs, watcher, readOnly, config);
    }
    return current;
  }
}
