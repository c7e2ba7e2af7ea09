package io.vitrine.cluster.story;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * ZooKeeper's tree as text, one line a node: path, mode, data version, data.
 *
 * <p>Times, random ids and ports are replaced by words, since they differ in every run; key order
 * is not compared, since readers must not depend on it.
 */
final class ZnodeTree implements AutoCloseable {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
  private static final Set<String> VOLATILE = Set.of("timestamp", "topic_id", "port", "endpoints");

  private final String connect;
  private ZooKeeper client;

  ZnodeTree(String connect) throws IOException, InterruptedException {
    this.connect = connect;
    this.client = connected(connect);
  }

  private static ZooKeeper connected(String connect) throws IOException, InterruptedException {
    CountDownLatch connected = new CountDownLatch(1);
    ZooKeeper client =
        new ZooKeeper(
            connect,
            30_000,
            event -> {
              if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
              }
            });
    if (!connected.await(20, TimeUnit.SECONDS)) {
      client.close();
      throw new AssertionError("no ZooKeeper at " + connect);
    }
    return client;
  }

  private interface Read<T> {
    T from(ZooKeeper client) throws KeeperException, InterruptedException;
  }

  /** Reads as soon as a server answers. */
  private <T> T read(Read<T> what) throws KeeperException, InterruptedException {
    while (true) {
      try {
        return what.from(client);
      } catch (KeeperException.ConnectionLossException waitForIt) {
        // The next read waits for the next try to connect.
      } catch (KeeperException.SessionExpiredException e) {
        client.close();
        try {
          client = connected(connect);
        } catch (IOException wrong) {
          throw new AssertionError(connect, wrong);
        }
      }
    }
  }

  /** The session that owns a node, 0 when it is persistent or there is none. */
  long owner(String path) throws InterruptedException {
    Stat stat = stat(path);
    return stat == null ? 0 : stat.getEphemeralOwner();
  }

  /** The transaction that made a node, 0 when there is none. */
  long czxid(String path) throws InterruptedException {
    Stat stat = stat(path);
    return stat == null ? 0 : stat.getCzxid();
  }

  private Stat stat(String path) throws InterruptedException {
    try {
      return read(c -> c.exists(path, false));
    } catch (KeeperException e) {
      throw new AssertionError(path, e);
    }
  }

  /** The whole tree, path to line, without ZooKeeper's own nodes. */
  Map<String, String> dump() throws InterruptedException {
    Map<String, String> lines = new TreeMap<>();
    collect("/", lines);
    return lines;
  }

  /** The data of a node as JSON; null when there is no such node. */
  JsonNode json(String path) throws InterruptedException {
    try {
      byte[] data = read(c -> c.getData(path, false, null));
      return JSON.readTree(data);
    } catch (KeeperException.NoNodeException e) {
      return null;
    } catch (KeeperException | IOException e) {
      throw new AssertionError(path, e);
    }
  }

  /** The names below a node, empty when there is no such node. */
  List<String> children(String path) throws InterruptedException {
    try {
      return read(c -> c.getChildren(path, false));
    } catch (KeeperException.NoNodeException e) {
      return List.of();
    } catch (KeeperException e) {
      throw new AssertionError(path, e);
    }
  }

  private void collect(String path, Map<String, String> lines) throws InterruptedException {
    if (path.equals("/zookeeper")) {
      return;
    }
    try {
      Stat stat = new Stat();
      byte[] data = read(c -> c.getData(path, false, stat));
      if (!path.equals("/")) {
        String mode = stat.getEphemeralOwner() == 0 ? "persistent" : "ephemeral";
        lines.put(path, mode + " v" + stat.getVersion() + " " + normalise(path, data));
      }
      for (String child : read(c -> c.getChildren(path, false))) {
        collect(path.equals("/") ? "/" + child : path + "/" + child, lines);
      }
    } catch (KeeperException.NoNodeException gone) {
      lines.remove(path);
    } catch (KeeperException e) {
      throw new AssertionError(path, e);
    }
  }

  private static String normalise(String path, byte[] data) {
    if (data == null) {
      return "null";
    }
    String text = new String(data, StandardCharsets.UTF_8);
    if (!text.startsWith("{")) {
      return "'" + text + "'";
    }
    try {
      ObjectNode node = (ObjectNode) JSON.readTree(text);
      for (String name : VOLATILE) {
        if (node.hasNonNull(name)) {
          node.put(name, "…");
        }
      }
      if (path.equals("/cluster/id")) {
        node.put("id", "…");
      }
      if (path.equals("/controller")) {
        node.put("brokerid", "…");
      }
      return JSON.writeValueAsString(JSON.treeToValue(node, TreeMap.class));
    } catch (JsonProcessingException e) {
      return "not JSON: '" + text + "'";
    }
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
