package io.vitrine.cluster.supervision;

import java.nio.file.Path;
import java.util.Map;

/**
 * What is to be run.
 *
 * @param dataDirectory holds {@code zookeeper}, {@code zookeeper-2} … and {@code broker-1} …; made
 *     when missing
 * @param brokers how many, with ids from 1 on
 * @param firstPort port of broker 1, the others follow; 0 takes free ones
 * @param zooKeeperPort wished port; when it is taken or 0, a free one
 * @param zooKeeperMembers ZooKeeper servers, an odd number; ports follow the first one's
 * @param logDirsPerBroker at least 1
 * @param sessionTimeoutMs {@code zookeeper.session.timeout.ms} of the brokers
 * @param sampleIntervalMs how often measurements are taken
 * @param brokerOverrides broker settings that go before ours, by Kafka's names
 */
public record EmbeddedClusterSettings(
    Path dataDirectory,
    int brokers,
    int firstPort,
    int zooKeeperPort,
    int zooKeeperMembers,
    int logDirsPerBroker,
    int sessionTimeoutMs,
    long sampleIntervalMs,
    Map<String, String> brokerOverrides) {
  private static final int LEAST_TICK_MS = 100;
  private static final int MOST_TICK_MS = 2_000;

  public EmbeddedClusterSettings {
    brokerOverrides = Map.copyOf(brokerOverrides);
    if (brokers < 1) {
      throw new IllegalArgumentException("There must be at least one broker, not " + brokers);
    }
    if (zooKeeperMembers < 1 || zooKeeperMembers % 2 == 0) {
      throw new IllegalArgumentException(
          "There must be an odd number of ZooKeeper members, such as 1 or 3, not "
              + zooKeeperMembers);
    }
    if (logDirsPerBroker < 1) {
      throw new IllegalArgumentException(
          "A broker needs at least one log directory, not " + logDirsPerBroker);
    }
  }

  /**
   * ZooKeeper's {@code tickTime}: the wished session timeout lies within 2 to 20 ticks, and is met
   * to a ninth or so.
   */
  int tickTimeMs() {
    return Math.max(LEAST_TICK_MS, Math.min(MOST_TICK_MS, sessionTimeoutMs / 9));
  }

  /** A broker's log directories, comma-separated as in {@code log.dirs}. */
  String logDirs(int brokerId) {
    Path home = dataDirectory.resolve("broker-" + brokerId);
    StringBuilder dirs = new StringBuilder();
    for (int i = 1; i <= logDirsPerBroker; i++) {
      dirs.append(i == 1 ? "" : ",").append(home.resolve("logs-" + i));
    }
    return dirs.toString();
  }
}
