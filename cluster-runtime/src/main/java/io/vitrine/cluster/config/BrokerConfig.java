package io.vitrine.cluster.config;

import io.vitrine.storage.LogManagerSettings;
import io.vitrine.storage.compaction.CleanerSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.policy.AlterConfigPolicy;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.apache.kafka.server.quota.ClientQuotaCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's settings, as in {@code server.properties}. Immutable.
 *
 * <p>Accessors are named as the settings; times are milliseconds unless the name says otherwise.
 * Settings this version does not honour are kept in {@link #originals()} and named in the log.
 */
public final class BrokerConfig {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerConfig.class);
  private static final String BROKER_ID = "broker.id";

  /** The id's other name. */
  private static final String NODE_ID = "node.id";

  private static final Set<String> HONOURED = Set.copyOf(BrokerSettings.define().names());
  static final ConfigDef DEFINITION = DescribedSettings.addTo(BrokerSettings.define());

  /** Not Kafka's own settings, but its authorizer's. */
  private static final List<String> AUTHORIZER_SETTINGS =
      List.of("super.users", "allow.everyone.if.no.acl.found");

  private static final List<List<String>> SYNONYMS =
      List.of(
          List.of("log.roll.ms", "log.roll.hours"),
          List.of("log.roll.jitter.ms", "log.roll.jitter.hours"),
          List.of("log.retention.ms", "log.retention.minutes", "log.retention.hours"));

  /** Its default is the other's value, but not the other way round. */
  private static final List<String> FLUSH_SYNONYMS =
      List.of("log.flush.interval.ms", "log.flush.scheduler.interval.ms");

  private final Map<String, String> originals;
  private final Map<String, Object> values;
  private final ListenerNames listenerNames;
  private final InterBrokerProtocol interBrokerProtocol;

  private BrokerConfig(Map<String, String> originals, Map<String, Object> values) {
    this.originals = Map.copyOf(originals);
    this.values = values;
    this.interBrokerProtocol = level(InterBrokerProtocol.SETTING);
    this.listenerNames = ListenerNames.of(values, originals.keySet());
  }

  /**
   * Checks and takes settings.
   *
   * @throws ConfigException naming the setting, its value and what is allowed
   */
  public static BrokerConfig parse(Map<String, ?> properties) {
    Map<String, String> originals = new TreeMap<>();
    properties.forEach((name, value) -> originals.put(name, String.valueOf(value)));
    originals.computeIfAbsent(NODE_ID, name -> originals.get(BROKER_ID));
    originals.computeIfAbsent(BROKER_ID, name -> originals.get(NODE_ID));
    TreeSet<String> idle = new TreeSet<>(properties.keySet());
    idle.removeAll(HONOURED);
    idle.remove(NODE_ID);
    idle.removeAll(AUTHORIZER_SETTINGS);
    idle.removeIf(name -> DynamicSettings.ofListener(name).filter(HONOURED::contains).isPresent());
    if (!idle.isEmpty()) {
      LOG.warn("settings this version does not know and leaves alone: {}", idle);
    }
    return checked(originals);
  }

  private static BrokerConfig checked(Map<String, String> originals) {
    BrokerConfig config = new BrokerConfig(originals, new HashMap<>(DEFINITION.parse(originals)));
    config.check();
    return config;
  }

  /**
   * These settings with others over them. One of several names for the same thing replaces the
   * others.
   *
   * @param forAll set for all brokers
   * @param own set on this one, which wins
   * @throws ConfigException naming the setting, its value and what is allowed
   */
  BrokerConfig overlaid(Map<String, String> forAll, Map<String, String> own) {
    Map<String, String> merged = new TreeMap<>(originals);
    for (Map<String, String> layer : List.of(forAll, own)) {
      layer.keySet().forEach(name -> merged.keySet().removeAll(synonyms(name)));
      merged.putAll(layer);
    }
    return checked(merged);
  }

  private void check() {
    BrokerConfigRules.check(this);
    checkMessageFormat();
  }

  private void checkMessageFormat() {
    InterBrokerProtocol format = level(InterBrokerProtocol.FORMAT_SETTING);
    if (interBrokerProtocol.ignoresMessageFormatVersion()) {
      return;
    }
    if (format.recordMagic() > interBrokerProtocol.recordMagic()) {
      throw new ConfigException(
          InterBrokerProtocol.FORMAT_SETTING,
          values.get(InterBrokerProtocol.FORMAT_SETTING),
          "can only be used when "
              + InterBrokerProtocol.SETTING
              + " is set to a version that knows its record format, not to "
              + interBrokerProtocol);
    }
    if (format.recordMagic() < RecordBatch.CURRENT_MAGIC_VALUE) {
      LOG.warn(
          "{}={} asks for an older record format: records are kept in format {}",
          InterBrokerProtocol.FORMAT_SETTING,
          format,
          RecordBatch.CURRENT_MAGIC_VALUE);
    }
  }

  private InterBrokerProtocol level(String setting) {
    return InterBrokerProtocol.of(setting, values.get(setting).toString());
  }

  /** Every setting's definition. */
  public ConfigDef definition() {
    return DEFINITION;
  }

  /** The properties as they were given. */
  public Map<String, String> originals() {
    return originals;
  }

  /** A setting's value, null when it has none. */
  public Object value(String name) {
    return values.get(name);
  }

  /** The names that stand in for each other, the one that wins first; the name alone if none do. */
  static List<String> synonyms(String name) {
    if (name.equals(FLUSH_SYNONYMS.get(0))) {
      return FLUSH_SYNONYMS;
    }
    return SYNONYMS.stream()
        .filter(names -> names.contains(name))
        .findFirst()
        .orElse(List.of(name));
  }

  // ---- who and where -------------------------------------------------------------------------

  public int brokerId() {
    return integer(BROKER_ID);
  }

  public boolean brokerIdGenerationEnable() {
    return bool("broker.id.generation.enable");
  }

  public int reservedBrokerMaxId() {
    return integer("reserved.broker.max.id");
  }

  public Optional<String> rack() {
    return Optional.ofNullable((String) values.get("broker.rack"));
  }

  public List<Endpoint> listeners() {
    return listenerNames.listeners();
  }

  public List<Endpoint> advertisedListeners() {
    return listenerNames.advertised();
  }

  /**
   * {@code inter.broker.listener.name}, or the one {@code security.inter.broker.protocol} names.
   */
  public String interBrokerListenerName() {
    return listenerNames.betweenBrokers();
  }

  /** What the listener brokers use among themselves asks of them. */
  public SecurityProtocol interBrokerSecurityProtocol() {
    return listeners().stream()
        .filter(listener -> listener.listenerName().equals(interBrokerListenerName()))
        .findFirst()
        .orElseThrow()
        .securityProtocol();
  }

  /**
   * The settings of one listener, parsed: the broker's with those behind {@code
   * listener.name.<name>.} over them, and whatever plug-ins may want to know, as it was given.
   */
  public Map<String, Object> listenerSettings(String listenerName) {
    String prefix = new ListenerName(listenerName).configPrefix();
    Map<String, Object> settings =
        new HashMap<>(
            new AbstractConfig(DEFINITION, originals, false).valuesWithPrefixOverride(prefix));
    originals.forEach(
        (name, value) -> {
          boolean taken =
              name.startsWith(prefix) && settings.containsKey(name.substring(prefix.length()));
          if (!taken && !settings.containsKey(name.substring(name.indexOf('.') + 1))) {
            settings.putIfAbsent(name, value);
          }
        });
    return settings;
  }

  /** Whether a setting is made for this very listener. */
  public boolean isListenerSetting(String listenerName, String setting) {
    return originals.containsKey(new ListenerName(listenerName).configPrefix() + setting);
  }

  /** Who decides what clients may do; empty when everybody may do everything. */
  public String authorizerClassName() {
    return (String) values.get("authorizer.class.name");
  }

  public List<Path> logDirs() {
    Object dirs = values.get("log.dirs") == null ? values.get("log.dir") : values.get("log.dirs");
    return Arrays.stream(dirs.toString().split(","))
        .map(String::trim)
        .filter(dir -> !dir.isEmpty())
        .map(dir -> Path.of(dir).toAbsolutePath().normalize())
        .toList();
  }

  // ---- ZooKeeper -----------------------------------------------------------------------------

  public String zookeeperConnect() {
    return (String) values.get("zookeeper.connect");
  }

  public int zookeeperSessionTimeoutMs() {
    return integer("zookeeper.session.timeout.ms");
  }

  public int zookeeperConnectionTimeoutMs() {
    Object set = values.get("zookeeper.connection.timeout.ms");
    return set == null ? zookeeperSessionTimeoutMs() : (Integer) set;
  }

  // ---- network -------------------------------------------------------------------------------

  public int numNetworkThreads() {
    return integer("num.network.threads");
  }

  public int numIoThreads() {
    return integer("num.io.threads");
  }

  public int backgroundThreads() {
    return integer("background.threads");
  }

  public int queuedMaxRequests() {
    return integer("queued.max.requests");
  }

  /** {@code queued.max.request.bytes}, negative for no bound. */
  public long queuedMaxRequestBytes() {
    return number("queued.max.request.bytes");
  }

  public int socketRequestMaxBytes() {
    return integer("socket.request.max.bytes");
  }

  public int socketSendBufferBytes() {
    return integer("socket.send.buffer.bytes");
  }

  public int socketReceiveBufferBytes() {
    return integer("socket.receive.buffer.bytes");
  }

  public int socketListenBacklogSize() {
    return integer("socket.listen.backlog.size");
  }

  public int maxConnections() {
    return integer("max.connections");
  }

  public int maxConnectionsPerIp() {
    return integer("max.connections.per.ip");
  }

  /**
   * {@code max.connections.per.ip.overrides}.
   *
   * @throws ConfigException when it is no list of host:number, or a host is not known
   */
  public Map<InetAddress, Integer> maxConnectionsPerIpOverrides() {
    String setting = "max.connections.per.ip.overrides";
    Map<InetAddress, Integer> overrides = new HashMap<>();
    for (String each : values.get(setting).toString().split(",")) {
      if (each.isBlank()) {
        continue;
      }
      int colon = each.lastIndexOf(':');
      try {
        overrides.put(
            InetAddress.getByName(each.substring(0, colon).trim()),
            Integer.parseInt(each.substring(colon + 1).trim()));
      } catch (IndexOutOfBoundsException | NumberFormatException | UnknownHostException e) {
        throw new ConfigException(setting, each, "must be host:number");
      }
    }
    return overrides;
  }

  /** {@code max.connections}, or what stands in its place for one listener. */
  public int maxConnections(String listenerName) {
    return integer("max.connections", listenerName);
  }

  /** {@code max.connection.creation.rate}, or what stands in its place for one listener. */
  public int maxConnectionCreationRate(String listenerName) {
    return integer("max.connection.creation.rate", listenerName);
  }

  /** {@code num.network.threads}, or what stands in its place for one listener. */
  public int numNetworkThreads(String listenerName) {
    return integer("num.network.threads", listenerName);
  }

  private int integer(String name, String listenerName) {
    String ofListener =
        originals.get("listener.name." + listenerName.toLowerCase(Locale.ROOT) + "." + name);
    return ofListener == null
        ? integer(name)
        : (Integer) ConfigDef.parseType(name, ofListener, ConfigDef.Type.INT);
  }

  public int maxConnectionCreationRate() {
    return integer("max.connection.creation.rate");
  }

  /**
   * {@code client.quota.callback.class}: a new one of that class, told all settings; empty when
   * none is set.
   */
  public Optional<ClientQuotaCallback> clientQuotaCallback() {
    return plugin("client.quota.callback.class", ClientQuotaCallback.class);
  }

  public int quotaWindowNum() {
    return integer("quota.window.num");
  }

  public int quotaWindowSizeSeconds() {
    return integer("quota.window.size.seconds");
  }

  public int controllerQuotaWindowNum() {
    return integer("controller.quota.window.num");
  }

  public int controllerQuotaWindowSizeSeconds() {
    return integer("controller.quota.window.size.seconds");
  }

  public long connectionsMaxIdleMs() {
    return number("connections.max.idle.ms");
  }

  public int requestTimeoutMs() {
    return integer("request.timeout.ms");
  }

  public int fetchMaxBytes() {
    return integer("fetch.max.bytes");
  }

  public int maxIncrementalFetchSessionCacheSlots() {
    return integer("max.incremental.fetch.session.cache.slots");
  }

  // ---- topics --------------------------------------------------------------------------------

  public int numPartitions() {
    return integer("num.partitions");
  }

  public int defaultReplicationFactor() {
    return integer("default.replication.factor");
  }

  public boolean autoCreateTopicsEnable() {
    return bool("auto.create.topics.enable");
  }

  public boolean deleteTopicEnable() {
    return bool("delete.topic.enable");
  }

  public int minInsyncReplicas() {
    return integer("min.insync.replicas");
  }

  public boolean uncleanLeaderElectionEnable() {
    return bool("unclean.leader.election.enable");
  }

  /**
   * {@code create.topic.policy.class.name}: a new policy of that class, told all settings; empty
   * when none is set.
   */
  public Optional<CreateTopicPolicy> createTopicPolicy() {
    return plugin("create.topic.policy.class.name", CreateTopicPolicy.class);
  }

  /**
   * {@code alter.config.policy.class.name}: a new policy of that class, told all settings; empty
   * when none is set.
   */
  public Optional<AlterConfigPolicy> alterConfigPolicy() {
    return plugin("alter.config.policy.class.name", AlterConfigPolicy.class);
  }

  private <T extends Configurable> Optional<T> plugin(String setting, Class<T> kind) {
    return Optional.ofNullable((Class<?>) values.get(setting))
        .map(
            type -> {
              if (!kind.isAssignableFrom(type)) {
                throw new ConfigException(setting, type.getName(), "is no " + kind.getName());
              }
              T plugin = Utils.newInstance(type.asSubclass(kind));
              plugin.configure(originals);
              return plugin;
            });
  }

  // ---- replication ---------------------------------------------------------------------------

  /** {@code replica.selector.class}: the rack-aware one, or none. */
  public Optional<String> replicaSelectorClass() {
    return Optional.ofNullable((String) values.get("replica.selector.class"));
  }

  /** Its bounds on replication. */
  public ReplicationThrottles replicationThrottles() {
    return ReplicationThrottles.of(originals);
  }

  /** {@code inter.broker.protocol.version}. */
  public InterBrokerProtocol interBrokerProtocol() {
    return interBrokerProtocol;
  }

  public long replicaLagTimeMaxMs() {
    return number("replica.lag.time.max.ms");
  }

  public int replicaFetchWaitMaxMs() {
    return integer("replica.fetch.wait.max.ms");
  }

  public int replicaFetchMinBytes() {
    return integer("replica.fetch.min.bytes");
  }

  public int replicationQuotaWindowNum() {
    return integer("replication.quota.window.num");
  }

  public int replicationQuotaWindowSizeSeconds() {
    return integer("replication.quota.window.size.seconds");
  }

  public int alterLogDirsReplicationQuotaWindowNum() {
    return integer("alter.log.dirs.replication.quota.window.num");
  }

  public int alterLogDirsReplicationQuotaWindowSizeSeconds() {
    return integer("alter.log.dirs.replication.quota.window.size.seconds");
  }

  /** As many as there are log directories, unless set. */
  public int numReplicaAlterLogDirsThreads() {
    Object threads = values.get("num.replica.alter.log.dirs.threads");
    return threads == null ? logDirs().size() : Math.max(1, (Integer) threads);
  }

  public int replicaFetchMaxBytes() {
    return integer("replica.fetch.max.bytes");
  }

  public int replicaFetchResponseMaxBytes() {
    return integer("replica.fetch.response.max.bytes");
  }

  public int replicaFetchBackoffMs() {
    return integer("replica.fetch.backoff.ms");
  }

  public int replicaSocketTimeoutMs() {
    return integer("replica.socket.timeout.ms");
  }

  public int numReplicaFetchers() {
    return integer("num.replica.fetchers");
  }

  public long replicaHighWatermarkCheckpointIntervalMs() {
    return number("replica.high.watermark.checkpoint.interval.ms");
  }

  // ---- controller ----------------------------------------------------------------------------

  public int controllerSocketTimeoutMs() {
    return integer("controller.socket.timeout.ms");
  }

  public boolean controlledShutdownEnable() {
    return bool("controlled.shutdown.enable");
  }

  public int controlledShutdownMaxRetries() {
    return integer("controlled.shutdown.max.retries");
  }

  public long controlledShutdownRetryBackoffMs() {
    return number("controlled.shutdown.retry.backoff.ms");
  }

  public boolean autoLeaderRebalanceEnable() {
    return bool("auto.leader.rebalance.enable");
  }

  public long leaderImbalanceCheckIntervalSeconds() {
    return number("leader.imbalance.check.interval.seconds");
  }

  public int leaderImbalancePerBrokerPercentage() {
    return integer("leader.imbalance.per.broker.percentage");
  }

  // ---- groups --------------------------------------------------------------------------------

  public int groupMinSessionTimeoutMs() {
    return integer("group.min.session.timeout.ms");
  }

  public int groupMaxSessionTimeoutMs() {
    return integer("group.max.session.timeout.ms");
  }

  public int groupInitialRebalanceDelayMs() {
    return integer("group.initial.rebalance.delay.ms");
  }

  public int groupMaxSize() {
    return integer("group.max.size");
  }

  public int offsetMetadataMaxBytes() {
    return integer("offset.metadata.max.bytes");
  }

  public int offsetsLoadBufferSize() {
    return integer("offsets.load.buffer.size");
  }

  public int offsetsCommitTimeoutMs() {
    return integer("offsets.commit.timeout.ms");
  }

  public short offsetsCommitRequiredAcks() {
    return (Short) values.get("offsets.commit.required.acks");
  }

  public int offsetsTopicCompressionCodec() {
    return integer("offsets.topic.compression.codec");
  }

  public int offsetsRetentionMinutes() {
    return integer("offsets.retention.minutes");
  }

  public long offsetsRetentionCheckIntervalMs() {
    return number("offsets.retention.check.interval.ms");
  }

  public int offsetsTopicNumPartitions() {
    return integer("offsets.topic.num.partitions");
  }

  public short offsetsTopicReplicationFactor() {
    return (Short) values.get("offsets.topic.replication.factor");
  }

  public int offsetsTopicSegmentBytes() {
    return integer("offsets.topic.segment.bytes");
  }

  // ---- transactions --------------------------------------------------------------------------

  public int transactionalIdExpirationMs() {
    return integer("transactional.id.expiration.ms");
  }

  public int transactionMaxTimeoutMs() {
    return integer("transaction.max.timeout.ms");
  }

  public int transactionStateLogNumPartitions() {
    return integer("transaction.state.log.num.partitions");
  }

  public short transactionStateLogReplicationFactor() {
    return (Short) values.get("transaction.state.log.replication.factor");
  }

  public int transactionStateLogMinIsr() {
    return integer("transaction.state.log.min.isr");
  }

  public int transactionStateLogSegmentBytes() {
    return integer("transaction.state.log.segment.bytes");
  }

  public int transactionStateLogLoadBufferSize() {
    return integer("transaction.state.log.load.buffer.size");
  }

  public int transactionAbortTimedOutTransactionCleanupIntervalMs() {
    return integer("transaction.abort.timed.out.transaction.cleanup.interval.ms");
  }

  public int transactionRemoveExpiredTransactionCleanupIntervalMs() {
    return integer("transaction.remove.expired.transaction.cleanup.interval.ms");
  }

  public boolean transactionPartitionVerificationEnable() {
    return (Boolean) values.get("transaction.partition.verification.enable");
  }

  // ---- log -----------------------------------------------------------------------------------

  /** The settings of the log manager. */
  public LogManagerSettings logManagerSettings() {
    return new LogManagerSettings(
        logDirs(),
        integer("log.flush.offset.checkpoint.interval.ms"),
        integer("log.flush.start.offset.checkpoint.interval.ms"),
        replicaHighWatermarkCheckpointIntervalMs(),
        number("log.retention.check.interval.ms"),
        number("log.flush.scheduler.interval.ms"),
        number("log.initial.task.delay.ms"),
        integer("num.recovery.threads.per.data.dir"),
        integer("producer.id.expiration.ms"),
        integer("producer.id.expiration.check.interval.ms"),
        number("log.segment.delete.delay.ms"),
        cleanerSettings());
  }

  private CleanerSettings cleanerSettings() {
    return new CleanerSettings(
        (Boolean) values.get("log.cleaner.enable"),
        integer("log.cleaner.threads"),
        number("log.cleaner.dedupe.buffer.size"),
        integer("log.cleaner.io.buffer.size"),
        (Double) values.get("log.cleaner.io.buffer.load.factor"),
        integer("message.max.bytes"),
        (Double) values.get("log.cleaner.io.max.bytes.per.second"),
        number("log.cleaner.backoff.ms"));
  }

  /** The broker's defaults for topics, by the topic settings' names. */
  Map<String, Object> topicDefaults() {
    Map<String, Object> defaults = new HashMap<>();
    TopicSettings.BROKER_SYNONYMS.forEach(
        (topic, broker) -> {
          if (values.get(broker) != null) {
            defaults.put(topic, values.get(broker));
          }
        });
    defaults.put("segment.ms", rollMs());
    defaults.put("segment.jitter.ms", rollJitterMs());
    defaults.put("retention.ms", retentionMs());
    Object flush = values.get("log.flush.interval.ms");
    defaults.put("flush.ms", flush == null ? number("log.flush.scheduler.interval.ms") : flush);
    return defaults;
  }

  /**
   * Whether what stays here of a log that has another store fits what stays at all.
   *
   * @throws ConfigException when more would stay here
   */
  public void checkLocalRetention() {
    checkLocal("log.local.retention.ms", "log.retention.ms", retentionMs());
    checkLocal("log.local.retention.bytes", "log.retention.bytes", number("log.retention.bytes"));
  }

  private void checkLocal(String localName, String name, long retention) {
    long local = number(localName);
    if (retention < 0 || local == -2) {
      return;
    }
    if (local == -1) {
      throw new ConfigException(
          localName,
          local,
          "Value must not be -1 as " + name + " value is set as " + retention + ".");
    }
    if (local > retention) {
      throw new ConfigException(
          localName,
          local,
          "Value must not be more than " + name + " property value: " + retention);
    }
  }

  /** {@code log.roll.ms}, or what stands in its place. */
  long rollMs() {
    return firstOf("log.roll.ms", TimeUnit.HOURS, "log.roll.hours");
  }

  /** {@code log.roll.jitter.ms}, or what stands in its place. */
  long rollJitterMs() {
    return firstOf("log.roll.jitter.ms", TimeUnit.HOURS, "log.roll.jitter.hours");
  }

  /** {@code log.retention.ms}, or what stands in its place; -1 for ever. */
  long retentionMs() {
    Object minutes = values.get("log.retention.minutes");
    if (values.get("log.retention.ms") == null && minutes != null) {
      return (Integer) minutes < 0 ? -1 : TimeUnit.MINUTES.toMillis((Integer) minutes);
    }
    long ms = firstOf("log.retention.ms", TimeUnit.HOURS, "log.retention.hours");
    return ms < 0 ? -1 : ms;
  }

  private long firstOf(String ms, TimeUnit unit, String coarse) {
    Object fine = values.get(ms);
    return fine != null ? (Long) fine : unit.toMillis(integer(coarse));
  }

  private int integer(String name) {
    return (Integer) values.get(name);
  }

  private long number(String name) {
    return (Long) values.get(name);
  }

  private boolean bool(String name) {
    return (Boolean) values.get(name);
  }
}
