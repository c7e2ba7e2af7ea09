package io.vitrine.cluster.zookeeper;

import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Body;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Listing;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Session;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Znode;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.common.Time;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.ServerCnxn;
import org.apache.zookeeper.server.ZooKeeperServer;

/**
 * Reads the tree, the watches and the sessions of servers of this program where somebody looks.
 *
 * <p>The tree and the sessions are those of the server that decides; a watch is known only to the
 * server its client is connected to, so that all are asked. Reads as a server reads for its
 * clients, without a connection, a session or a watch of its own: nothing changes by being looked
 * at. Made for one look; safe from any thread while the servers work on.
 */
final class TreeReader {
  /** Numbers by value, everything else by letters, so that partition 10 comes after 9. */
  static final Comparator<String> BY_NAME =
      Comparator.comparing((String name) -> name.matches("[0-9]{1,18}") ? 0 : 1)
          .thenComparingLong(name -> name.matches("[0-9]{1,18}") ? Long.parseLong(name) : 0)
          .thenComparing(Comparator.naturalOrder());

  private final int member;
  private final ZooKeeperServer server;
  private final DataTree tree;
  private final Map<Integer, ZooKeeperServer> servers;
  private final Map<Integer, List<ServerCnxn>> connections = new TreeMap<>();

  /**
   * @param member the one that decides
   * @param servers all that serve, by member
   */
  TreeReader(int member, Map<Integer, ZooKeeperServer> servers) {
    this.member = member;
    this.server = servers.get(member);
    this.tree = server.getZKDatabase().getDataTree();
    this.servers = servers;
    servers.forEach(
        (number, each) -> {
          List<ServerCnxn> all = new ArrayList<>();
          each.getServerCnxnFactory().getConnections().forEach(all::add);
          connections.put(number, all);
        });
  }

  ZooKeeperContents read(ZooKeeperLook look) {
    Map<String, Listing> listings = new HashMap<>();
    for (String path : look.open()) {
      listing(path).ifPresent(listing -> listings.put(path, listing));
    }
    List<Znode> found = look.find().isEmpty() ? List.of() : found(look.find());
    boolean more = found.size() > ZooKeeperContents.LISTED;
    return new ZooKeeperContents(
        member,
        server.getLastProcessedZxid(),
        tree.getNodeCount(),
        tree.getEphemeralsCount(),
        listings,
        more ? found.subList(0, ZooKeeperContents.LISTED) : found,
        more,
        look.chosen().isEmpty() ? Optional.empty() : body(look.chosen()),
        sessions());
  }

  // ---- nodes ---------------------------------------------------------------------------------

  private Optional<Listing> listing(String path) {
    return children(path)
        .map(
            names -> {
              List<Znode> nodes = new ArrayList<>();
              for (String name :
                  names.subList(0, Math.min(names.size(), ZooKeeperContents.LISTED))) {
                node(child(path, name)).ifPresent(nodes::add);
              }
              return new Listing(nodes, Math.max(0, names.size() - ZooKeeperContents.LISTED));
            });
  }

  /** Names of children in order, empty when the node is gone. */
  private Optional<List<String>> children(String path) {
    try {
      List<String> names = new ArrayList<>(tree.getChildren(path, new Stat(), null));
      names.sort(BY_NAME);
      return Optional.of(names);
    } catch (KeeperException.NoNodeException e) {
      return Optional.empty();
    }
  }

  private Optional<Znode> node(String path) {
    try {
      return Optional.of(node(path, tree.statNode(path, null)));
    } catch (KeeperException.NoNodeException e) {
      return Optional.empty();
    }
  }

  private Optional<Body> body(String path) {
    try {
      Stat stat = new Stat();
      byte[] data = tree.getData(path, stat, null);
      String text =
          data == null
              ? ""
              : new String(
                  data,
                  0,
                  Math.min(data.length, ZooKeeperContents.DATA_SHOWN),
                  StandardCharsets.UTF_8);
      return Optional.of(new Body(node(path, stat), text));
    } catch (KeeperException.NoNodeException e) {
      return Optional.empty();
    }
  }

  /** Goes through the whole tree and stops when there is one more than can be told. */
  private List<Znode> found(String what) {
    String wanted = what.toLowerCase(Locale.ROOT);
    List<Znode> found = new ArrayList<>();
    Deque<String> ahead = new ArrayDeque<>(List.of("/"));
    while (!ahead.isEmpty() && found.size() <= ZooKeeperContents.LISTED) {
      String path = ahead.pop();
      if (path.toLowerCase(Locale.ROOT).contains(wanted)) {
        node(path).ifPresent(found::add);
      }
      List<String> names = children(path).orElse(List.of());
      for (int i = names.size() - 1; i >= 0; i--) {
        ahead.push(child(path, names.get(i)));
      }
    }
    return found;
  }

  private Znode node(String path, Stat stat) {
    return new Znode(
        path,
        stat.getEphemeralOwner(),
        stat.getCzxid(),
        stat.getMzxid(),
        stat.getPzxid(),
        stat.getCtime(),
        stat.getMtime(),
        stat.getVersion(),
        stat.getCversion(),
        stat.getAversion(),
        stat.getDataLength(),
        stat.getNumChildren(),
        watchers(path, WatcherType.Data),
        watchers(path, WatcherType.Children));
  }

  private List<Long> watchers(String path, WatcherType kind) {
    List<Long> sessions = new ArrayList<>();
    connections.forEach(
        (number, all) -> {
          DataTree watched = servers.get(number).getZKDatabase().getDataTree();
          for (ServerCnxn connection : all) {
            if (watched.containsWatcher(path, kind, connection)) {
              sessions.add(connection.getSessionId());
            }
          }
        });
    return sessions;
  }

  static String child(String parent, String name) {
    return parent.equals("/") ? "/" + name : parent + "/" + name;
  }

  // ---- sessions ------------------------------------------------------------------------------

  private List<Session> sessions() {
    Map<Long, Long> left = new TreeMap<>();
    long now = Time.currentElapsedTime();
    server
        .getSessionExpiryMap()
        .forEach((at, ids) -> ids.forEach(id -> left.put(id, Math.max(0, at - now))));
    Map<Long, Integer> timeouts = server.getZKDatabase().getSessionWithTimeOuts();
    timeouts.keySet().forEach(id -> left.putIfAbsent(id, -1L));
    List<Session> sessions = new ArrayList<>();
    left.forEach(
        (id, leftMs) -> {
          int connectedTo = 0;
          String address = "";
          for (Map.Entry<Integer, List<ServerCnxn>> each : connections.entrySet()) {
            for (ServerCnxn connection : each.getValue()) {
              if (connection.getSessionId() == id) {
                connectedTo = each.getKey();
                address = address(connection);
              }
            }
          }
          sessions.add(
              new Session(
                  id,
                  timeouts.getOrDefault(id, 0),
                  leftMs,
                  connectedTo,
                  address,
                  tree.getEphemerals(id).size()));
        });
    return sessions;
  }

  private static String address(ServerCnxn connection) {
    InetSocketAddress remote = connection.getRemoteSocketAddress();
    return remote == null || remote.getAddress() == null
        ? ""
        : remote.getAddress().getHostAddress() + ":" + remote.getPort();
  }
}
