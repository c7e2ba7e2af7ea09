package io.vitrine.storage.log;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * Walks the records of an uncompressed batch of magic 2 without making objects of them.
 *
 * <p>A record is: varint length, i8 attributes, varlong timestamp delta, varint offset delta,
 * varint key length and key (-1 none), the same of the value, varint header count, headers.
 * Structure is checked as far as Kafka's own record reader does. Not thread-safe.
 */
final class RecordScan {
  private final ByteBuffer bytes;
  private final int count;
  private final long baseTimestampMs;
  private int read;
  private int offsetDelta;
  private long timestampMs;
  private boolean hasKey;

  /**
   * @param batch the whole batch, from its first byte on
   * @param count of records the batch announces
   */
  RecordScan(ByteBuffer batch, int count) {
    this.bytes = batch.duplicate();
    this.baseTimestampMs = batch.getLong(batch.position() + BatchHeader.BASE_TIMESTAMP);
    this.count = count;
    bytes.position(batch.position() + BatchHeader.BYTES);
  }

  /**
   * Steps to the next record.
   *
   * @throws InvalidRecordException when the bytes are no record, or there are more than announced
   */
  boolean next() {
    if (read == count) {
      if (bytes.hasRemaining()) {
        throw new InvalidRecordException(
            "the batch holds " + bytes.remaining() + " bytes beyond its " + count + " records");
      }
      return false;
    }
    if (!bytes.hasRemaining()) {
      throw new InvalidRecordException(
          "the batch announces " + count + " records and ends after " + read);
    }
    try {
      readRecord();
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new InvalidRecordException("record " + read + " of the batch is malformed", e);
    }
    read++;
    return true;
  }

  private void readRecord() {
    int size = ByteUtils.readVarint(bytes);
    int start = bytes.position();
    if (size < 0 || size > bytes.remaining()) {
      throw new InvalidRecordException(
          "record " + read + " announces " + size + " bytes of " + bytes.remaining());
    }
    bytes.get();
    timestampMs = baseTimestampMs + ByteUtils.readVarlong(bytes);
    offsetDelta = ByteUtils.readVarint(bytes);
    hasKey = skip();
    skip();
    int headers = ByteUtils.readVarint(bytes);
    if (headers < 0) {
      throw new InvalidRecordException("record " + read + " announces " + headers + " headers");
    }
    for (int i = 0; i < headers; i++) {
      if (!skip()) {
        throw new InvalidRecordException("header " + i + " of record " + read + " has no key");
      }
      skip();
    }
    if (bytes.position() - start != size) {
      throw new InvalidRecordException(
          "record "
              + read
              + " announces "
              + size
              + " bytes and holds "
              + (bytes.position() - start));
    }
  }

  /** Steps over a field with its length before it; false when there is none. */
  private boolean skip() {
    int length = ByteUtils.readVarint(bytes);
    if (length < 0) {
      return false;
    }
    bytes.position(bytes.position() + length);
    return true;
  }

  /** Index of the record within its batch. */
  int index() {
    return read - 1;
  }

  /** Its offset from the batch's first. */
  int offsetDelta() {
    return offsetDelta;
  }

  long timestampMs() {
    return timestampMs;
  }

  boolean hasKey() {
    return hasKey;
  }
}
