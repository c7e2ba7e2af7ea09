package io.vitrine.cluster.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.CLASS;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.PASSWORD;
import static org.apache.kafka.common.config.ConfigDef.Type.SHORT;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.vitrine.storage.log.TopicCompression;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;

/** The broker settings this version honours: names, types, defaults and bounds of Kafka 3.9. */
final class BrokerSettings {
  private final ConfigDef definition = new ConfigDef();

  private BrokerSettings() {}

  static ConfigDef define() {
    BrokerSettings settings = new BrokerSettings();
    settings.identity();
    settings.zooKeeper();
    settings.network();
    settings.quotas();
    settings.security();
    settings.topics();
    settings.replication();
    settings.controller();
    settings.groups();
    settings.log();
    settings.administration();
    return settings.definition;
  }

  private void identity() {
    add("broker.id", INT, -1, null, "This broker's id; -1 takes the stored or a generated one.");
    add("broker.id.generation.enable", BOOLEAN, true, null, "Whether an id may be generated.");
    add("reserved.broker.max.id", INT, 1000, atLeast(0), "The largest id that may be configured.");
    add("broker.rack", STRING, null, null, "The rack this broker stands in.");
  }

  private void zooKeeper() {
    add("zookeeper.connect", STRING, null, null, "ZooKeeper's host:port list and chroot.");
    add("zookeeper.session.timeout.ms", INT, 18_000, null, "How long a silent session lives.");
    add("zookeeper.connection.timeout.ms", INT, null, null, "How long to wait for a connection.");
  }

  private void network() {
    add("listeners", STRING, "PLAINTEXT://:9092", null, "Where to listen.");
    add("advertised.listeners", STRING, null, null, "What clients are told; listeners if unset.");
    add("inter.broker.listener.name", STRING, null, null, "The listener brokers use.");
    add("num.network.threads", INT, 3, atLeast(1), "Threads that read and write a listener.");
    add("num.io.threads", INT, 8, atLeast(1), "Threads that handle requests.");
    add("queued.max.requests", INT, 500, atLeast(1), "Requests that may wait for a thread.");
    add("queued.max.request.bytes", LONG, -1L, null, "Bytes of requests held; -1 any.");
    add("socket.request.max.bytes", INT, 104_857_600, atLeast(1), "The largest request.");
    add("socket.send.buffer.bytes", INT, 102_400, null, "SO_SNDBUF; -1 leaves it.");
    add("socket.receive.buffer.bytes", INT, 102_400, null, "SO_RCVBUF; -1 leaves it.");
    add("socket.listen.backlog.size", INT, 50, atLeast(1), "Connections that may wait.");
    add("max.connections", INT, Integer.MAX_VALUE, atLeast(0), "Connections of the broker.");
    add("max.connections.per.ip", INT, Integer.MAX_VALUE, atLeast(0), "Connections of an address.");
    add(
        "max.connections.per.ip.overrides",
        STRING,
        "",
        null,
        "Other limits for some addresses: host:number, separated by commas.");
    add(
        "max.connection.creation.rate",
        INT,
        Integer.MAX_VALUE,
        atLeast(0),
        "Connections taken a second.");
    add("connections.max.idle.ms", LONG, 600_000L, null, "Idle connections are closed.");
    add("request.timeout.ms", INT, 30_000, null, "How long the broker waits as a client.");
    add("fetch.max.bytes", INT, 57_671_680, atLeast(1024), "The most a fetch returns.");
    add("max.incremental.fetch.session.cache.slots", INT, 1000, atLeast(0), "Fetch sessions kept.");
  }

  private void quotas() {
    for (String whose : List.of("", "controller.")) {
      add(
          whose + "quota.window.num",
          INT,
          11,
          atLeast(1),
          "Samples the use by clients is measured over.");
      add(whose + "quota.window.size.seconds", INT, 1, atLeast(1), "The time of each sample.");
    }
    add(
        "client.quota.callback.class",
        CLASS,
        null,
        null,
        "Who decides clients' limits; what is set for them when unset.");
  }

