package io.vitrine.storage.log;

import java.nio.ByteBuffer;

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
record BatchHeader(
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
  static final int BYTES = 61;

  /** Bytes before the length counts. */
  static final int LENGTH_OVERHEAD = 12;

  /** Where the part the CRC covers begins. */
  static final int CRC_START = 21;

  private static final int TRANSACTIONAL = 0x10;
  private static final int CONTROL = 0x20;

  /** Reads a header at the buffer's position, without moving it; 61 bytes must be there. */
  static BatchHeader parse(ByteBuffer b) {
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

  long lastOffset() {
    return baseOffset + lastOffsetDelta;
  }

  long nextOffset() {
    return lastOffset() + 1;
  }

  int lastSequence() {
    // Sequences wrap from the largest int to 0.
    return baseSequence < 0 ? -1 : (int) (((long) baseSequence + lastOffsetDelta) & 0x7fffffffL);
  }

  boolean hasProducerId() {
    return producerId >= 0;
  }

  boolean transactional() {
    return (attributes & TRANSACTIONAL) != 0;
  }

  boolean control() {
    return (attributes & CONTROL) != 0;
  }
}
