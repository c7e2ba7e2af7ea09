package io.vitrine.cluster.zookeeper;

import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.SessionTracker;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.apache.zookeeper.server.quorum.Leader;
import org.apache.zookeeper.server.quorum.LeaderZooKeeperServer;
import org.apache.zookeeper.server.quorum.QuorumPeer;

/**
 * A real member of a ZooKeeper ensemble in this JVM: it votes, leads or follows, and serves while
 * it does.
 */
final class QuorumMember implements ZooKeeperMember {
  private static final int FAST_LEADER_ELECTION = 3;
  private static final int INIT_LIMIT_TICKS = 10;
  private static final int SYNC_LIMIT_TICKS = 5;
  private static final int CONNECT_LIMIT_TICKS = 5;
  private static final long END_TIMEOUT_MS = 5_000;

  private final Peer peer;
  private final NIOServerCnxnFactory connections;

  private QuorumMember(Peer peer, NIOServerCnxnFactory connections) {
    this.peer = peer;
    this.connections = connections;
  }

  /**
   * Starts a member on the data of its directory; it looks for the others from then on.
   *
   * @param connections bound to the port clients will use
   * @param members addresses of all members, this one included, by number
   * @param expired hears the id of a session that has run out, while this member leads
   * @param changed told the role whenever it may be another; on the member's own threads: only hand
   *     over
   */
  static QuorumMember start(
      int number,
      Path directory,
      NIOServerCnxnFactory connections,
      Map<Long, QuorumPeer.QuorumServer> members,
      int tickTimeMs,
      LongConsumer expired,
      Consumer<MemberRole> changed)
      throws IOException {
    Peer peer = new Peer(number, directory, connections, members, tickTimeMs, expired, changed);
    peer.start();
    return new QuorumMember(peer, connections);
  }

  /** Addresses of one member on loopback. */
  static QuorumPeer.QuorumServer addresses(
      int number, InetSocketAddress quorum, InetSocketAddress election) {
    return new QuorumPeer.QuorumServer(number, quorum, election);
  }

  @Override
  public int port() {
    return connections.getLocalPort();
  }

  @Override
  public MemberRole role() {
    return peer.role();
  }

  @Override
  public long lastZxid() {
    return peer.getLastLoggedZxid();
  }

  @Override
  public void endSession(long sessionId) {
    ZooKeeperServer leading = peer.getActiveServer();
    if (leading != null) {
      leading.closeSession(sessionId);
    }
  }

  @Override
  public void endSessions() {
    ZooKeeperServer leading = peer.getActiveServer();
    if (leading != null && leading.getSessionTracker() != null) {
      for (long session : List.copyOf(leading.getSessionTracker().globalSessions())) {
        leading.closeSession(session);
      }
    }
  }

  @Override
  public Optional<ZooKeeperServer> serving() {
    return role() == MemberRole.LEADER || role() == MemberRole.FOLLOWER
        ? Optional.ofNullable(peer.getActiveServer())
        : Optional.empty();
  }

  @Override
  public void stop() {
    peer.shutdown();
    try {
      peer.join(END_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void kill() {
    peer.closeAllConnections();
    stop();
  }

  /** ZooKeeper's own peer, which tells us what becomes of it. */
  private static final class Peer extends QuorumPeer {
    private final LongConsumer expired;
    private final Consumer<MemberRole> changed;

    Peer(
        int number,
        Path directory,
        NIOServerCnxnFactory connections,
        Map<Long, QuorumServer> members,
        int tickTimeMs,
        LongConsumer expired,
        Consumer<MemberRole> changed)
        throws IOException {
      super(
          members,
          directory.toFile(),
          directory.toFile(),
          FAST_LEADER_ELECTION,
          number,
          tickTimeMs,
          INIT_LIMIT_TICKS,
          SYNC_LIMIT_TICKS,
          CONNECT_LIMIT_TICKS,
          connections);
      this.expired = expired;
      this.changed = changed;
    }

    MemberRole role() {
      if (!isRunning()) {
        return MemberRole.STOPPED;
      }
      if (getZabState() != ZabState.BROADCAST) {
        return MemberRole.LOOKING;
      }
      return switch (getPeerState()) {
        case LEADING -> MemberRole.LEADER;
        case FOLLOWING -> MemberRole.FOLLOWER;
        default -> MemberRole.LOOKING;
      };
    }

    @Override
    public synchronized void setPeerState(ServerState state) {
      super.setPeerState(state);
      changed.accept(role());
    }

    @Override
    public void setZabState(ZabState state) {
      super.setZabState(state);
      changed.accept(role());
    }

    @Override
    protected Leader makeLeader(FileTxnSnapLog log) throws IOException {
      return new Leader(
          this,
          new LeaderZooKeeperServer(log, this, getZkDb()) {
            @Override
            public void expire(SessionTracker.Session session) {
              expired.accept(session.getSessionId());
              super.expire(session);
            }
          });
    }
  }
}
