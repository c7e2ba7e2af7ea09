package io.vitrine.storage.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.Utils;

/**
 * Walks the records of a compressed batch of magic 2 without making objects of them; the layout is
 * that of {@link RecordScan}.
 *
 * <p>Stricter than Kafka's own reader, which believes a record's announced size: here it must be
 * what the record takes, so that whoever reads the batch later allocates no more than there is. Not
 * thread-safe.
 */
final class CompressedScan implements AutoCloseable {
  private static final int LONGEST_VARINT = 5;
  private static final int LONGEST_VARLONG = 10;

  private final InputStream in;
  private final int count;
  private final long baseTimestampMs;
  private int read;

  /** Bytes of the record at hand that are not read yet. */
  private int left;

  private int offsetDelta;
  private long timestampMs;
  private boolean hasKey;

  /**
   * @param batch the whole batch, from position to limit; not moved
   * @param buffers lends what decompressing needs
   * @throws InvalidRecordException when the bytes announce more than they can hold
   * @throws KafkaException when the bytes are none of the batch's codec
   */
  CompressedScan(ByteBuffer batch, BufferSupplier buffers) {
    BatchHeader header = BatchHeader.parse(batch);
    int at = batch.position();
    this.count = header.recordCount();
    this.baseTimestampMs = batch.getLong(at + BatchHeader.BASE_TIMESTAMP);
    ByteBuffer records = batch.duplicate().position(at + BatchHeader.BYTES);
    this.in = Decompression.open(header.compression(), records, BatchHeader.CURRENT_MAGIC, buffers);
  }

  /**
   * Steps to the next record.
   *
   * @throws InvalidRecordException when the bytes are no record, or there are more than announced
   * @throws KafkaException when they cannot be decompressed
   */
  boolean next() {
    try {
      if (read == count) {
        if (in.read() >= 0) {
          throw new InvalidRecordException("the batch holds more than its " + count + " records");
        }
        return false;
      }
      readRecord();
    } catch (IOException e) {
      throw new KafkaException("a batch cannot be decompressed", e);
    }
    read++;
    return true;
  }

  private void readRecord() throws IOException {
    left = LONGEST_VARINT;
    left = integer();
    if (left < 0) {
      throw malformed();
    }
    octet();
    timestampMs = baseTimestampMs + number(LONGEST_VARLONG);
    offsetDelta = integer();
    hasKey = skip();
    skip();
    int headers = integer();
    if (headers < 0) {
      throw malformed();
    }
    for (int i = 0; i < headers; i++) {
      if (!skip()) {
        throw malformed();
      }
      skip();
    }
    if (left != 0) {
      throw malformed();
    }
  }

  private int octet() throws IOException {
    if (--left < 0) {
      throw malformed();
    }
    int octet = in.read();
    if (octet < 0) {
      throw malformed();
    }
    return octet;
  }

  /** A varint of 32 bits. */
  private int integer() throws IOException {
    long number = number(LONGEST_VARINT);
    if (number != (int) number) {
      throw malformed();
    }
    return (int) number;
  }

  /** Zigzag, seven bits a byte, the lowest first. */
  private long number(int longest) throws IOException {
    long bits = 0;
    for (int i = 0; i < longest; i++) {
      int octet = octet();
      bits |= (octet & 0x7fL) << (7 * i);
      if (octet < 0x80) {
        return bits >>> 1 ^ -(bits & 1);
      }
    }
    throw malformed();
  }

  /** Steps over a field with its length before it; false when there is none. */
  private boolean skip() throws IOException {
    int length = integer();
    if (length < 0) {
      return false;
    }
    if (length > left) {
      throw malformed();
    }
    left -= length;
    long toSkip = length;
    while (toSkip > 0) {
      long skipped = in.skip(toSkip);
      if (skipped <= 0) {
        if (in.read() < 0) {
          throw malformed();
        }
        skipped = 1;
      }
      toSkip -= skipped;
    }
    return true;
  }

  private InvalidRecordException malformed() {
    return new InvalidRecordException("record " + read + " of the batch is malformed");
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

  @Override
  public void close() {
    Utils.closeQuietly(in, "decompressed records");
  }
}
