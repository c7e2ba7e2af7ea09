package io.vitrine.cluster.zookeeper;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException;

/**
 * Takes {@code /controller} away, as an operator does with ZooKeeper's shell to have another
 * controller elected: every broker hears of it and tries, the one in office resigns.
 */
final class ControllerNodeRemoval {
  private static final int SESSION_TIMEOUT_MS = 10_000;
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int RETRY_MS = 200;

  private ControllerNodeRemoval() {}

  /**
   * Removes the node in a short session of its own. Blocks.
   *
   * @throws IOException when there is no controller or ZooKeeper does not answer; says which
   */
  static void run(String connect) throws IOException, InterruptedException {
    try (CuratorFramework client =
        CuratorFrameworkFactory.newClient(
            connect, SESSION_TIMEOUT_MS, CONNECT_TIMEOUT_MS, new RetryOneTime(RETRY_MS))) {
      client.start();
      if (!client.blockUntilConnected(CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        throw new IOException("ZooKeeper does not answer at " + connect + ".");
      }
      client.delete().forPath(ZkPaths.CONTROLLER);
    } catch (KeeperException.NoNodeException e) {
      throw new IOException("Nobody is controller: there is no node to remove.", e);
    } catch (InterruptedException | IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("ZooKeeper did not remove the node: " + e.getMessage(), e);
    }
  }
}
