package io.vitrine.cluster.zookeeper;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.PurgeTxnLog;
import org.apache.zookeeper.server.ServerCnxn;
import org.apache.zookeeper.server.SessionTracker;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnLog;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/**
 * A real ZooKeeper server of one member in this JVM, listening on loopback.
 *
 * <p>Session time-outs lie between 2 and 20 ticks, as everywhere. Data stay in the directory; the
 * newest three snapshots are kept.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {
  private static final int SNAPSHOTS_KEPT = 3;
  private static final long PREALLOCATED_KIB = 256;

  private final ZooKeeperServer server;
  private final NIOServerCnxnFactory connections;
  private final int tickTimeMs;
  private boolean ended;

  private EmbeddedZooKeeper(
      ZooKeeperServer server, NIOServerCnxnFactory connections, int tickTimeMs) {
    this.server = server;
    this.connections = connections;
    this.tickTimeMs = tickTimeMs;
  }

  /**
   * Starts a server on the data of a directory.
   *
   * @param port 0 for any
   * @throws IOException naming the port when another program has it
   */
  public static EmbeddedZooKeeper start(Path directory, int port, int tickTimeMs)
      throws IOException {
    return start(directory, port, tickTimeMs, sessionId -> {});
  }

  /**
   * Likewise.
   *
   * @param expired hears the id of a session that has run out, before its ephemeral nodes vanish;
   *     on the server's thread: only hand over
   */
  public static EmbeddedZooKeeper start(
      Path directory, int port, int tickTimeMs, LongConsumer expired) throws IOException {
    Files.createDirectories(directory);
    FileTxnLog.setPreallocSize(PREALLOCATED_KIB * 1024);
    NIOServerCnxnFactory connections = new NIOServerCnxnFactory();
    try {
      connections.configure(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
    } catch (BindException e) {
      throw new IOException(
          "port "
              + port
              + " for ZooKeeper is taken by another program: stop it, or choose another port",
          e);
    }
    try {
      FileTxnSnapLog data = new FileTxnSnapLog(directory.toFile(), directory.toFile());
      PurgeTxnLog.purge(directory.toFile(), directory.toFile(), SNAPSHOTS_KEPT);
      ZooKeeperServer server =
          new ZooKeeperServer(data, tickTimeMs, "") {
            @Override
            public void expire(SessionTracker.Session session) {
              expired.accept(session.getSessionId());
              super.expire(session);
            }
          };
      connections.startup(server);
      return new EmbeddedZooKeeper(server, connections, tickTimeMs);
    } catch (InterruptedException e) {
      connections.shutdown();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ZooKeeper started", e);
    } catch (IOException | RuntimeException e) {
      connections.shutdown();
      throw e;
    }
  }

  /** Where clients connect. */
  public String connectString() {
    return "127.0.0.1:" + connections.getLocalPort();
  }

  public int port() {
    return connections.getLocalPort();
  }

  public int tickTimeMs() {
    return tickTimeMs;
  }

  /** Sessions alive at the server. */
  public int sessions() {
    return server.getSessionTracker() == null
        ? 0
        : server.getSessionTracker().globalSessions().size();
  }

  /**
   * Ends every session there is: for a server just started on data whose clients are all known to
   * be dead. Sessions outlive a server, and their ephemeral nodes with them.
   */
  public void endSessions() {
    for (long session : List.copyOf(server.getSessionTracker().globalSessions())) {
      server.closeSession(session);
    }
  }

  /** Stops the server; sessions outlive it if it comes back in time. */
  public synchronized void stop() {
    if (!ended) {
      ended = true;
      connections.shutdown();
    }
  }

  /** Drops every connection at once, then goes; what was acknowledged is on disk already. */
  public synchronized void kill() {
    if (!ended) {
      connections.closeAll(ServerCnxn.DisconnectReason.SERVER_SHUTDOWN);
      stop();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
