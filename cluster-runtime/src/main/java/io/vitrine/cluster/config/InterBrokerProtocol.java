package io.vitrine.cluster.config;

import java.util.Arrays;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * A level of {@code inter.broker.protocol.version}: what brokers may say to each other and put into
 * ZooKeeper while some of them may still be of that release. Kafka's levels, in order; each method
 * names one thing that depends on the level.
 *
 * <p>Names are a release, {@code 2.7}, which means its newest level, or one level of it, {@code
 * 2.7-IV1}; what follows a release's first numbers is left out of account, {@code 2.7.2}.
 */
public enum InterBrokerProtocol {
  V0_8_0("0.8.0"),
  V0_8_1("0.8.1"),
  V0_8_2("0.8.2"),
  V0_9_0("0.9.0"),
  V0_10_0_IV0("0.10.0", 0),
  V0_10_0_IV1("0.10.0", 1),
  V0_10_1_IV0("0.10.1", 0),
  V0_10_1_IV1("0.10.1", 1),
  V0_10_1_IV2("0.10.1", 2),
  V0_10_2_IV0("0.10.2", 0),
  V0_11_0_IV0("0.11.0", 0),
  V0_11_0_IV1("0.11.0", 1),
  V0_11_0_IV2("0.11.0", 2),
  V1_0_IV0("1.0", 0),
  V1_1_IV0("1.1", 0),
  V2_0_IV0("2.0", 0),
  V2_0_IV1("2.0", 1),
  V2_1_IV0("2.1", 0),
  V2_1_IV1("2.1", 1),
  V2_1_IV2("2.1", 2),
  V2_2_IV0("2.2", 0),
  V2_2_IV1("2.2", 1),
  V2_3_IV0("2.3", 0),
  V2_3_IV1("2.3", 1),
  V2_4_IV0("2.4", 0),
  V2_4_IV1("2.4", 1),
  V2_5_IV0("2.5", 0),
  V2_6_IV0("2.6", 0),
  V2_7_IV0("2.7", 0),
  V2_7_IV1("2.7", 1),
  V2_7_IV2("2.7", 2),
  V2_8_IV0("2.8", 0),
  V2_8_IV1("2.8", 1),
  V3_0_IV0("3.0", 0),
  V3_0_IV1("3.0", 1),
  V3_1_IV0("3.1", 0),
  V3_2_IV0("3.2", 0),
  V3_3_IV0("3.3", 0),
  V3_3_IV1("3.3", 1),
  V3_3_IV2("3.3", 2),
  V3_3_IV3("3.3", 3),
  V3_4_IV0("3.4", 0),
  V3_5_IV0("3.5", 0),
  V3_5_IV1("3.5", 1),
  V3_5_IV2("3.5", 2),
  V3_6_IV0("3.6", 0),
  V3_6_IV1("3.6", 1),
  V3_6_IV2("3.6", 2),
  V3_7_IV0("3.7", 0),
  V3_7_IV1("3.7", 1),
  V3_7_IV2("3.7", 2),
  V3_7_IV3("3.7", 3),
  V3_7_IV4("3.7", 4),
  V3_8_IV0("3.8", 0),
  V3_9_IV0("3.9", 0),
  /** Of a release to come: Kafka 3.9 takes it when it is named in full. */
  V4_0_IV0("4.0", 0),
  V4_0_IV1("4.0", 1);

  /** What a broker of this release takes without being told. */
  public static final InterBrokerProtocol LATEST = V3_9_IV0;

  /** The setting's name. */
  static final String SETTING = "inter.broker.protocol.version";

  /** A setting that names a level for the sake of its record format. */
  static final String FORMAT_SETTING = "log.message.format.version";

  /** The same for one topic. */
  static final String TOPIC_FORMAT_SETTING = "message.format.version";

  /** Checks that a setting names a level. */
  static final ConfigDef.Validator NAMES =
      new ConfigDef.Validator() {
        @Override
        public void ensureValid(String setting, Object name) {
          of(setting, name.toString());
        }

        @Override
        public String toString() {
          return Arrays.toString(values());
        }
      };

  private final String release;
  private final String version;

  InterBrokerProtocol(String release) {
    this.release = release;
    this.version = release;
  }

  InterBrokerProtocol(String release, int step) {
    this.release = release;
    this.version = release + "-IV" + step;
  }

  /**
   * The level of this name.
   *
   * @throws ConfigException naming the setting when there is none
   */
  static InterBrokerProtocol of(String setting, String name) {
    String[] numbers = name.split("\\.");
    int kept = Math.min(numbers.length, name.startsWith("0.") ? 3 : 2);
    String key = String.join(".", Arrays.copyOf(numbers, kept));
    return Arrays.stream(values())
        .filter(
            level ->
                level.version.equals(key)
                    || level.release.equals(key) && level.compareTo(LATEST) <= 0)
        .reduce((older, newer) -> newer)
        .orElseThrow(
            () ->
                new ConfigException(setting, name, "Version " + name + " is not a valid version"));
  }

  /** The level's name in full, such as {@code 2.7-IV2}. */
  public String version() {
    return version;
  }

  public boolean isAtLeast(InterBrokerProtocol other) {
    return compareTo(other) >= 0;
  }

  // ---- orders of the controller --------------------------------------------------------------

  /** Version of LeaderAndIsr. */
  public short leaderAndIsrVersion() {
    return raisedAt(V1_0_IV0, V2_2_IV0, V2_4_IV0, V2_4_IV1, V2_8_IV1, V3_2_IV0, V3_4_IV0);
  }

