package io.vitrine.cluster.config;

import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.TopicCompression;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/** A topic's settings: its own over the broker's defaults. Immutable. */
public final class TopicConfig {
  private static final String MIN_COMPACTION_LAG_MS = "min.compaction.lag.ms";
  private static final String MAX_COMPACTION_LAG_MS = "max.compaction.lag.ms";
  private static final List<String> NOT_TAKEN =
      List.of("remote.storage.enable", "remote.log.copy.disable", "remote.log.delete.on.disable");
  private static final String LOG_APPEND_TIME = "LogAppendTime";
  private static final ConfigDef DEFINITION = TopicSettings.define();

  private final Map<String, String> overrides;
  private final Map<String, Object> values;

  private TopicConfig(Map<String, String> overrides, Map<String, Object> values) {
    this.overrides = Map.copyOf(overrides);
    this.values = values;
  }

  /** A topic's settings on a broker. Settings this version does not know are left alone. */
  public static TopicConfig of(BrokerConfig broker, Map<String, String> overrides) {
    Map<String, Object> values = new HashMap<>(DEFINITION.parse(Map.of()));
    values.putAll(broker.topicDefaults());
    Map<String, Object> own = DEFINITION.parse(overrides);
    for (String name : overrides.keySet()) {
      if (own.containsKey(name)) {
        values.put(name, own.get(name));
      }
    }
    return new TopicConfig(overrides, values);
  }

  /**
   * Checks a topic's own settings as a client gives them.
   *
   * @param broker gives those that are not among them
   * @throws InvalidConfigurationException naming the setting that is unknown, has no value or does
   *     not go with another
   * @throws ConfigException naming the setting whose value is wrong
   */
  public static void validate(BrokerConfig broker, Map<String, String> overrides) {
    for (Map.Entry<String, String> entry : overrides.entrySet()) {
      if (!DEFINITION.names().contains(entry.getKey())) {
        throw new InvalidConfigurationException("Unknown topic config name: " + entry.getKey());
      }
      if (entry.getValue() == null) {
        throw new InvalidConfigurationException(
            "Null value not supported for topic configs: " + entry.getKey());
      }
    }
    of(broker, overrides).check();
  }

  private void check() {
    long least = number(MIN_COMPACTION_LAG_MS);
    long most = number(MAX_COMPACTION_LAG_MS);
    if (least > most) {
      throw new InvalidConfigurationException(
          MIN_COMPACTION_LAG_MS
              + " ("
              + least
              + ") must not be above "
              + MAX_COMPACTION_LAG_MS
              + " ("
              + most
              + ")");
    }
    for (String name : NOT_TAKEN) {
      if ((Boolean) values.get(name)) {
        throw new InvalidConfigurationException(
            name + " cannot be set: there is no store for records but the log directories");
      }
    }
  }

  /** Every setting's definition. */
  public static ConfigDef definition() {
    return DEFINITION;
  }

  /** The broker setting that gives a topic setting its default. */
  public static Optional<String> brokerSynonym(String name) {
    return Optional.ofNullable(TopicSettings.BROKER_SYNONYMS.get(name));
  }

  /**
   * Whether a broker's setting is what topics have where they do not say otherwise, and may change
   * while it runs. All brokers must share the record format, which may not.
   */
  public static boolean isTakenFromBroker(String brokerSetting) {
    return TopicSettings.BROKER_SYNONYMS.containsValue(brokerSetting)
        && !brokerSetting.equals(InterBrokerProtocol.FORMAT_SETTING);
  }

  /** The settings made on the topic itself. */
  public Map<String, String> overrides() {
    return overrides;
  }

  /** A setting's value in force. */
  public Object value(String name) {
    return values.get(name);
  }

  public int minInsyncReplicas() {
    return integer("min.insync.replicas");
  }

  /** Whether records may be written anew for clients that know older formats only. */
  public boolean messageDownConversionEnable() {
    return (Boolean) value("message.downconversion.enable");
  }

  public boolean uncleanLeaderElectionEnable() {
    return (Boolean) values.get("unclean.leader.election.enable");
  }

  /** {@code leader.replication.throttled.replicas}. */
  public ThrottledReplicas leaderThrottledReplicas() {
    return ThrottledReplicas.of((List<?>) values.get("leader.replication.throttled.replicas"));
  }

  /** {@code follower.replication.throttled.replicas}. */
  public ThrottledReplicas followerThrottledReplicas() {
    return ThrottledReplicas.of((List<?>) values.get("follower.replication.throttled.replicas"));
  }

  /** What the topic's logs need to know. */
  public LogSettings logSettings() {
    List<?> policy = (List<?>) values.get("cleanup.policy");
    return LogSettings.defaults()
        .with(
            to ->
                to.segmentBytes(integer("segment.bytes"))
                    .segmentMs(number("segment.ms"))
                    .segmentJitterMs(number("segment.jitter.ms"))
                    .segmentIndexBytes(integer("segment.index.bytes"))
                    .preallocate((Boolean) values.get("preallocate"))
                    .indexIntervalBytes(integer("index.interval.bytes"))
                    .retentionMs(number("retention.ms"))
                    .retentionBytes(number("retention.bytes"))
                    .fileDeleteDelayMs(number("file.delete.delay.ms"))
                    .maxMessageBytes(integer("max.message.bytes"))
                    .compact(policy.contains("compact"))
                    .delete(policy.contains("delete"))
                    .minCleanableDirtyRatio(
                        ((Number) values.get("min.cleanable.dirty.ratio")).doubleValue())
                    .deleteRetentionMs(number("delete.retention.ms"))
                    .minCompactionLagMs(number("min.compaction.lag.ms"))
                    .maxCompactionLagMs(number("max.compaction.lag.ms"))
                    .flushMessages(number("flush.messages"))
                    .flushMs(number("flush.ms"))
                    .compression(compression())
                    .logAppendTime(LOG_APPEND_TIME.equals(values.get("message.timestamp.type")))
                    .timestampBeforeMaxMs(timestampLimit("message.timestamp.before.max.ms"))
                    .timestampAfterMaxMs(timestampLimit("message.timestamp.after.max.ms")));
  }

  private TopicCompression compression() {
    return TopicCompression.of(
        values.get("compression.type").toString(),
        integer("compression.gzip.level"),
        integer("compression.lz4.level"),
        integer("compression.zstd.level"));
  }

  /** The older setting for both directions holds where the newer one is at its default. */
  private long timestampLimit(String name) {
    long limit = number(name);
    return limit == Long.MAX_VALUE ? number("message.timestamp.difference.max.ms") : limit;
  }

  private int integer(String name) {
    return ((Number) values.get(name)).intValue();
  }

  private long number(String name) {
    return ((Number) values.get(name)).longValue();
  }
}
