package io.vitrine.cluster.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.vitrine.storage.log.TopicCompression;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;

/** Topic settings: names, types, defaults and bounds of Kafka 3.9. */
final class TopicSettings {
  /** Which broker setting gives a topic setting its default. */
  static final Map<String, String> BROKER_SYNONYMS = brokerSynonyms();

  private final ConfigDef definition = new ConfigDef();

  private TopicSettings() {}

  static ConfigDef define() {
    TopicSettings settings = new TopicSettings();
    settings.segments();
    settings.retention();
    settings.messages();
    settings.replication();
    settings.tiers();
    return settings.definition;
  }

  private void segments() {
    add("segment.bytes", INT, 1 << 30, atLeast(14), "The size of a segment.");
    add("segment.ms", LONG, 604_800_000L, atLeast(1), "The age at which a segment is rolled.");
    add("segment.jitter.ms", LONG, 0L, atLeast(0), "Taken off that age at random, at most.");
    add("segment.index.bytes", INT, 10_485_760, atLeast(4), "The size of an index.");
    add("index.interval.bytes", INT, 4096, atLeast(0), "Bytes between index entries.");
    add("flush.messages", LONG, Long.MAX_VALUE, atLeast(1), "Records until a flush.");
    add("flush.ms", LONG, Long.MAX_VALUE, atLeast(0), "Time until a flush.");
    add("file.delete.delay.ms", LONG, 60_000L, atLeast(0), "Between rename and unlink.");
    add("preallocate", BOOLEAN, false, null, "Whether segments take their space beforehand.");
  }

  private void retention() {
    add(
        "cleanup.policy",
        LIST,
        "delete",
        ValidList.in("compact", "delete"),
        "What becomes of old segments.");
    add("retention.ms", LONG, 604_800_000L, atLeast(-1), "How long records stay; -1 for ever.");
    add("retention.bytes", LONG, -1L, null, "How much of a partition stays; -1 all.");
    add("delete.retention.ms", LONG, 86_400_000L, atLeast(0), "How long tombstones stay.");
    add("min.compaction.lag.ms", LONG, 0L, atLeast(0), "How young records are left alone.");
    add(
        "max.compaction.lag.ms",
        LONG,
        Long.MAX_VALUE,
        atLeast(1),
        "How old records are compacted at the latest.");
    add(
        "min.cleanable.dirty.ratio",
        DOUBLE,
        0.5,
        Range.between(0, 1),
        "The dirty share that is worth a cleaning.");
  }

  private void messages() {
    add("max.message.bytes", INT, 1_048_588, atLeast(0), "The largest record batch.");
    add(
        "compression.type",
        STRING,
        "producer",
        ValidString.in("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
        "How batches are kept.");
    for (String codec : List.of("gzip", "lz4", "zstd")) {
      add(
          "compression." + codec + ".level",
          INT,
          TopicCompression.defaultLevel(codec),
          TopicCompression.levels(codec),
          "How hard " + codec + " tries.");
    }
    add(
        "message.timestamp.type",
        STRING,
        "CreateTime",
        ValidString.in("CreateTime", "LogAppendTime"),
        "Whose time records bear.");
    add(
        "message.timestamp.before.max.ms",
        LONG,
        Long.MAX_VALUE,
        atLeast(0),
        "How old a record may be.");
    add(
        "message.timestamp.after.max.ms",
        LONG,
        Long.MAX_VALUE,
        atLeast(0),
        "How far ahead a record may be.");
    add(
        "message.timestamp.difference.max.ms",
        LONG,
        Long.MAX_VALUE,
        atLeast(0),
        "Both of these, where they are at their defaults.");
    add(
        "message.downconversion.enable",
        BOOLEAN,
        true,
        null,
        "Whether old clients get old formats.");
  }

  private void replication() {
    add("min.insync.replicas", INT, 1, atLeast(1), "In-sync replicas an acks=all produce needs.");
    add("unclean.leader.election.enable", BOOLEAN, false, null, "Whether others may lead.");
    for (String side : List.of("leader", "follower")) {
      add(
          side + ".replication.throttled.replicas",
          LIST,
          List.of(),
          ThrottledReplicas.FORM,
          "Replicas whose copying is throttled at their " + side + ": partition:broker, or *.");
    }
  }

  /** Records in another store: described, and refused where they would have an effect. */
  private void tiers() {
    add(
        InterBrokerProtocol.TOPIC_FORMAT_SETTING,
        STRING,
        InterBrokerProtocol.V3_0_IV1.version(),
        InterBrokerProtocol.NAMES,
        "The record format of old consumers; checked, but records are kept in format 2.");
    add("remote.storage.enable", BOOLEAN, false, null, "Must be false: there is no other store.");
    add("remote.log.copy.disable", BOOLEAN, false, null, "Must be false, as with Kafka.");
    add("remote.log.delete.on.disable", BOOLEAN, false, null, "Must be false, as with Kafka.");
    add("local.retention.ms", LONG, -2L, atLeast(-2), "No effect without another store.");
    add("local.retention.bytes", LONG, -2L, atLeast(-2), "No effect without another store.");
  }

  private void add(String name, Type type, Object defaultValue, Validator check, String doc) {
    definition.define(name, type, defaultValue, check, Importance.MEDIUM, doc);
  }

  private static Map<String, String> brokerSynonyms() {
    Map<String, String> names = new TreeMap<>();
    names.put("segment.bytes", "log.segment.bytes");
    names.put("segment.ms", "log.roll.ms");
    names.put("segment.jitter.ms", "log.roll.jitter.ms");
    names.put("segment.index.bytes", "log.index.size.max.bytes");
    names.put("index.interval.bytes", "log.index.interval.bytes");
    names.put("flush.messages", "log.flush.interval.messages");
    names.put("flush.ms", "log.flush.interval.ms");
    names.put("file.delete.delay.ms", "log.segment.delete.delay.ms");
    names.put("cleanup.policy", "log.cleanup.policy");
    names.put("retention.ms", "log.retention.ms");
    names.put("retention.bytes", "log.retention.bytes");
    names.put("max.message.bytes", "message.max.bytes");
    names.put("message.timestamp.type", "log.message.timestamp.type");
    names.put("message.timestamp.before.max.ms", "log.message.timestamp.before.max.ms");
    names.put("message.timestamp.after.max.ms", "log.message.timestamp.after.max.ms");
    names.put("message.timestamp.difference.max.ms", "log.message.timestamp.difference.max.ms");
    names.put("message.downconversion.enable", "log.message.downconversion.enable");
    names.put("preallocate", "log.preallocate");
    names.put("compression.type", "compression.type");
    names.put("compression.gzip.level", "compression.gzip.level");
    names.put("compression.lz4.level", "compression.lz4.level");
    names.put("compression.zstd.level", "compression.zstd.level");
    names.put("delete.retention.ms", "log.cleaner.delete.retention.ms");
    names.put("min.compaction.lag.ms", "log.cleaner.min.compaction.lag.ms");
    names.put("max.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms");
    names.put("min.cleanable.dirty.ratio", "log.cleaner.min.cleanable.ratio");
    names.put("min.insync.replicas", "min.insync.replicas");
    names.put("unclean.leader.election.enable", "unclean.leader.election.enable");
    names.put(InterBrokerProtocol.TOPIC_FORMAT_SETTING, InterBrokerProtocol.FORMAT_SETTING);
    names.put("local.retention.ms", "log.local.retention.ms");
    names.put("local.retention.bytes", "log.local.retention.bytes");
    return Map.copyOf(names);
  }
}
