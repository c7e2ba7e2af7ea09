package io.vitrine.cluster.story;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.BaseRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;

/**
 * Produce as producers and as nobody sends it, to the topics of {@link AnswersTest}. Whatever is
 * accepted is accepted on both clusters, so that later requests find equal logs.
 */
final class ProduceRequests {
  /** Timestamp of the first record of each batch, in every version. */
  static final long TIME_MS = 1_700_000_000_000L;

  private static final short NO_ACKS = 0;
  private static final short LEADER_ACKS = 1;
  private static final short ALL_ACKS = -1;
  private static final int TIMEOUT_MS = 10_000;

  private ProduceRequests() {}

  static RequestTable all() {
    RequestTable table = new RequestTable();
    accepted(table);
    misdirected(table);
    badlyFormed(table);
    idempotent(table);
    return table;
  }

  private static void accepted(RequestTable table) {
    one(table, "acks of the leader", LEADER_ACKS, "data", 0, plain(Compression.NONE));
    one(table, "acks of all, alone", ALL_ACKS, "alone", 0, plain(Compression.NONE));
    one(table, "acks of all, two replicas", ALL_ACKS, "data", 2, plain(Compression.NONE));
    one(table, "no acks", NO_ACKS, "data", 0, plain(Compression.NONE));
    for (CompressionType type :
        List.of(CompressionType.GZIP, CompressionType.LZ4, CompressionType.SNAPPY)) {
      one(table, type.name, LEADER_ACKS, "data", 0, plain(Compression.of(type).build()));
    }
    one(table, "zstd", LEADER_ACKS, "data", 0, plain(Compression.zstd().build()));
    one(table, "zstd topic", LEADER_ACKS, "zstd", 0, plain(Compression.NONE));
    one(table, "log append time", LEADER_ACKS, "appendtime", 0, plain(Compression.NONE));
    one(table, "keyed to a compacted topic", LEADER_ACKS, "compacted", 0, keyed());
    one(
        table,
        "under min ISR, acks of the leader",
        LEADER_ACKS,
        "min2",
        0,
        plain(Compression.NONE));
    table.ask(
        2,
        "to the other broker",
        ApiKeys.PRODUCE,
        (asked, version) -> request(ALL_ACKS, "data", 3, plain(Compression.NONE)));
    table.ask(
        "several partitions, some refused",
        ApiKeys.PRODUCE,
        (asked, version) -> {
          ProduceRequestData request = request(ALL_ACKS, "data", 0, plain(Compression.NONE));
          request
              .topicData()
              .find("data")
              .partitionData()
              .addAll(
                  List.of(
                      partition(1, plain(Compression.NONE)),
                      partition(2, plain(Compression.NONE)),
                      partition(77, plain(Compression.NONE))));
          request.topicData().add(topic("min2", 0, plain(Compression.NONE)));
          request.topicData().add(topic("nowhere", 0, plain(Compression.NONE)));
          return request;
        });
  }

  private static void misdirected(RequestTable table) {
    for (short acks : new short[] {ALL_ACKS, NO_ACKS, LEADER_ACKS, 2}) {
      String with = " with acks " + acks;
      one(table, "unknown topic" + with, acks, "nowhere", 0, plain(Compression.NONE));
      one(table, "no replica here" + with, acks, "away", 0, plain(Compression.NONE));
      one(table, "follower here" + with, acks, "data", 3, plain(Compression.NONE));
      one(table, "internal topic" + with, acks, "__consumer_offsets", 0, keyed());
      one(
          table,
          "keyless to a compacted topic" + with,
          acks,
          "compacted",
          0,
          plain(Compression.NONE));
    }
    one(table, "acks 5", (short) 5, "data", 0, plain(Compression.NONE));
    one(table, "unknown partition", LEADER_ACKS, "data", 99, plain(Compression.NONE));
    one(table, "negative partition", LEADER_ACKS, "data", -1, plain(Compression.NONE));
    one(table, "illegal topic name", LEADER_ACKS, "no/topic", 0, plain(Compression.NONE));
    one(table, "empty topic name", LEADER_ACKS, "", 0, plain(Compression.NONE));
    one(table, "under min ISR", ALL_ACKS, "min2", 0, plain(Compression.NONE));
    table.ask("nothing at all", ApiKeys.PRODUCE, (asked, version) -> empty(LEADER_ACKS));
    table.ask("nothing at all, no acks", ApiKeys.PRODUCE, (asked, version) -> empty(NO_ACKS));
  }

  private static void badlyFormed(RequestTable table) {
    one(table, "no batch", LEADER_ACKS, "data", 0, MemoryRecords.EMPTY);
    one(table, "an old batch", LEADER_ACKS, "data", 0, old());
    one(table, "two batches", LEADER_ACKS, "data", 0, twice(plain(Compression.NONE)));
    one(table, "bad checksum", LEADER_ACKS, "data", 0, flipped(plain(Compression.NONE)));
    one(table, "cut short", LEADER_ACKS, "data", 0, cut(plain(Compression.NONE)));
    one(table, "too large", LEADER_ACKS, "small", 0, large(2_000));
    one(table, "in the far future", LEADER_ACKS, "data", 0, at(4_000_000_000_000L));
    one(table, "without a timestamp", LEADER_ACKS, "data", 0, at(-1));
    one(table, "a control batch", LEADER_ACKS, "data", 0, control());
    one(table, "transactional without a transaction", LEADER_ACKS, "data", 0, transactional());
    one(table, "offsets not from 0", LEADER_ACKS, "data", 0, from(5));
  }