  private void security() {
    add(
        "listener.security.protocol.map",
        STRING,
        "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT",
        null,
        "What each listener asks of those who connect.");
    add(
        "security.inter.broker.protocol",
        STRING,
        "PLAINTEXT",
        ValidString.in("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
        "Names the listener brokers use, where its name is not given.");
    add("control.plane.listener.name", STRING, null, null, "Must be unset: there is none.");
    add(
        "connection.failed.authentication.delay.ms",
        INT,
        100,
        atLeast(0),
        "How long a client that is refused waits for it.");
    add(
        "authorizer.class.name",
        STRING,
        "",
        new ConfigDef.NonNullValidator(),
        "Who decides what clients may do; everything when unset.");
    add("delegation.token.master.key", PASSWORD, null, null, "The older name of the secret key.");
    add("delegation.token.secret.key", PASSWORD, null, null, "What tokens are signed with.");
    add(
        "delegation.token.max.lifetime.ms",
        LONG,
        604_800_000L,
        atLeast(1),
        "The longest a token lives.");
    add(
        "delegation.token.expiry.time.ms",
        LONG,
        86_400_000L,
        atLeast(1),
        "How long a token lives unless renewed.");
    add(
        "delegation.token.expiry.check.interval.ms",
        LONG,
        3_600_000L,
        atLeast(1),
        "How often tokens that are over are looked for.");
    // TLS, SASL and principals: kafka-clients' own definitions, which its classes read.
    BrokerSecurityConfigs.CONFIG_DEF.configKeys().values().forEach(definition::define);
  }

  private void topics() {
    add("create.topic.policy.class.name", CLASS, null, null, "Who may refuse new topics.");
    add("num.partitions", INT, 1, atLeast(1), "Partitions of a topic made without a number.");
    add("default.replication.factor", INT, 1, null, "Replicas of a topic made without a number.");
    add("auto.create.topics.enable", BOOLEAN, true, null, "Whether asking makes a topic.");
    add("delete.topic.enable", BOOLEAN, true, null, "Whether topics may be deleted.");
    add("min.insync.replicas", INT, 1, atLeast(1), "In-sync replicas an acks=all produce needs.");
    add("unclean.leader.election.enable", BOOLEAN, false, null, "Whether others may lead.");
    add("message.max.bytes", INT, 1_048_588, atLeast(0), "The largest record batch.");
  }

  private void replication() {
    add("replica.lag.time.max.ms", LONG, 30_000L, null, "How long a follower may lag.");
    add(
        "replica.selector.class",
        STRING,
        null,
        null,
        "Sends consumers to a replica in their rack: Kafka's RackAwareReplicaSelector.");
    add(
        InterBrokerProtocol.SETTING,
        STRING,
        InterBrokerProtocol.LATEST.version(),
        InterBrokerProtocol.NAMES,
        "What brokers may say to each other while some are of an older release.");
    add("replica.fetch.wait.max.ms", INT, 500, null, "How long a follower's fetch waits.");
    add("replica.fetch.min.bytes", INT, 1, null, "What a follower's fetch waits for.");
    add("replica.fetch.max.bytes", INT, 1_048_576, atLeast(0), "The most for a partition.");
    add("replica.fetch.response.max.bytes", INT, 10_485_760, atLeast(0), "The most for a fetch.");
    add("replica.fetch.backoff.ms", INT, 1000, atLeast(0), "The pause after an error.");
    add("replica.socket.timeout.ms", INT, 30_000, null, "How long a follower waits.");
    for (String what : List.of("", "alter.log.dirs.")) {
      add(
          what + "replication.quota.window.num",
          INT,
          11,
          atLeast(1),
          "Samples a throttle's rate is measured over.");
      add(
          what + "replication.quota.window.size.seconds",
          INT,
          1,
          atLeast(1),
          "The time of each sample.");
    }
    add("num.replica.fetchers", INT, 1, null, "Fetchers for each leader.");
    add("num.replica.alter.log.dirs.threads", INT, null, null, "Threads that move replicas.");
    add(
        "replica.high.watermark.checkpoint.interval.ms",
        LONG,
        5000L,
        null,
        "How often high watermarks are written down.");
  }

  private void controller() {
    add("controller.socket.timeout.ms", INT, 30_000, null, "How long the controller waits.");
    add("controlled.shutdown.enable", BOOLEAN, true, null, "Whether leaders move before a stop.");
    add("controlled.shutdown.max.retries", INT, 3, null, "How often to ask for it.");
    add("controlled.shutdown.retry.backoff.ms", LONG, 5000L, null, "The pause in between.");
    add("auto.leader.rebalance.enable", BOOLEAN, true, null, "Whether preferred leaders return.");
    add(
        "leader.imbalance.check.interval.seconds",
        LONG,
        300L,
        atLeast(1),
        "How often imbalance is looked at.");
    add(
        "leader.imbalance.per.broker.percentage",
        INT,
        10,
        null,
        "The share of leaders elsewhere that is borne.");
  }

  private void groups() {
    add("group.min.session.timeout.ms", INT, 6000, null, "The shortest member session.");
    add("group.max.session.timeout.ms", INT, 1_800_000, null, "The longest member session.");
    add("group.initial.rebalance.delay.ms", INT, 3000, null, "How long a new group gathers.");
    add("group.max.size", INT, Integer.MAX_VALUE, atLeast(1), "Members of a group.");
    add("offset.metadata.max.bytes", INT, 4096, null, "Metadata of a commit.");
    add("offsets.load.buffer.size", INT, 5_242_880, atLeast(1), "Bytes read at once on load.");
    add("offsets.commit.timeout.ms", INT, 5000, atLeast(1), "How long a commit may take.");
    add("offsets.retention.minutes", INT, 10_080, atLeast(1), "How long offsets are kept.");
    add(
        "offsets.retention.check.interval.ms",
        LONG,
        600_000L,
        atLeast(1),
        "How often old offsets are looked for.");
    add("offsets.commit.required.acks", SHORT, (short) -1, null, "What a commit waits for.");
    add("offsets.topic.compression.codec", INT, 0, null, "How commits are compressed.");
    add("offsets.topic.num.partitions", INT, 50, atLeast(1), "Partitions of offsets.");
    add("offsets.topic.replication.factor", SHORT, (short) 3, atLeast(1), "Its replicas.");
    add("offsets.topic.segment.bytes", INT, 104_857_600, atLeast(1), "Its segments.");
    add(
        "transactional.id.expiration.ms",
        INT,
        604_800_000,
        atLeast(1),
        "How long an idle transactional id is known.");
    add(
        "transaction.max.timeout.ms",
        INT,
        900_000,
        atLeast(1),
        "The longest time a transaction may ask for.");
    add("transaction.state.log.num.partitions", INT, 50, atLeast(1), "Partitions of its topic.");
    add("transaction.state.log.replication.factor", SHORT, (short) 3, atLeast(1), "Its replicas.");
    add("transaction.state.log.min.isr", INT, 2, atLeast(1), "Its min.insync.replicas.");
    add("transaction.state.log.segment.bytes", INT, 104_857_600, atLeast(1), "Its segments.");
    add(
        "transaction.state.log.load.buffer.size",
        INT,
        5_242_880,
        atLeast(1),
        "Bytes read at once on load.");
    add(
        "transaction.abort.timed.out.transaction.cleanup.interval.ms",
        INT,
        10_000,
        atLeast(1),
        "How often transactions beyond their time are looked for.");
    add(
        "transaction.remove.expired.transaction.cleanup.interval.ms",
        INT,
        3_600_000,
        atLeast(1),
        "How often idle transactional ids are looked for.");
    add(
        "transaction.partition.verification.enable",
        BOOLEAN,
        true,
        null,
        "Whether a transaction begins in a partition only once its coordinator confirms it.");
    add("producer.id.expiration.ms", INT, 86_400_000, atLeast(1), "How long a producer is known.");
    hide(
        "producer.id.expiration.check.interval.ms",
        INT,
        600_000,
        atLeast(1),
        "How often idle producers are looked for.");
  }

  private void administration() {
    add("background.threads", INT, 10, atLeast(1), "Threads for what is done from time to time.");
    add("alter.config.policy.class.name", CLASS, null, null, "Who may refuse new settings.");
    add("password.encoder.secret", PASSWORD, null, null, "Encrypts passwords in ZooKeeper.");
    add("password.encoder.old.secret", PASSWORD, null, null, "What encrypted them before.");
    add("password.encoder.keyfactory.algorithm", STRING, null, null, "Makes a key of the secret.");
    add(
        "password.encoder.cipher.algorithm",
        STRING,
        "AES/CBC/PKCS5Padding",
        null,
        "Encrypts with the key.");
    add("password.encoder.key.length", INT, 128, atLeast(8), "The key's bits.");
    add("password.encoder.iterations", INT, 4096, atLeast(1024), "How hard the key is to make.");
  }

  private void log() {
    add("log.dir", STRING, "/tmp/kafka-logs", null, "The log directory if log.dirs is unset.");
    add("log.dirs", STRING, null, null, "The log directories, separated by commas.");
    add("log.segment.bytes", INT, 1 << 30, atLeast(14), "The size of a segment.");
    add("log.roll.ms", LONG, null, null, "The age of a segment; log.roll.hours if unset.");
    add("log.roll.hours", INT, 168, atLeast(1), "The age of a segment in hours.");
    add("log.roll.jitter.ms", LONG, null, null, "Taken off the age; the hours if unset.");
    add("log.roll.jitter.hours", INT, 0, atLeast(0), "Taken off the age, in hours.");
    add("log.retention.ms", LONG, null, null, "How long records stay; the minutes if unset.");
    add("log.retention.minutes", INT, null, null, "The same in minutes; the hours if unset.");
    add("log.retention.hours", INT, 168, null, "The same in hours.");
    add("log.retention.bytes", LONG, -1L, null, "How much of a partition stays; -1 all.");
    add("log.retention.check.interval.ms", LONG, 300_000L, atLeast(1), "How often it is looked.");
    hide("log.initial.task.delay.ms", LONG, 30_000L, atLeast(0), "Before the first look.");
    add(
        "log.cleanup.policy",
        LIST,
        "delete",
        ValidList.in("compact", "delete"),
        "What becomes of old segments.");
    add("log.index.size.max.bytes", INT, 10_485_760, atLeast(4), "The size of an index.");
    add("log.index.interval.bytes", INT, 4096, atLeast(0), "Bytes between index entries.");
    add("log.flush.interval.messages", LONG, Long.MAX_VALUE, atLeast(1), "Records until a flush.");
    add("log.flush.interval.ms", LONG, null, null, "Time until a flush.");
    add("log.flush.scheduler.interval.ms", LONG, Long.MAX_VALUE, null, "How often it is looked.");
    add(
        "log.flush.offset.checkpoint.interval.ms",
        INT,
        60_000,
        atLeast(0),
        "How often recovery points are written.");
    add(
        "log.flush.start.offset.checkpoint.interval.ms",
        INT,
        60_000,
        atLeast(0),
        "How often log starts are written.");
    add("log.segment.delete.delay.ms", LONG, 60_000L, atLeast(0), "Between rename and unlink.");
    add("num.recovery.threads.per.data.dir", INT, 1, atLeast(1), "Threads that recover logs.");
    add(
        "log.message.timestamp.type",
        STRING,
        "CreateTime",
        ValidString.in("CreateTime", "LogAppendTime"),
        "Whose time records bear.");
    add(
        "log.message.timestamp.before.max.ms",
        LONG,
        Long.MAX_VALUE,
        atLeast(0),
        "How old a record may be.");
    add(
        "log.message.timestamp.after.max.ms",
        LONG,
        Long.MAX_VALUE,
        atLeast(0),
        "How far ahead a record may be.");
    add(
        "log.message.timestamp.difference.max.ms",
        LONG,
        Long.MAX_VALUE,
        atLeast(0),
        "Both of these, where they are at their defaults.");
    add(
        InterBrokerProtocol.FORMAT_SETTING,
        STRING,
        InterBrokerProtocol.V3_0_IV1.version(),
        InterBrokerProtocol.NAMES,
        "The record format of old consumers; checked, but records are kept in format 2.");
    add("log.preallocate", BOOLEAN, false, null, "Whether segments take their space beforehand.");
    add(
        "log.message.downconversion.enable",
        BOOLEAN,
        true,
        null,
        "Whether old clients get old formats.");
    compression();
    compaction();
  }

  private void compression() {
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
  }

  private void compaction() {
    add("log.cleaner.enable", BOOLEAN, true, null, "Whether compacted topics are compacted.");
    add("log.cleaner.threads", INT, 1, atLeast(0), "Threads that compact.");
    add(
        "log.cleaner.dedupe.buffer.size",
        LONG,
        128L << 20,
        null,
        "Bounds the keys of one pass, 24 bytes each.");
    add("log.cleaner.io.buffer.size", INT, 512 << 10, atLeast(0), "What compaction reads with.");
    add("log.cleaner.io.buffer.load.factor", DOUBLE, 0.9, null, "How full the keys may get.");
    add(
        "log.cleaner.io.max.bytes.per.second",
        DOUBLE,
        Double.MAX_VALUE,
        null,
        "How much compaction reads and writes.");
    add("log.cleaner.backoff.ms", LONG, 15_000L, atLeast(0), "Between looks at clean logs.");
    add(
        "log.cleaner.delete.retention.ms",
        LONG,
        86_400_000L,
        atLeast(0),
        "How long tombstones stay.");
    add(
        "log.cleaner.min.compaction.lag.ms",
        LONG,
        0L,
        atLeast(0),
        "How young records are left alone.");
    add(
        "log.cleaner.max.compaction.lag.ms",
        LONG,
        Long.MAX_VALUE,
        atLeast(1),
        "How old records are compacted at the latest.");
    add(
        "log.cleaner.min.cleanable.ratio",
        DOUBLE,
        0.5,
        Range.between(0, 1),
        "The dirty share that is worth a cleaning.");
  }

  private void add(String name, Type type, Object defaultValue, Validator check, String doc) {
    definition.define(name, type, defaultValue, check, Importance.MEDIUM, doc);
  }

  /** One that Kafka tells nobody of. */
  private void hide(String name, Type type, Object defaultValue, Validator check, String doc) {
    definition.defineInternal(name, type, defaultValue, check, Importance.MEDIUM, doc);
  }
}
