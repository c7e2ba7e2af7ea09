package io.vitrine.cluster.zookeeper;

import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Body;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Listing;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Znode;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * Reads the tree of somebody else's ZooKeeper as a client: no watch is armed, no node is written.
 * Who watches and which sessions there are, a client is not told.
 *
 * <p>Owns a session. Safe from any thread; every method waits for the server.
 */
public final class TreeVisitor implements AutoCloseable {
  /** How many nodes a search looks at before it is content. */
  private static final int SEARCHED = 20_000;

  private static final int RETRY_MS = 200;

  private final CuratorFramework curator;

  private TreeVisitor(CuratorFramework curator) {
    this.curator = curator;
  }

  /**
   * Connects and waits for the session.
   *
   * @throws IOException when nobody answers within the connection time-out
   */
  public static TreeVisitor connect(ZooKeeperSettings settings)
      throws IOException, InterruptedException {
    CuratorFramework curator =
        CuratorFrameworkFactory.newClient(
            settings.connect(),
            settings.sessionTimeoutMs(),
            settings.connectionTimeoutMs(),
            new RetryOneTime(RETRY_MS));
    curator.start();
    if (!curator.blockUntilConnected(settings.connectionTimeoutMs(), TimeUnit.MILLISECONDS)) {
      curator.close();
      throw new IOException(
          "no ZooKeeper at "
              + settings.connect()
              + " within "
              + settings.connectionTimeoutMs()
              + " ms");
    }
    return new TreeVisitor(curator);
  }

  /** A node's data; empty when there is no such node. */
  public Optional<NodeData> get(String path) throws IOException, InterruptedException {
    Stat stat = new Stat();
    return read(path, () -> curator.getData().storingStatIn(stat).forPath(path))
        .map(data -> new NodeData(data, NodeStat.of(stat)));
  }

  /** Names of a node's children, none when there is no such node. */
  public List<String> children(String path) throws IOException, InterruptedException {
    return read(path, () -> curator.getChildren().forPath(path)).orElse(List.of());
  }

  /** What is there where somebody looks; numbers that a client is not told are -1. */
  public ZooKeeperContents look(ZooKeeperLook look) throws IOException, InterruptedException {
    Map<String, Listing> listings = new HashMap<>();
    long newest = 0;
    for (String path : look.open()) {
      List<String> names = new ArrayList<>(children(path));
      names.sort(TreeReader.BY_NAME);
      List<Znode> nodes = new ArrayList<>();
      for (String name : names.subList(0, Math.min(names.size(), ZooKeeperContents.LISTED))) {
        node(TreeReader.child(path, name)).ifPresent(nodes::add);
      }
      listings.put(path, new Listing(nodes, Math.max(0, names.size() - ZooKeeperContents.LISTED)));
      newest = Math.max(newest, nodes.stream().mapToLong(Znode::modified).max().orElse(0));
    }
    List<Znode> found = look.find().isEmpty() ? List.of() : found(look.find());
    boolean more = found.size() > ZooKeeperContents.LISTED;
    return new ZooKeeperContents(
        0,
        newest,
        -1,
        -1,
        listings,
        more ? found.subList(0, ZooKeeperContents.LISTED) : found,
        more,
        look.chosen().isEmpty() ? Optional.empty() : body(look.chosen()),
        List.of());
  }

  /** Ends the session. */
  @Override
  public void close() {
    curator.close();
  }

  private Optional<Znode> node(String path) throws IOException, InterruptedException {
    return read(path, () -> curator.checkExists().forPath(path)).map(stat -> node(path, stat));
  }

  private Optional<Body> body(String path) throws IOException, InterruptedException {
    Stat stat = new Stat();
    return read(path, () -> curator.getData().storingStatIn(stat).forPath(path))
        .map(
            data ->
                new Body(
                    node(path, stat),
                    new String(
                        data,
                        0,
                        Math.min(data.length, ZooKeeperContents.DATA_SHOWN),
                        StandardCharsets.UTF_8)));
  }

  private List<Znode> found(String what) throws IOException, InterruptedException {
    String wanted = what.toLowerCase(Locale.ROOT);
    List<Znode> found = new ArrayList<>();
    Deque<String> ahead = new ArrayDeque<>(List.of("/"));
    for (int seen = 0;
        !ahead.isEmpty() && seen < SEARCHED && found.size() <= ZooKeeperContents.LISTED;
        seen++) {
      String path = ahead.pop();
      if (path.toLowerCase(Locale.ROOT).contains(wanted)) {
        node(path).ifPresent(found::add);
      }
      children(path).forEach(name -> ahead.push(TreeReader.child(path, name)));
    }
    found.sort((a, b) -> a.path().compareTo(b.path()));
    return found;
  }

  private static Znode node(String path, Stat stat) {
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
        List.of(),
        List.of());
  }

  private interface Read<T> {
    T now() throws Exception;
  }

  /** Empty when the node is gone. */
  private static <T> Optional<T> read(String path, Read<T> read)
      throws IOException, InterruptedException {
    try {
      return Optional.ofNullable(read.now());
    } catch (KeeperException.NoNodeException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("ZooKeeper does not tell " + path + ": " + e.getMessage(), e);
    }
  }
}
