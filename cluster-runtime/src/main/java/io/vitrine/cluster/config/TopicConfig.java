package io.vitrine.cluster.config;

import io.vitrine.storage.log.LogSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/** A topic's settings: its own over the broker's defaults. Immutable. */
public final class TopicConfig {
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
   * @throws InvalidConfigurationException naming the setting that is unknown or wrong
   */
  public static void validate(Map<String, String> overrides) {
    for (Map.Entry<String, String> entry : overrides.entrySet()) {
      if (!DEFINITION.names().contains(entry.getKey())) {
        throw new InvalidConfigurationException("Unknown topic config name: " + entry.getKey());
      }
      if (entry.getValue() == null) {
        throw new InvalidConfigurationException(
            "Null value not supported for topic configs: " + entry.getKey());
      }
    }
    try {
      DEFINITION.parse(overrides);
    } catch (ConfigException e) {
      throw new InvalidConfigurationException(e.getMessage());
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

  public boolean uncleanLeaderElectionEnable() {
    return (Boolean) values.get("unclean.leader.election.enable");
  }

  /** What the topic's logs need to know. */
  public LogSettings logSettings() {
    List<?> policy = (List<?>) values.get("cleanup.policy");
    return new LogSettings(
        integer("segment.bytes"),
        number("segment.ms"),
        number("segment.jitter.ms"),
        integer("segment.index.bytes"),
        integer("index.interval.bytes"),
        number("retention.ms"),
        number("retention.bytes"),
        number("file.delete.delay.ms"),
        integer("max.message.bytes"),
        policy.contains("compact"),
        policy.contains("delete"),
        number("flush.messages"),
        number("flush.ms"),
        LOG_APPEND_TIME.equals(values.get("message.timestamp.type")),
        number("message.timestamp.before.max.ms"),
        number("message.timestamp.after.max.ms"));
  }

  private int integer(String name) {
    return ((Number) values.get(name)).intValue();
  }

  private long number(String name) {
    return ((Number) values.get(name)).longValue();
  }
}
