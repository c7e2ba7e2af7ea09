package io.vitrine.cluster.remote;

import io.vitrine.cluster.remote.RemoteState.Keeper;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.zookeeper.NodeData;
import io.vitrine.cluster.zookeeper.TreeVisitor;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSettings;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what only ZooKeeper knows: epochs of the controller and of brokers. Owns the session.
 *
 * <p>Safe from any thread; waits for the server.
 */
final class KeeperReader implements AutoCloseable {
  private static final int TIMEOUT_MS = 10_000;

  private final String connect;
  private final TreeVisitor visitor;

  KeeperReader(String connect) throws IOException, InterruptedException {
    this.connect = connect;
    this.visitor = TreeVisitor.connect(new ZooKeeperSettings(connect, TIMEOUT_MS, TIMEOUT_MS));
  }

  Keeper read() throws IOException, InterruptedException {
    Map<Integer, Long> epochs = new HashMap<>();
    for (String name : visitor.children(ZkPaths.BROKER_IDS)) {
      Optional<NodeData> node = visitor.get(ZkPaths.BROKER_IDS + "/" + name);
      if (node.isPresent()) {
        epochs.put(Integer.parseInt(name), node.get().stat().czxid());
      }
    }
    int controllerEpoch =
        visitor
            .get(ZkPaths.CONTROLLER_EPOCH)
            .map(node -> Integer.parseInt(node.text().strip()))
            .orElse(-1);
    return new Keeper(connect, controllerEpoch, epochs);
  }

  ZooKeeperContents look(ZooKeeperLook at) throws IOException, InterruptedException {
    return visitor.look(at);
  }

  @Override
  public void close() {
    visitor.close();
  }
}
