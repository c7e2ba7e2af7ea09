package io.vitrine.cluster.zookeeper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * ZooKeeper's tree and rules in memory, for simulations: versions, ephemeral and sequential nodes,
 * multis, and one-shot watches. What it says of time and connections is the simulation's.
 */
public final class ZooKeeperModel {
  private final TreeMap<String, Node> nodes = new TreeMap<>();
  private final Map<String, Set<Long>> dataWatches = new HashMap<>();
  private final Map<String, Set<Long>> childWatches = new HashMap<>();
  private final List<Fired> fired = new ArrayList<>();
  private final Observer observer;
  private long zxid;

  private static final class Node {
    private byte[] data;
    private int version;
    private long mzxid;
    private final long czxid;
    private final long owner;
    private int children;

    Node(byte[] data, long zxid, long owner) {
      this.data = data;
      this.czxid = zxid;
      this.mzxid = zxid;
      this.owner = owner;
    }

    NodeStat stat() {
      return new NodeStat(version, czxid, mzxid, 0, owner);
    }
  }

  /** A watch of a session that went off. */
  public record Fired(long session, String path) {}

  /** Sees every change as it is made. */
  public interface Observer {
    /**
     * @param before null when the node was made
     * @param after null when it was deleted
     */
    void changed(String path, byte[] before, byte[] after, int version);
  }

  public ZooKeeperModel(Observer observer) {
    this.observer = observer;
    nodes.put("/", new Node(new byte[0], 0, 0));
  }

  /** The watches that went off since the last call. */
  public List<Fired> takeFired() {
    List<Fired> taken = List.copyOf(fired);
    fired.clear();
    return taken;
  }

  /** Ends a session: its ephemeral nodes go, and its watches. */
  public void expire(long session) {
    for (String path : List.copyOf(nodes.keySet())) {
      if (nodes.get(path).owner == session) {
        remove(path);
      }
    }
    forgetWatches(session);
  }

  /** A session's client lost its watches. */
  public void forgetWatches(long session) {
    dataWatches.values().forEach(watching -> watching.remove(session));
    childWatches.values().forEach(watching -> watching.remove(session));
  }

  Optional<NodeData> get(String path) {
    return Optional.ofNullable(nodes.get(path)).map(node -> new NodeData(node.data, node.stat()));
  }

  /** A node's bytes as text; empty when there is no such node. */
  public Optional<String> text(String path) {
    return get(path).map(NodeData::text);
  }

  Optional<NodeData> getAndWatch(long session, String path) {
    dataWatches.computeIfAbsent(path, p -> new HashSet<>()).add(session);
    return get(path);
  }

  Optional<List<String>> children(String path) {
    if (!nodes.containsKey(path)) {
      return Optional.empty();
    }
    String prefix = path.equals("/") ? "/" : path + "/";
    Set<String> names = new TreeSet<>();
    for (String each : nodes.tailMap(prefix, false).keySet()) {
      if (!each.startsWith(prefix)) {
        break;
      }
      String rest = each.substring(prefix.length());
      if (rest.indexOf('/') < 0) {
        names.add(rest);
      }
    }
    return Optional.of(List.copyOf(names));
  }

  Optional<List<String>> childrenAndWatch(long session, String path) {
    if (nodes.containsKey(path)) {
      childWatches.computeIfAbsent(path, p -> new HashSet<>()).add(session);
    }
    return children(path);
  }

  /**
   * All operations or none.
   *
   * @throws ZkException the refusal of the first that cannot be done
   */
  List<ZkResult> multi(long session, List<ZkOp> ops) {
    check(ops);
    zxid++;
    List<ZkResult> results = new ArrayList<>();
    for (ZkOp op : ops) {
      results.add(apply(session, op));
    }
    return results;
  }

  /** Checks in order, each in sight of what those before it will have done. */
  private void check(List<ZkOp> ops) {
    Map<String, Integer> versions = new LinkedHashMap<>();
    for (int i = 0; i < ops.size(); i++) {
      ZkOp op = ops.get(i);
      Node node = nodes.get(op.path());
      int version =
          versions.getOrDefault(op.path(), node == null ? Integer.MIN_VALUE : node.version);
      boolean there = version != Integer.MIN_VALUE;
      if (op instanceof ZkOp.Create create) {
        String parent = parent(op.path());
        if (!nodes.containsKey(parent) && !versions.containsKey(parent)) {
          throw refusal(ZkException.Code.NO_NODE, op, i);
        }
        if (there && create.mode() != CreateMode.PERSISTENT_SEQUENTIAL) {
          throw refusal(ZkException.Code.NODE_EXISTS, op, i);
        }
        versions.put(op.path(), 0);
        continue;
      }
      if (!there) {
        throw refusal(ZkException.Code.NO_NODE, op, i);
      }
      int wanted =
          op instanceof ZkOp.SetData set
              ? set.version()
              : op instanceof ZkOp.Check check ? check.version() : ((ZkOp.Delete) op).version();
      if (wanted >= 0 && wanted != version) {
        throw refusal(ZkException.Code.BAD_VERSION, op, i);
      }
      if (op instanceof ZkOp.SetData) {
        versions.put(op.path(), version + 1);
      } else if (op instanceof ZkOp.Delete && !children(op.path()).orElse(List.of()).isEmpty()) {
        throw refusal(ZkException.Code.NOT_EMPTY, op, i);
      }
    }
  }

  private ZkResult apply(long session, ZkOp op) {
    if (op instanceof ZkOp.Create create) {
      String path = create.path();
      if (create.mode() == CreateMode.PERSISTENT_SEQUENTIAL) {
        path = String.format("%s%010d", path, nodes.get(parent(path)).children);
      }
      byte[] data = create.data() == null ? new byte[0] : create.data();
      Node node = new Node(data, zxid, create.mode() == CreateMode.EPHEMERAL ? session : 0);
      nodes.put(path, node);
      nodes.get(parent(path)).children++;
      observer.changed(path, null, data, 0);
      fire(dataWatches, path);
      fire(childWatches, parent(path));
      return new ZkResult(path, node.stat());
    }
    if (op instanceof ZkOp.SetData set) {
      Node node = nodes.get(set.path());
      byte[] before = node.data;
      node.data = set.data();
      node.version++;
      node.mzxid = zxid;
      observer.changed(set.path(), before, set.data(), node.version);
      fire(dataWatches, set.path());
      return new ZkResult(set.path(), node.stat());
    }
    if (op instanceof ZkOp.Delete delete) {
      remove(delete.path());
      return new ZkResult(delete.path(), NodeStat.NONE);
    }
    return new ZkResult(op.path(), nodes.get(op.path()).stat());
  }

  private void remove(String path) {
    Node node = nodes.remove(path);
    observer.changed(path, node.data, null, node.version);
    fire(dataWatches, path);
    fire(childWatches, path);
    fire(childWatches, parent(path));
  }

  private void fire(Map<String, Set<Long>> watches, String path) {
    Set<Long> watching = watches.remove(path);
    if (watching != null) {
      new TreeSet<>(watching).forEach(session -> fired.add(new Fired(session, path)));
    }
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash == 0 ? "/" : path.substring(0, slash);
  }

  private static ZkException refusal(ZkException.Code code, ZkOp op, int index) {
    return new ZkException(code, op.path(), index, "");
  }
}
