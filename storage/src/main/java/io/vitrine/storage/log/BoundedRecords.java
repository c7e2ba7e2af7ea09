package io.vitrine.storage.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.AbstractLegacyRecordBatch;
import org.apache.kafka.common.record.DefaultRecord;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.CloseableIterator;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads the records of batches nobody here has looked into: those a leader sent, and those that lie
 * in files.
 *
 * <p>Kafka's own reader believes what a compressed batch announces and allocates it: a list for as
 * many records as the header counts, a buffer for as many bytes as a record says it has. Here
 * memory grows with what is decompressed, and damage of any kind is told as {@link
 * CorruptRecordException} with the batch's offset.
 */
public final class BoundedRecords {
  private BoundedRecords() {}

  /**
   * The records of a batch, one after the other; to be closed.
   *
   * @param buffers lends what decompressing needs until then
   * @throws CorruptRecordException when they cannot be read; the iterator's steps throw it too
   */
  public static CloseableIterator<Record> of(RecordBatch batch, BufferSupplier buffers) {
    return new Told(batch, guarded(batch, () -> reader(batch, buffers)));
  }

  /**
   * Checks that a compressed batch holds what it announces, so that Kafka's own reader allocates no
   * more than there is.
   *
   * @throws CorruptRecordException when it does not
   */
  public static void check(RecordBatch batch, BufferSupplier buffers) {
    if (batch.isCompressed()) {
      guarded(
          batch,
          () -> {
            scan(batch, buffers);
            return null;
          });
    }
  }

  private static void scan(RecordBatch batch, BufferSupplier buffers) {
    if (batch instanceof AbstractLegacyRecordBatch message) {
      LegacySizes.check(message, buffers);
      return;
    }
    try (CompressedScan scan = new CompressedScan(bytes(batch), buffers)) {
      while (scan.next()) {
        // Each step is the check.
      }
    }
  }

  private static CloseableIterator<Record> reader(RecordBatch batch, BufferSupplier buffers) {
    if (batch.isCompressed()) {
      if (batch.magic() == BatchHeader.CURRENT_MAGIC) {
        return new Compressed(batch, buffers);
      }
      scan(batch, buffers);
    }
    return batch.streamingIterator(buffers);
  }

  /** Kafka's batch does not give its bytes away: a copy, still compressed. */
  private static ByteBuffer bytes(RecordBatch batch) {
    ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes());
    batch.writeTo(bytes);
    return bytes.flip();
  }

  private interface Step<T> {
    T run();
  }

  private static <T> T guarded(RecordBatch batch, Step<T> step) {
    try {
      return step.run();
    } catch (CorruptRecordException | NoSuchElementException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(batch, e);
    } catch (Error e) {
      throw damaged(batch, Decompression.failed(e));
    }
  }

  private static CorruptRecordException damaged(RecordBatch batch, RuntimeException cause) {
    return new CorruptRecordException(
        "records of the batch that ends with offset "
            + batch.lastOffset()
            + " cannot be read: "
            + cause.getMessage(),
        cause);
  }

  /** Says of any failure which batch it is in. */
  private static final class Told implements CloseableIterator<Record> {
    private final RecordBatch batch;
    private final CloseableIterator<Record> records;
    private final Step<Record> next;

    Told(RecordBatch batch, CloseableIterator<Record> records) {
      this.batch = batch;
      this.records = records;
      this.next = records::next;
    }

    @Override
    public boolean hasNext() {
      return records.hasNext();
    }

    @Override
    public Record next() {
      return guarded(batch, next);
    }

    @Override
    public void close() {
      records.close();
    }
  }

  /** Those of a compressed batch of magic 2, in the order and with the checks of Kafka's reader. */
  private static final class Compressed implements CloseableIterator<Record> {
    private static final int PIECE_BYTES = 16 << 10;
    private static final int LONGEST_RECORD = Integer.MAX_VALUE - 64;

    private final BatchHeader header;
    private final long baseTimestampMs;
    private final InputStream in;
    private int read;

    Compressed(RecordBatch batch, BufferSupplier buffers) {
      ByteBuffer bytes = bytes(batch);
      header = BatchHeader.parse(bytes);
      baseTimestampMs = bytes.getLong(BatchHeader.BASE_TIMESTAMP);
      if (header.recordCount() < 0) {
        throw new InvalidRecordException("it announces " + header.recordCount() + " records");
      }
      in =
          Decompression.open(
              header.compression(),
              bytes.position(BatchHeader.BYTES),
              BatchHeader.CURRENT_MAGIC,
              buffers);
    }

    @Override
    public boolean hasNext() {
      return read < header.recordCount();
    }

    @Override
    public Record next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      try {
        ByteBuffer record = record();
        read++;
        if (!hasNext() && in.read() >= 0) {
          throw new InvalidRecordException("there are more than its " + read + " records");
        }
        return DefaultRecord.readFrom(
            record,
            header.baseOffset(),
            baseTimestampMs,
            header.baseSequence(),
            header.logAppendTime() ? header.maxTimestampMs() : null);
      } catch (IOException e) {
        throw new InvalidRecordException("record " + read + " cannot be decompressed", e);
      }
    }

    /** The next record's bytes with its size before them, as many as there are. */
    private ByteBuffer record() throws IOException {
      int size = ByteUtils.readVarint(in);
      if (size < 0 || size > LONGEST_RECORD) {
        throw new InvalidRecordException("record " + read + " announces " + size + " bytes");
      }
      int start = ByteUtils.sizeOfVarint(size);
      int end = start + size;
      byte[] bytes = new byte[Math.min(end, PIECE_BYTES)];
      ByteUtils.writeVarint(size, ByteBuffer.wrap(bytes));
      int there = start;
      while (there < end) {
        if (there == bytes.length) {
          bytes = Arrays.copyOf(bytes, (int) Math.min(end, 2L * bytes.length));
        }
        int more = in.read(bytes, there, bytes.length - there);
        if (more < 0) {
          throw new InvalidRecordException(
              "record "
                  + read
                  + " announces "
                  + size
                  + " bytes, of which "
                  + (end - there)
                  + " are missing");
        }
        there += more;
      }
      return ByteBuffer.wrap(bytes);
    }

    @Override
    public void close() {
      Utils.closeQuietly(in, "decompressed records");
    }
  }
}
