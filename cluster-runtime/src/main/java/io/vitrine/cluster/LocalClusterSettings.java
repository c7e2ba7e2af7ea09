package io.vitrine.cluster;

import io.vitrine.cluster.supervision.EmbeddedClusterSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the bundled cluster is like.
 *
 * @param dataDirectory where everything is kept; made when missing
 * @param brokers how many, with ids from 1 on
 * @param firstPort port of broker 1, the others follow; 0 takes free ones
 * @param zooKeeperPort wished port of ZooKeeper; when it is taken or 0, a free one
 * @param zooKeeperMembers ZooKeeper servers: 1, or 3 to show a quorum
 * @param logDirsPerBroker at least 1
 * @param sessionTimeoutMs {@code zookeeper.session.timeout.ms}: how long a dead broker stays
 *     unnoticed
 * @param brokerOverrides further broker settings, by Kafka's names
 * @param demoTraffic whether the demo traffic begins as soon as all brokers serve
 */
public record LocalClusterSettings(
    Path dataDirectory,
    int brokers,
    int firstPort,
    int zooKeeperPort,
    int zooKeeperMembers,
    int logDirsPerBroker,
    int sessionTimeoutMs,
    Map<String, String> brokerOverrides,
    boolean demoTraffic) {
  private static final long SAMPLE_INTERVAL_MS = 200;

  public LocalClusterSettings {
    brokerOverrides = Map.copyOf(brokerOverrides);
  }

  /** Three brokers from port 9092 on, with Kafka's session timeout of 18 s and no traffic. */
  public static LocalClusterSettings in(Path dataDirectory) {
    return new LocalClusterSettings(dataDirectory, 3, 9092, 2181, 1, 1, 18_000, Map.of(), false);
  }

  /** {@link #in} the user's own data directory, see {@link DataDirectory}. */
  public static LocalClusterSettings defaults() {
    return in(DataDirectory.ofUser());
  }

  public LocalClusterSettings withBrokers(int count) {
    return new LocalClusterSettings(
        dataDirectory,
        count,
        firstPort,
        zooKeeperPort,
        zooKeeperMembers,
        logDirsPerBroker,
        sessionTimeoutMs,
        brokerOverrides,
        demoTraffic);
  }

  public LocalClusterSettings withFirstPort(int port) {
    return new LocalClusterSettings(
        dataDirectory,
        brokers,
        port,
        zooKeeperPort,
        zooKeeperMembers,
        logDirsPerBroker,
        sessionTimeoutMs,
        brokerOverrides,
        demoTraffic);
  }

  /** Free ports for brokers and ZooKeeper. */
  public LocalClusterSettings withAnyPorts() {
    return new LocalClusterSettings(
        dataDirectory,
        brokers,
        0,
        0,
        zooKeeperMembers,
        logDirsPerBroker,
        sessionTimeoutMs,
        brokerOverrides,
        demoTraffic);
  }

  public LocalClusterSettings withZooKeeperMembers(int count) {
    return new LocalClusterSettings(
        dataDirectory,
        brokers,
        firstPort,
        zooKeeperPort,
        count,
        logDirsPerBroker,
        sessionTimeoutMs,
        brokerOverrides,
        demoTraffic);
  }

  public LocalClusterSettings withLogDirsPerBroker(int count) {
    return new LocalClusterSettings(
        dataDirectory,
        brokers,
        firstPort,
        zooKeeperPort,
        zooKeeperMembers,
        count,
        sessionTimeoutMs,
        brokerOverrides,
        demoTraffic);
  }

  public LocalClusterSettings withSessionTimeoutMs(int timeoutMs) {
    return new LocalClusterSettings(
        dataDirectory,
        brokers,
        firstPort,
        zooKeeperPort,
        zooKeeperMembers,
        logDirsPerBroker,
        timeoutMs,
        brokerOverrides,
        demoTraffic);
  }

  public LocalClusterSettings withBrokerOverrides(Map<String, String> overrides) {
    return new LocalClusterSettings(
        dataDirectory,
        brokers,
        firstPort,
        zooKeeperPort,
        zooKeeperMembers,
        logDirsPerBroker,
        sessionTimeoutMs,
        overrides,
        demoTraffic);
  }

  public LocalClusterSettings withDemoTraffic(boolean on) {
    return new LocalClusterSettings(
        dataDirectory,
        brokers,
        firstPort,
        zooKeeperPort,
        zooKeeperMembers,
        logDirsPerBroker,
        sessionTimeoutMs,
        brokerOverrides,
        on);
  }

  EmbeddedClusterSettings supervision() {
    return new EmbeddedClusterSettings(
        dataDirectory,
        brokers,
        firstPort,
        zooKeeperPort,
        zooKeeperMembers,
        logDirsPerBroker,
        sessionTimeoutMs,
        SAMPLE_INTERVAL_MS,
        brokerOverrides);
  }
}
