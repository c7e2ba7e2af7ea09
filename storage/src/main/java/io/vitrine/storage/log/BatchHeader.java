package io.vitrine.storage.log;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.CompressionType;

/**
 * The first 61 bytes of a record batch of magic 2, big endian.
 *
 * <pre>
 *  0 i64 base offset          23 i32 last offset delta   51 i16 producer epoch
 *  8 i32 length after this    27 i64 base timestamp      53 i32 base sequence
 * 12 i32 leader epoch         35 i64 max timestamp       57 i32 record count
 * 16 i8  magic                43 i64 producer id
 * 17 u32 CRC-32C of the rest from 21
 * 21 i16 attributes
 * </pre>
 */
public record BatchHeader(
    long baseOffset,
    int sizeBytes,
    int leaderEpoch,
    byte magic,
    int crc,
    short attributes,
    int lastOffsetDelta,
    long maxTimestampMs,
    long producerId,
    short producerEpoch,
    int baseSequence,
    int recordCount) {

  /** Bytes of a header, and so of the smallest batch. */
  public static final int BYTES = 61;

  /** Bytes before the length counts. */
  static final int LENGTH_OVERHEAD = 12;

  /** Of the only batches that are written and read here. */
  static final byte CURRENT_MAGIC = 2;

  static final int LEADER_EPOCH = 12;
  static final int MAGIC = 16;
  static final int CRC = 17;

  /** Where the part the CRC covers begins: with the attributes. */
  public static final int CRC_START = 21;

  static final int ATTRIBUTES = 21;
  static final int BASE_TIMESTAMP = 27;
  static final int MAX_TIMESTAMP = 35;

  private static final int COMPRESSION = 0x07;
  private static final int LOG_APPEND_TIME = 0x08;
  private static final int TRANSACTIONAL = 0x10;
  private static final int CONTROL = 0x20;

  /** Reads a header at the buffer's position, without moving it; 61 bytes must be there. */
  public static BatchHeader parse(ByteBuffer b) {
    int at = b.position();
    return new BatchHeader(
        b.getLong(at),
        b.getInt(at + 8) + LENGTH_OVERHEAD,
        b.getInt(at + 12),
        b.get(at + 16),
        b.getInt(at + 17),
        b.getShort(at + 21),
        b.getInt(at + 23),
        b.getLong(at + 35),
        b.getLong(at + 43),
        b.getShort(at + 51),
        b.getInt(at + 53),
        b.getInt(at + 57));
  }

  public long lastOffset() {
    return baseOffset + lastOffsetDelta;
  }

  public long nextOffset() {
    return lastOffset() + 1;
  }

  /** Whether the offsets are some that a log can have. */
  boolean offsetsSound() {
    return baseOffset >= 0 && lastOffsetDelta >= 0 && nextOffset() > baseOffset;
  }

  int lastSequence() {
    // Sequences wrap from the largest int to 0.
    return baseSequence < 0 ? -1 : (int) (((long) baseSequence + lastOffsetDelta) & 0x7fffffffL);
  }

  public boolean hasProducerId() {
    return producerId >= 0;
  }

  public boolean transactional() {
    return (attributes & TRANSACTIONAL) != 0;
  }

  public boolean control() {
    return (attributes & CONTROL) != 0;
  }

  public CompressionType compression() {
    return CompressionType.forId(attributes & COMPRESSION);
  }

  /** The timestamp is the broker's. */
  public boolean logAppendTime() {
    return (attributes & LOG_APPEND_TIME) != 0;
  }

  /** The attributes with one timestamp type or the other. */
  short attributesWithTimestampType(boolean appendTime) {
    int others = attributes & ~LOG_APPEND_TIME;
    return (short) (appendTime ? others | LOG_APPEND_TIME : others);
  }
}
