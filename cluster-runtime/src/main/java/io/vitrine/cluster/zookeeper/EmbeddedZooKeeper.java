package io.vitrine.cluster.zookeeper;

import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
public final class EmbeddedZooKeeper implements ZooKeeperMember, AutoCloseable {
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
    prepare(directory);
    NIOServerCnxnFactory connections = bind(port);
    try {
      FileTxnSnapLog data = new FileTxnSnapLog(directory.toFile(), directory.toFile());
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

  /** Makes a server's directory ready: small log files, and no more old snapshots than needed. */
  static void prepare(Path directory) throws IOException {
    FileTxnLog.setPreallocSize(PREALLOCATED_KIB * 1024);
    PurgeTxnLog.purge(directory.toFile(), directory.toFile(), SNAPSHOTS_KEPT);
  }

  /**
   * Takes a port on loopback for clients.
   *
   * @throws BindException naming the port when another program has it
   */
  static NIOServerCnxnFactory bind(int port) throws IOException {
    NIOServerCnxnFactory connections = new NIOServerCnxnFactory();
    try {
      connections.configure(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
      return connections;
    } catch (BindException e) {
      BindException taken =
          new BindException(
              "port "
                  + port
                  + " for ZooKeeper is taken by another program: stop it, or choose another port");
      taken.initCause(e);
      throw taken;
    }
  }

  /** Where clients connect. */
  public String connectString() {
    return "127.0.0.1:" + connections.getLocalPort();
  }

  @Override
  public int port() {
    return connections.getLocalPort();
  }

  public int tickTimeMs() {
    return tickTimeMs;
  }

  @Override
  public synchronized MemberRole role() {
    return ended ? MemberRole.STOPPED : MemberRole.STANDALONE;
  }

  @Override
  public long lastZxid() {
    return server.getLastProcessedZxid();
  }

  @Override
  public void endSession(long sessionId) {
    server.closeSession(sessionId);
  }

  @Override
  public void endSessions() {
    for (long session : List.copyOf(server.getSessionTracker().globalSessions())) {
      server.closeSession(session);
    }
  }

  @Override
  public synchronized Optional<ZooKeeperServer> serving() {
    return ended ? Optional.empty() : Optional.of(server);
  }

  @Override
  public synchronized void stop() {
    if (!ended) {
      ended = true;
      connections.shutdown();
    }
  }

  @Override
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
