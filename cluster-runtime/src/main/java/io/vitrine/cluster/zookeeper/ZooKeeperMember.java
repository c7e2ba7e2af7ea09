package io.vitrine.cluster.zookeeper;

import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import java.util.Optional;
import org.apache.zookeeper.server.ZooKeeperServer;

/** One running ZooKeeper server, alone or a member of an ensemble. Safe from any thread. */
interface ZooKeeperMember {
  /** Where clients reach it on loopback. */
  int port();

  MemberRole role();

  /** The last transaction it knows of, 0 before its data are loaded. */
  long lastZxid();

  /**
   * Ends every session there is, for servers just started on data whose clients are all known to be
   * dead. Sessions outlive a server, and their ephemeral nodes with them. Only for one who decides.
   */
  void endSessions();

  /** Ends one session as if it had run out. Only for one who decides. */
  void endSession(long sessionId);

  /** The server it is while it serves clients, empty while it does not. */
  Optional<ZooKeeperServer> serving();

  /** Stops it; sessions live on at the others, or until it is back. */
  void stop();

  /** Drops every connection at once, then goes; what was acknowledged is on disk already. */
  void kill();
}
