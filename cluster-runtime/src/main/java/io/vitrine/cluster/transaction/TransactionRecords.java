package io.vitrine.cluster.transaction;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.RecordBatch;

/**
 * The records of {@code __transaction_state}, big endian.
 *
 * <p>Key: i16 version 0, string transactional id. Value: i16 version, i64 producer id, i16 epoch,
 * i32 time-out, i8 state, array of (string topic, array of i32 partition), null in the state Empty,
 * i64 last update, i64 start. Version 0, which is written, has i16 string and i32 array lengths;
 * version 1, which is read too, has the lengths of flexible versions and tagged fields. No value at
 * all: the id was forgotten.
 */
final class TransactionRecords {
  private static final short KEY_VERSION = 0;
  private static final short VALUE_VERSION = 0;
  private static final short FLEXIBLE_VERSION = 1;
  private static final int HEAD_BYTES = 2 + 8 + 2 + 4 + 1 + 4;
  private static final int TAIL_BYTES = 8 + 8;

  private TransactionRecords() {}

  // ---- written -------------------------------------------------------------------------------

  static byte[] key(String transactionalId) {
    byte[] id = transactionalId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + id.length)
        .putShort(KEY_VERSION)
        .putShort((short) id.length)
        .put(id)
        .array();
  }

  static byte[] value(Transaction transaction) {
    Map<String, List<Integer>> topics = new TreeMap<>();
    for (TopicPartition each : transaction.partitions()) {
      topics.computeIfAbsent(each.topic(), topic -> new ArrayList<>()).add(each.partition());
    }
    int bytes = HEAD_BYTES + TAIL_BYTES;
    for (Map.Entry<String, List<Integer>> topic : topics.entrySet()) {
      bytes += 2 + utf8(topic.getKey()).length + 4 + 4 * topic.getValue().size();
    }
    ByteBuffer value =
        ByteBuffer.allocate(bytes)
            .putShort(VALUE_VERSION)
            .putLong(transaction.producerId())
            .putShort(transaction.producerEpoch())
            .putInt(transaction.timeoutMs())
            .put(transaction.state().id())
            .putInt(transaction.state() == TransactionState.EMPTY ? -1 : topics.size());
    topics.forEach(
        (topic, partitions) -> {
          value.putShort((short) utf8(topic).length).put(utf8(topic)).putInt(partitions.size());
          partitions.stream().sorted().forEach(value::putInt);
        });
    return value.putLong(transaction.lastUpdateMs()).putLong(transaction.startMs()).array();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // ---- read ----------------------------------------------------------------------------------

  /** Reads something; whatever is wrong with its bytes is told in one way. */
  private static <T> T read(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IllegalStateException("a record is damaged: " + e.getMessage(), e);
    }
  }

  /**
   * The transactional id of a key.
   *
   * @return empty for a key of a version that is not known, which is to be passed over
   * @throws IllegalStateException when it is damaged
   */
  static Optional<String> readKey(ByteBuffer key) {
    return read(
        () ->
            key.getShort() == KEY_VERSION
                ? Optional.of(string(key, key.getShort()))
                : Optional.empty());
  }

  /**
   * What a value says of an id.
   *
   * @throws IllegalStateException when its version or state is not known, or it is damaged
   */
  static Transaction readValue(String transactionalId, ByteBuffer value) {
    return read(() -> transaction(transactionalId, value));
  }

  private static Transaction transaction(String transactionalId, ByteBuffer value) {
    short version = value.getShort();
    if (version < VALUE_VERSION || version > FLEXIBLE_VERSION) {
      throw new IllegalStateException(
          "transaction state of " + transactionalId + " has version " + version);
    }
    long producerId = value.getLong();
    short epoch = value.getShort();
    int timeoutMs = value.getInt();
    byte id = value.get();
    TransactionState state =
        TransactionState.of(id)
            .orElseThrow(
                () -> new IllegalStateException(transactionalId + " has state number " + id));
    boolean flexible = version == FLEXIBLE_VERSION;
    Set<TopicPartition> partitions = partitions(value, flexible);
    long lastUpdateMs = value.getLong();
    long startMs = value.getLong();
    return new Transaction(
        transactionalId,
        producerId,
        epoch,
        RecordBatch.NO_PRODUCER_ID,
        RecordBatch.NO_PRODUCER_EPOCH,
        timeoutMs,
        state,
        partitions,
        startMs,
        lastUpdateMs);
  }

  private static Set<TopicPartition> partitions(ByteBuffer value, boolean flexible) {
    Set<TopicPartition> partitions = new HashSet<>();
    int topics = length(value, flexible);
    for (int i = 0; i < topics; i++) {
      String topic = string(value, flexible ? length(value, true) : value.getShort());
      int count = length(value, flexible);
      for (int p = 0; p < count; p++) {
        partitions.add(new TopicPartition(topic, value.getInt()));
      }
      if (flexible) {
        passOverTags(value);
      }
    }
    return partitions;
  }

  private static int length(ByteBuffer value, boolean flexible) {
    return flexible ? new ByteBufferAccessor(value).readUnsignedVarint() - 1 : value.getInt();
  }

  private static void passOverTags(ByteBuffer value) {
    ByteBufferAccessor tags = new ByteBufferAccessor(value);
    int count = tags.readUnsignedVarint();
    for (int i = 0; i < count; i++) {
      tags.readUnsignedVarint();
      int size = tags.readUnsignedVarint();
      value.position(value.position() + size);
    }
  }

  private static String string(ByteBuffer bytes, int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalStateException(
          "a text of " + length + " bytes is announced, " + bytes.remaining() + " are left");
    }
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
