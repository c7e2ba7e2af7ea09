package io.vitrine.cluster.snapshot;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What ZooKeeper holds where somebody looks, see {@link ZooKeeperLook}; read from the server that
 * decides, without arming a watch.
 *
 * @param member the server that was read, from 1 on
 * @param zxid the last transaction it had applied
 * @param nodes how many nodes there are
 * @param ephemerals how many of them live as long as a session
 * @param listings children by the path that was opened; paths that are gone are missing
 * @param found nodes that hold what was looked for, by path
 * @param foundMore whether there are more of them than are told
 * @param chosen the node whose data are wanted, empty when it is gone
 * @param sessions every session ZooKeeper counts, by id
 */
public record ZooKeeperContents(
    int member,
    long zxid,
    int nodes,
    int ephemerals,
    Map<String, Listing> listings,
    List<Znode> found,
    boolean foundMore,
    Optional<Body> chosen,
    List<Session> sessions) {
  /** How many children of one node, and how many found nodes, are told. */
  public static final int LISTED = 1_000;

  /** How many bytes of a node's data are told. */
  public static final int DATA_SHOWN = 65_536;

  public ZooKeeperContents {
    listings = Map.copyOf(listings);
    found = List.copyOf(found);
    sessions = List.copyOf(sessions);
  }

  /**
   * A node without its data.
   *
   * @param owner the session it lives as long as, 0 for a persistent node
   * @param created zxid of its creation
   * @param modified zxid of the last change of its data
   * @param childrenModified zxid of the last change of its children
   * @param version how often its data were changed
   * @param childrenVersion how often its children were
   * @param dataWatchers sessions that will hear of the next change of its data
   * @param childWatchers sessions that will hear of the next change of its children
   */
  public record Znode(
      String path,
      long owner,
      long created,
      long modified,
      long childrenModified,
      long createdWallMs,
      long modifiedWallMs,
      int version,
      int childrenVersion,
      int aclVersion,
      int dataBytes,
      int children,
      List<Long> dataWatchers,
      List<Long> childWatchers) {
    public Znode {
      dataWatchers = List.copyOf(dataWatchers);
      childWatchers = List.copyOf(childWatchers);
    }

    /** Whether it lives as long as a session. */
    public boolean ephemeral() {
      return owner != 0;
    }

    /** Its name in its parent. */
    public String name() {
      return path.equals("/") ? path : path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /**
   * The children of a node, by name.
   *
   * @param hidden how many more there are
   */
  public record Listing(List<Znode> nodes, int hidden) {
    public Listing {
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * A node with its data.
   *
   * @param text the data as UTF-8, the first {@value #DATA_SHOWN} bytes of them
   */
  public record Body(Znode node, String text) {}

  /**
   * A session.
   *
   * @param timeoutMs the negotiated time-out, 0 when not known
   * @param leftMs until it ends unless its client is heard of, -1 when not known
   * @param member the server its client is connected to, 0 when it is connected to none of ours
   * @param address of the client, empty when it is not connected
   * @param ephemerals nodes that go with it
   */
  public record Session(
      long id, int timeoutMs, long leftMs, int member, String address, int ephemerals) {}
}
