package io.vitrine.storage.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.AbstractLegacyRecordBatch;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.LegacyRecord;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Sizes of the messages within a compressed message of magic 0 or 1: i64 offset, i32 size, so many
 * bytes. Kafka's reader allocates what a size announces before it looks whether it is there.
 */
final class LegacySizes {
  private static final int HEAD_BYTES = 12;
  private static final int SIZE = 8;

  private LegacySizes() {}

  /**
   * Checks that every message announced is there; what else may be wrong is left to the reader.
   *
   * @throws CorruptRecordException when one is not
   * @throws org.apache.kafka.common.InvalidRecordException when the bytes announce more than they
   *     can hold
   * @throws KafkaException when the bytes cannot be decompressed
   */
  static void check(AbstractLegacyRecordBatch batch, BufferSupplier buffers) {
    LegacyRecord outer = batch.outerRecord();
    CompressionType codec = outer.compressionType();
    ByteBuffer value = outer.value();
    if (value == null || codec == CompressionType.ZSTD) {
      return; // never valid, as the reader will say
    }
    byte[] head = new byte[HEAD_BYTES];
    try (InputStream in = Decompression.open(codec, value, outer.magic(), buffers)) {
      while (in.readNBytes(head, 0, HEAD_BYTES) == HEAD_BYTES) {
        int size = ByteBuffer.wrap(head).getInt(SIZE);
        if (size < 0) {
          return; // refused by the reader, without allocating
        }
        skip(in, size);
      }
    } catch (IOException e) {
      throw new KafkaException("a message cannot be decompressed", e);
    }
  }

  private static void skip(InputStream in, int size) throws IOException {
    long left = size;
    while (left > 0) {
      long skipped = in.skip(left);
      if (skipped <= 0) {
        if (in.read() < 0) {
          throw new CorruptRecordException(
              "a message of " + size + " bytes ends " + left + " bytes early");
        }
        skipped = 1;
      }
      left -= skipped;
    }
  }
}