  /** Version of UpdateMetadata. */
  public short updateMetadataVersion() {
    return raisedAt(
        V0_9_0, V0_10_0_IV1, V0_10_2_IV0, V1_0_IV0, V2_2_IV0, V2_4_IV1, V2_8_IV1, V3_4_IV0);
  }

  /** Version of StopReplica; below 3 one request either deletes or does not. */
  public short stopReplicaVersion() {
    return raisedAt(V2_2_IV0, V2_4_IV1, V2_6_IV0, V3_4_IV0);
  }

  // ---- between brokers -----------------------------------------------------------------------

  /** Version of a follower's Fetch. */
  public short fetchVersion() {
    if (isAtLeast(V1_1_IV0)) {
      return (short)
          (isAtLeast(V2_1_IV2)
              ? 10 + raisedAt(V2_3_IV1, V2_7_IV1, V3_1_IV0, V3_5_IV0, V3_5_IV1, V3_7_IV4, V3_9_IV0)
              : 7 + raisedAt(V2_0_IV1));
    }
    return raisedAt(V0_9_0, V0_10_0_IV0, V0_10_1_IV1, V0_11_0_IV0, V0_11_0_IV1);
  }

  /** Version of a follower's ListOffsets. */
  public short listOffsetsVersion() {
    return raisedAt(
        V0_10_1_IV2,
        V0_11_0_IV0,
        V2_0_IV1,
        V2_1_IV1,
        V2_2_IV1,
        V2_8_IV0,
        V3_0_IV1,
        V3_5_IV0,
        V3_9_IV0);
  }

  /** Version of a follower's OffsetsForLeaderEpoch. */
  public short offsetsForLeaderEpochVersion() {
    return raisedAt(V2_0_IV0, V2_1_IV1, V2_3_IV1, V2_8_IV0);
  }

  /** Version of ControlledShutdown. */
  public short controlledShutdownVersion() {
    return raisedAt(V0_9_0, V2_2_IV0, V2_4_IV1);
  }

  /** How many of these levels this one has reached: a version that began at 0. */
  private short raisedAt(InterBrokerProtocol... levels) {
    return (short) Arrays.stream(levels).filter(this::isAtLeast).count();
  }

  /** Whether a leader may be asked where an epoch ends (KIP-101). */
  public boolean hasOffsetsForLeaderEpoch() {
    return isAtLeast(V0_11_0_IV2);
  }

  /** Whether a leader says in its answer to Fetch where the logs part (KIP-595). */
  public boolean truncatesOnFetch() {
    return isAtLeast(V2_7_IV1);
  }

  /** Whether ISR changes go through the controller (KIP-497), else leaders write them. */
  public boolean hasAlterPartition() {
    return isAtLeast(V2_7_IV2);
  }

  /** Whether producer ids are given out by the controller (KIP-730), else taken by each broker. */
  public boolean hasAllocateProducerIds() {
    return isAtLeast(V3_0_IV0);
  }

  /** WriteTxnMarkers to a partition's leader. */
  public short writeTxnMarkersVersion() {
    return (short) (isAtLeast(V2_8_IV0) ? 1 : 0);
  }

  /** The newest record format all brokers know: 0, 1 or 2. */
  public byte recordMagic() {
    if (isAtLeast(V0_11_0_IV0)) {
      return 2;
    }
    return (byte) (isAtLeast(V0_10_0_IV0) ? 1 : 0);
  }

  /** Whether {@code log.message.format.version} means nothing any more: the format is 2. */
  public boolean ignoresMessageFormatVersion() {
    return isAtLeast(V3_0_IV1);
  }

  /** Whether a failed log directory is survived (KIP-112), else the broker ends with it. */
  public boolean survivesFailedDirectories() {
    return isAtLeast(V1_0_IV0);
  }

  // ---- groups ---------------------------------------------------------------------------------

  /** Whether members may be static (KIP-345): every broker keeps their instance ids. */
  public boolean hasStaticMembers() {
    return isAtLeast(V2_3_IV0);
  }

  /**
   * Version of a committed offset in {@code __consumer_offsets}.
   *
   * @param expires whether it has an expiry of its own, which only version 1 can say
   */
  public short offsetValueVersion(boolean expires) {
    return (short) (expires ? 1 : 1 + raisedAt(V2_1_IV0, V2_1_IV1));
  }

  /** Version of a group's generation there. */
  public short groupValueVersion() {
    return raisedAt(V0_10_1_IV0, V2_1_IV0, V2_3_IV0);
  }

  // ---- in ZooKeeper --------------------------------------------------------------------------

  /** Whether topics have ids (KIP-516). */
  public boolean hasTopicIds() {
    return isAtLeast(V2_8_IV0);
  }

  /** Whether an unclean election leaves a mark for the new leader (KIP-704). */
  public boolean hasLeaderRecovery() {
    return isAtLeast(V3_2_IV0);
  }

  /** Whether features are finalized for the cluster (KIP-584). */
  public boolean hasFeatures() {
    return isAtLeast(V2_7_IV0);
  }

  /** Version of {@code /feature}. */
  public int featureNodeVersion() {
    return isAtLeast(V3_3_IV0) ? 2 : 1;
  }

  /** Version of {@code /brokers/ids/<id>}. */
  public int brokerNodeVersion() {
    if (isAtLeast(V2_7_IV0)) {
      return 5;
    }
    return isAtLeast(V0_10_0_IV1) ? 4 : 2;
  }

  @Override
  public String toString() {
    return version;
  }
}
