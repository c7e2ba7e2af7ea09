package io.vitrine.cluster.zookeeper;

/** Persistent nodes that must be there. Waits for ZooKeeper. */
final class Nodes {
  private Nodes() {}

  /**
   * Makes a node, and those above it, where they are missing; leaves it alone where it is there.
   */
  static void ensure(ZooKeeperSession session, String path, byte[] data) {
    try {
      Waiting.on(session.create(path, data, CreateMode.PERSISTENT));
    } catch (ZkException e) {
      if (e.code() == ZkException.Code.NO_NODE) {
        ensure(session, path.substring(0, path.lastIndexOf('/')), null);
        ensure(session, path, data);
      } else if (e.code() != ZkException.Code.NODE_EXISTS) {
        throw e;
      }
    }
  }
}
