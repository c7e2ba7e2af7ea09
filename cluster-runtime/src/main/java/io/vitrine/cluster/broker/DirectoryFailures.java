package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.zookeeper.CreateMode;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import io.vitrine.storage.LogManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a broker does about a log directory that failed: its replicas go offline and the controller
 * is told, or, when the broker cannot live without it, the owner is. Hears of it on the thread that
 * met the error, and acts on a thread of its own.
 */
final class DirectoryFailures {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryFailures.class);

  /** What the controller reads in {@code /log_dir_event_notification}; event 1 is a failure. */
  private static final String DIRECTORY_FAILED = "{\"version\":1,\"broker\":%d,\"event\":1}";

  private final int brokerId;
  private final InterBrokerProtocol protocol;
  private final ZooKeeperSession zooKeeper;
  private final Executor thread;
  private final Consumer<String> fatal;

  /** Null while the broker starts. */
  private volatile Hosted hosted;

  private record Hosted(LogManager logs, ReplicaManager replicas) {}

  /**
   * @param fatal hears that the broker cannot go on, and why
   */
  DirectoryFailures(
      int brokerId,
      InterBrokerProtocol protocol,
      ZooKeeperSession zooKeeper,
      Executor thread,
      Consumer<String> fatal) {
    this.brokerId = brokerId;
    this.protocol = protocol;
    this.zooKeeper = zooKeeper;
    this.thread = thread;
    this.fatal = fatal;
  }

  /** From now on replicas go offline; until now those of a failed directory did not begin. */
  void hosted(LogManager logs, ReplicaManager replicas) {
    hosted = new Hosted(logs, replicas);
  }

  /** A directory failed; perhaps under a log's lock, so this only hands over. */
  void failed(Path directory, IOException cause) {
    try {
      thread.execute(() -> act(directory, cause));
    } catch (RejectedExecutionException e) {
      LOG.debug("broker={} ends, nothing is handed over any more", brokerId);
    }
  }

  private void act(Path directory, IOException cause) {
    Hosted now = hosted;
    if (now == null) {
      return;
    }
    now.replicas().logDirectoryFailed(directory);
    if (!protocol.survivesFailedDirectories()) {
      fatal.accept(
          "The log directory "
              + directory
              + " has failed: "
              + cause.getMessage()
              + ". Brokers of "
              + protocol
              + " do not survive that. Mend the disk, then start the broker again.");
    } else if (now.logs().liveDirectories().isEmpty()) {
      fatal.accept(
          "All log directories have failed, the last one "
              + directory
              + ": "
              + cause.getMessage()
              + ". Mend the disk or free some space, then start the broker again.");
    } else {
      zooKeeper.create(
          ZkPaths.LOG_DIR_EVENT_PREFIX,
          String.format(DIRECTORY_FAILED, brokerId).getBytes(StandardCharsets.UTF_8),
          CreateMode.PERSISTENT_SEQUENTIAL);
    }
  }
}
