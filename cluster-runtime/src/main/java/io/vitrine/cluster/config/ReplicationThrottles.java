package io.vitrine.cluster.config;

import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * A broker's bounds on replication in bytes a second, {@link Long#MAX_VALUE} for none. They are set
 * while brokers run, on one broker or for all, and stand in no properties file.
 */
public record ReplicationThrottles(
    long leaderBytesPerSecond, long followerBytesPerSecond, long alterLogDirsBytesPerSecond) {
  private static final String LEADER = "leader.replication.throttled.rate";
  private static final String FOLLOWER = "follower.replication.throttled.rate";
  private static final String ALTER_LOG_DIRS = "replica.alter.log.dirs.io.max.bytes.per.second";

  private static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              LEADER,
              Type.LONG,
              Long.MAX_VALUE,
              ConfigDef.Range.atLeast(0),
              Importance.MEDIUM,
              "How many bytes a second of throttled replicas a leader sends.")
          .define(
              FOLLOWER,
              Type.LONG,
              Long.MAX_VALUE,
              ConfigDef.Range.atLeast(0),
              Importance.MEDIUM,
              "How many of them a follower fetches.")
          .define(
              ALTER_LOG_DIRS,
              Type.LONG,
              Long.MAX_VALUE,
              ConfigDef.Range.atLeast(0),
              Importance.MEDIUM,
              "How many are copied between log directories.");

  /** The settings' definitions. */
  public static ConfigDef definition() {
    return DEFINITION;
  }

  /**
   * What is in force on a broker.
   *
   * @param settings of the broker, others included
   * @throws ConfigException when a value is no number or negative
   */
  static ReplicationThrottles of(Map<String, String> settings) {
    Map<String, Object> values = DEFINITION.parse(settings);
    return new ReplicationThrottles(
        (Long) values.get(LEADER), (Long) values.get(FOLLOWER), (Long) values.get(ALTER_LOG_DIRS));
  }
}
