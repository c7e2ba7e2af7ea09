package io.vitrine.cluster.zookeeper;

/** How a node lives. */
public enum CreateMode {
  PERSISTENT(org.apache.zookeeper.CreateMode.PERSISTENT),
  /** Until the session that made it ends. */
  EPHEMERAL(org.apache.zookeeper.CreateMode.EPHEMERAL),
  /** Persistent, with a rising number of ten digits behind the name. */
  PERSISTENT_SEQUENTIAL(org.apache.zookeeper.CreateMode.PERSISTENT_SEQUENTIAL);

  private final org.apache.zookeeper.CreateMode mode;

  CreateMode(org.apache.zookeeper.CreateMode mode) {
    this.mode = mode;
  }

  org.apache.zookeeper.CreateMode mode() {
    return mode;
  }
}
