package io.vitrine.cluster.zookeeper;

import java.io.IOException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;

/** A client whose connection can be cut without a word, as when its process dies. */
@SuppressWarnings("try") // ZooKeeper's own close() may be interrupted
final class AbandonableZooKeeper extends ZooKeeper {

  AbandonableZooKeeper(
      String connect,
      int sessionTimeoutMs,
      Watcher watcher,
      boolean readOnly,
      ZKClientConfig config)
      throws IOException {
    super(connect, sessionTimeoutMs, watcher, readOnly, config);
  }

  /** Ends the threads and drops the socket; the server is not told, the session runs out there. */
  void abandon() {
    cnxn.disconnect();
  }
}
