package io.vitrine.console.reference;

import java.util.List;
import java.util.Locale;

/**
 * A word of Kafka's that has an exact meaning, with the view in which it can be seen and the
 * settings that govern it. Its names and meaning are texts: {@code term-…} and {@code meaning-…}.
 */
enum Term {
  BROKER("cluster", "broker.id"),
  BROKER_EPOCH("cluster"),
  CONTROLLER("cluster"),
  CONTROLLER_EPOCH("controller"),
  ZOMBIE_CONTROLLER("controller"),
  FENCING("controller"),
  ZOOKEEPER("zookeeper", "zookeeper.connect"),
  ZNODE("zookeeper"),
  SESSION("zookeeper", "zookeeper.session.timeout.ms"),
  WATCH("zookeeper"),
  CONTROLLED_SHUTDOWN("cluster", "controlled.shutdown.enable", "controlled.shutdown.max.retries"),
  TOPIC("partition", "num.partitions", "default.replication.factor"),
  PARTITION("partition"),
  REPLICA("lane", "default.replication.factor"),
  LEADER("lane"),
  FOLLOWER("lane", "replica.fetch.max.bytes", "replica.fetch.wait.max.ms"),
  LEADER_ELECTION("partition"),
  PREFERRED_LEADER("partition", "auto.leader.rebalance.enable"),
  UNCLEAN_ELECTION("partition", "unclean.leader.election.enable"),
  LEADER_EPOCH("lane"),
  ISR("lane", "replica.lag.time.max.ms"),
  MIN_ISR("partition", "min.insync.replicas"),
  UNDER_REPLICATED("partition"),
  OFFLINE_PARTITION("partition"),
  REASSIGNMENT("partition", "leader.replication.throttled.replicas"),
  OFFSET("lane"),
  LOG_END_OFFSET("lane"),
  HIGH_WATERMARK("lane"),
  LOG_START_OFFSET("lane"),
  LAST_STABLE_OFFSET("lane"),
  TRUNCATION("lane"),
  RECORD("data", "max.message.bytes"),
  RECORD_BATCH("storage", "compression.type", "max.message.bytes"),
  SEGMENT("storage", "segment.bytes", "segment.ms"),
  OFFSET_INDEX("storage", "index.interval.bytes", "segment.index.bytes"),
  TIME_INDEX("storage", "message.timestamp.type"),
  CHECKPOINT("storage", "log.flush.offset.checkpoint.interval.ms"),
  RETENTION("storage", "retention.ms", "retention.bytes", "cleanup.policy"),
  COMPACTION("storage", "cleanup.policy", "min.cleanable.dirty.ratio", "min.compaction.lag.ms"),
  TOMBSTONE("storage", "delete.retention.ms"),
  ACKS("lane", "min.insync.replicas"),
  LISTENER("cluster", "listeners", "advertised.listeners", "inter.broker.listener.name"),
  NETWORK_THREAD("request", "num.network.threads"),
  REQUEST_QUEUE("request", "queued.max.requests"),
  IO_THREAD("request", "num.io.threads"),
  PURGATORY("request", "fetch.purgatory.purge.interval.requests"),
  QUOTA("request", "quota.window.num", "quota.window.size.seconds"),
  CONSUMER_GROUP("group", "group.max.size"),
  GROUP_COORDINATOR("group", "offsets.topic.num.partitions"),
  GENERATION("group"),
  REBALANCE("group", "group.initial.rebalance.delay.ms"),
  COMMITTED_OFFSET("group", "offsets.retention.minutes"),
  LAG("group"),
  IDEMPOTENT_PRODUCER("group", "producer.id.expiration.ms"),
  PRODUCER_EPOCH("group"),
  TRANSACTION("group", "transaction.max.timeout.ms"),
  TRANSACTION_COORDINATOR("group", "transaction.state.log.num.partitions"),
  TRANSACTION_MARKER("group");

  private final String view;
  private final List<String> settings;

  Term(String view, String... settings) {
    this.view = view;
    this.settings = List.of(settings);
  }

  /** The view in which it can be seen. */
  String view() {
    return view;
  }

  /** The names of the settings that govern it, the nearest first. */
  List<String> settings() {
    return settings;
  }

  /** Its place among the texts. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
