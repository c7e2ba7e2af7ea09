package io.vitrine.cluster.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;

/**
 * A record as a consumer gets it. The arrays are shared, not copied: nobody may write to them.
 *
 * <p>Two are equal when they are the same record of the same partition, whatever they hold.
 *
 * @param timestampMs -1 when it has none
 * @param appendTime whether the broker set the time, not the producer
 * @param leaderEpoch of the batch, -1 when it is not known
 * @param key null when there is none
 * @param value null for a tombstone
 */
public record DataRecord(
    TopicPartition partition,
    long offset,
    long timestampMs,
    boolean appendTime,
    int leaderEpoch,
    byte[] key,
    byte[] value,
    List<Header> headers) {
  /** What an object of a record costs beside its bytes, about. */
  private static final int OVERHEAD_BYTES = 160;

  public DataRecord {
    headers = List.copyOf(headers);
  }

  /**
   * A header.
   *
   * @param value null when there is none
   */
  public record Header(String key, byte[] value) {}

  static DataRecord of(ConsumerRecord<byte[], byte[]> record) {
    List<Header> headers = new ArrayList<>();
    record.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
    return new DataRecord(
        new TopicPartition(record.topic(), record.partition()),
        record.offset(),
        record.timestamp(),
        record.timestampType() == TimestampType.LOG_APPEND_TIME,
        record.leaderEpoch().orElse(-1),
        record.key(),
        record.value(),
        headers);
  }

  /** No value: in a compacted topic the key is gone from here on. */
  public boolean tombstone() {
    return value == null;
  }

  /** About how much memory it holds, in bytes. */
  public long heldBytes() {
    long bytes = OVERHEAD_BYTES + length(key) + length(value);
    for (Header header : headers) {
      bytes += OVERHEAD_BYTES + header.key().length() + length(header.value());
    }
    return bytes;
  }

  /** Bytes of key, value and headers. */
  public long sizeBytes() {
    long bytes = length(key) + (long) length(value);
    for (Header header : headers) {
      bytes += header.key().getBytes(StandardCharsets.UTF_8).length + length(header.value());
    }
    return bytes;
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DataRecord record
        && record.offset == offset
        && record.partition.equals(partition);
  }

  @Override
  public int hashCode() {
    return 31 * partition.hashCode() + Long.hashCode(offset);
  }
}
