package io.vitrine.cluster.zookeeper;

import java.io.IOException;
import org.apache.zookeeper.Testable;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.StaticHostProvider;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.Time;

/**
 * One of the client objects a session goes through; the first makes the session, each later one
 * goes on with it.
 *
 * <p>Closing it leaves the session alone unless the session is to end, and its connection can be
 * cut without a word, as when its process dies.
 */
@SuppressWarnings("try") // ZooKeeper's own close() may be interrupted
final class SessionHandle extends ZooKeeper {
  private final boolean first;
  private final long ownClockMs;
  private final long madeMs = Time.currentElapsedTime();
  private volatile boolean givenUp;
  private volatile boolean ending;

  /** A handle that makes a session. */
  SessionHandle(
      String connect,
      int sessionTimeoutMs,
      Watcher watcher,
      boolean readOnly,
      ZKClientConfig config)
      throws IOException {
    super(connect, sessionTimeoutMs, watcher, readOnly, config);
    this.first = true;
    this.ownClockMs = ownClockMs(sessionTimeoutMs);
  }

  /** A handle that goes on with the session of one that is closed. */
  SessionHandle(
      SessionHandle before,
      String connect,
      int sessionTimeoutMs,
      Watcher watcher,
      boolean readOnly,
      ZKClientConfig config)
      throws IOException {
    super(
        connect,
        sessionTimeoutMs,
        watcher,
        before.getSessionId(),
        before.getSessionPasswd(),
        readOnly,
        new StaticHostProvider(new ConnectStringParser(connect).getServerAddresses()),
        config);
    this.first = false;
    this.ownClockMs = ownClockMs(sessionTimeoutMs);
  }

  /** How long ZooKeeper's client waits for a server before it holds its session to be over. */
  private static long ownClockMs(int sessionTimeoutMs) {
    return sessionTimeoutMs * 4L / 3;
  }

  /**
   * Whether it was a server that said the session is over; asked once the handle is closed.
   *
   * <p>A server says so by granting a time-out of zero to a client that comes back. A handle that
   * was connected had a longer one before; one that never was has zero from the beginning, and its
   * end is surely the server's word only if it came sooner than by the client's own clock. In doubt
   * the answer is no: the next handle will hear.
   */
  boolean overByServer() {
    return !givenUp
        && getSessionTimeout() <= 0
        && (first || Time.currentElapsedTime() - madeMs < ownClockMs);
  }

  /** Ends the threads and drops the socket; the server is not told, the session runs out there. */
  void abandon() {
    cnxn.disconnect();
  }

  /** From now on, to close the handle is to end the session. */
  void ending() {
    ending = true;
  }

  /** Asked for only by Curator, when it ends a session by a clock of its own. */
  @Override
  public Testable getTestable() {
    givenUp = true;
    return super.getTestable();
  }

  @Override
  public synchronized void close() throws InterruptedException {
    if (ending) {
      super.close();
    } else {
      abandon();
    }
  }
}