  private static void idempotent(RequestTable table) {
    idempotent(table, "first sequence", 0, 0);
    idempotent(table, "next sequence", 0, 3);
    idempotent(table, "the same again", 0, 3);
    idempotent(table, "a gap", 0, 60);
    idempotent(table, "newer epoch not from 0", 2, 5);
    idempotent(table, "newer epoch", 2, 0);
    idempotent(table, "older epoch", 1, 0);
    table.ask(
        "unknown producer in mid-sequence",
        ApiKeys.PRODUCE,
        (asked, version) ->
            request(LEADER_ACKS, "data", 0, sequenced(9_000 + version, (short) 0, 7)));
  }

  private static void idempotent(RequestTable table, String name, int epoch, int sequence) {
    table.ask(
        "idempotent: " + name,
        ApiKeys.PRODUCE,
        (asked, version) ->
            request(LEADER_ACKS, "data", 0, sequenced(1_000 + version, (short) epoch, sequence)));
  }

  private static void one(
      RequestTable table,
      String name,
      short acks,
      String topic,
      int partition,
      BaseRecords records) {
    table.ask(name, ApiKeys.PRODUCE, (asked, version) -> request(acks, topic, partition, records));
  }

  private static ProduceRequestData request(
      short acks, String topic, int partition, BaseRecords records) {
    ProduceRequestData request = empty(acks);
    request.topicData().add(topic(topic, partition, records));
    return request;
  }

  private static ProduceRequestData empty(short acks) {
    return new ProduceRequestData()
        .setAcks(acks)
        .setTimeoutMs(TIMEOUT_MS)
        .setTopicData(new TopicProduceDataCollection());
  }

  private static TopicProduceData topic(String name, int partition, BaseRecords records) {
    TopicProduceData topic = new TopicProduceData().setName(name);
    topic.partitionData().add(partition(partition, records));
    return topic;
  }

  private static PartitionProduceData partition(int index, BaseRecords records) {
    return new PartitionProduceData().setIndex(index).setRecords(records);
  }

  // ---- records -------------------------------------------------------------------------------

  private static MemoryRecords plain(Compression compression) {
    return MemoryRecords.withRecords(
        compression, record(0, null), record(1, null), record(2, null));
  }

  private static MemoryRecords keyed() {
    return MemoryRecords.withRecords(Compression.NONE, record(0, "a"), record(1, "b"));
  }

  private static MemoryRecords at(long timestamp) {
    return MemoryRecords.withRecords(
        Compression.NONE, new SimpleRecord(timestamp, null, new byte[] {1}));
  }

  private static MemoryRecords large(int sizeBytes) {
    return MemoryRecords.withRecords(
        Compression.NONE, new SimpleRecord(TIME_MS, null, new byte[sizeBytes]));
  }

  private static MemoryRecords old() {
    return MemoryRecords.withRecords(
        RecordBatch.MAGIC_VALUE_V1, 0, Compression.NONE, TimestampType.CREATE_TIME, record(0, "a"));
  }

  private static MemoryRecords from(long offset) {
    return MemoryRecords.withRecords(
        RecordBatch.MAGIC_VALUE_V2,
        offset,
        Compression.NONE,
        TimestampType.CREATE_TIME,
        record(0, "a"));
  }

  private static MemoryRecords sequenced(long producerId, short epoch, int sequence) {
    return MemoryRecords.withIdempotentRecords(
        Compression.NONE,
        producerId,
        epoch,
        sequence,
        record(0, null),
        record(1, null),
        record(2, null));
  }

  private static MemoryRecords transactional() {
    return MemoryRecords.withTransactionalRecords(
        Compression.NONE, 77L, (short) 0, 0, record(0, "a"));
  }

  private static MemoryRecords control() {
    return MemoryRecords.withEndTransactionMarker(
        TIME_MS, 78L, (short) 0, new EndTransactionMarker(ControlRecordType.COMMIT, 0));
  }

  private static MemoryRecords twice(MemoryRecords batch) {
    ByteBuffer both = ByteBuffer.allocate(2 * batch.sizeInBytes());
    both.put(batch.buffer()).put(batch.buffer()).flip();
    return MemoryRecords.readableRecords(both);
  }

  private static MemoryRecords flipped(MemoryRecords batch) {
    ByteBuffer bytes = copy(batch);
    int last = bytes.limit() - 1;
    bytes.put(last, (byte) ~bytes.get(last));
    return MemoryRecords.readableRecords(bytes);
  }

  private static MemoryRecords cut(MemoryRecords batch) {
    ByteBuffer bytes = copy(batch);
    bytes.limit(bytes.limit() - 3);
    return MemoryRecords.readableRecords(bytes.slice());
  }

  private static ByteBuffer copy(MemoryRecords batch) {
    ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes());
    bytes.put(batch.buffer()).flip();
    return bytes;
  }

  private static SimpleRecord record(int index, String key) {
    return new SimpleRecord(
        TIME_MS + index,
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        ("value " + index).getBytes(StandardCharsets.UTF_8));
  }
}
