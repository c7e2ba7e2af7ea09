package io.vitrine.cluster.config;

import java.util.Collection;
import org.apache.kafka.common.config.ConfigException;

/**
 * What a broker's settings must keep to beyond the bounds each has of its own: mostly rules of two
 * settings that have to fit each other. They hold at the start and for every change while a broker
 * runs.
 *
 * <p>Source: the checks of Apache Kafka 3.9.2's broker configuration in ZooKeeper mode.
 */
final class BrokerConfigRules {
  /** The only {@code replica.selector.class} there is: Kafka's own, by its name. */
  private static final String RACK_AWARE_SELECTOR =
      "org.apache.kafka.common.replica.RackAwareReplicaSelector";

  /** What each cleaner thread's share of the keys' memory must exceed. */
  private static final long LEAST_DEDUPE_BYTES = 1 << 20;

  private static final String LAG_TIME = "replica.lag.time.max.ms";
  private static final String FETCH_WAIT = "replica.fetch.wait.max.ms";

  private final BrokerConfig config;

  private BrokerConfigRules(BrokerConfig config) {
    this.config = config;
  }

  /**
   * Checks settings whose own bounds are kept.
   *
   * @throws ConfigException naming the setting that cannot be, its value and what is allowed
   */
  static void check(BrokerConfig config) {
    BrokerConfigRules rules = new BrokerConfigRules(config);
    rules.checkMode();
    rules.checkIdentity();
    rules.checkNetwork();
    rules.checkLogs();
    rules.checkReplication();
  }

  /** Nothing may ask for the Raft quorum, or to move to it. */
  private void checkMode() {
    String zookeeper = config.zookeeperConnect();
    require(
        zookeeper != null && !zookeeper.isBlank(),
        "zookeeper.connect",
        "name ZooKeeper's host and port");
    Collection<?> roles = (Collection<?>) config.value("process.roles");
    require(
        roles.isEmpty(),
        "process.roles",
        "there is no Raft quorum here: leave it unset, so that" + " the broker uses ZooKeeper");
    require(
        config.value("controller.listener.names") == null
            || config.value("controller.listener.names").toString().isBlank(),
        "controller.listener.names",
        "must be empty when the broker uses ZooKeeper");
    require(
        !(Boolean) config.value("zookeeper.metadata.migration.enable"),
        "zookeeper.metadata.migration.enable",
        "there is no Raft quorum here to migrate to");
  }

  private void checkIdentity() {
    int id = config.brokerId();
    require(id >= -1, "broker.id", "must be -1 or larger");
    require(
        Integer.valueOf(id).equals(config.value("node.id")),
        "node.id",
        "must be the same as broker.id=" + id);
    if (config.brokerIdGenerationEnable()) {
      require(
          id <= config.reservedBrokerMaxId(),
          "broker.id",
          "must not be above reserved.broker.max.id=" + config.reservedBrokerMaxId());
    } else {
      require(id >= 0, "broker.id", "must be set when broker.id.generation.enable is false");
    }
  }

  private void checkNetwork() {
    boolean anyOverride = !config.maxConnectionsPerIpOverrides().isEmpty();
    require(
        config.maxConnectionsPerIp() > 0 || anyOverride,
        "max.connections.per.ip",
        "can be zero only when max.connections.per.ip.overrides is set");
    require(
        config.queuedMaxRequestBytes() <= 0
            || config.queuedMaxRequestBytes() >= config.socketRequestMaxBytes(),
        "queued.max.request.bytes",
        "must not be below socket.request.max.bytes=" + config.socketRequestMaxBytes());
    long idleMs = config.connectionsMaxIdleMs();
    require(
        idleMs < 0 || (Integer) config.value("connection.failed.authentication.delay.ms") < idleMs,
        "connection.failed.authentication.delay.ms",
        "must be below connections.max.idle.ms=" + idleMs);
  }

  private void checkLogs() {
    require(!config.logDirs().isEmpty(), "log.dirs", "name at least one log directory");
    require(config.rollMs() >= 1, "log.roll.ms", "must be at least 1");
    require(config.rollJitterMs() >= 0, "log.roll.jitter.ms", "must be at least 0");
    require(config.retentionMs() != 0, "log.retention.ms", "must be -1, for ever, or at least 1");
    int threads = (Integer) config.value("log.cleaner.threads");
    require(threads >= 1, "log.cleaner.threads", "must be at least 1");
    require(
        (Long) config.value("log.cleaner.dedupe.buffer.size") / threads > LEAST_DEDUPE_BYTES,
        "log.cleaner.dedupe.buffer.size",
        "must be at least 1MB per cleaner thread");
  }

  private void checkReplication() {
    int waitMs = config.replicaFetchWaitMaxMs();
    require(
        waitMs <= config.replicaSocketTimeoutMs(),
        "replica.socket.timeout.ms",
        "must not be below " + FETCH_WAIT + "=" + waitMs);
    require(
        waitMs <= config.replicaLagTimeMaxMs(),
        LAG_TIME,
        "must not be below " + FETCH_WAIT + "=" + waitMs);
    config
        .replicaSelectorClass()
        .ifPresent(
            name ->
                require(
                    name.equals(RACK_AWARE_SELECTOR),
                    "replica.selector.class",
                    "only " + RACK_AWARE_SELECTOR + " is there"));
  }

  private void require(boolean kept, String setting, String rule) {
    if (!kept) {
      throw new ConfigException(setting, config.value(setting), rule);
    }
  }
}
