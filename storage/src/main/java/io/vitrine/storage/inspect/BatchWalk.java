package io.vitrine.storage.inspect;

import io.vitrine.storage.log.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Walks the batches of a {@code .log} file, header by header, and stops at the first byte that is
 * none. Memory is one buffer whatever the file says. Not thread-safe.
 */
public final class BatchWalk implements AutoCloseable {
  private static final int OLD_HEADER_BYTES = 17;
  private static final byte MAGIC = 2;

  private final ReadOnlyFile file;
  private long position;
  private long lowestOffset;
  private Damage damage;

  private BatchWalk(ReadOnlyFile file, long position, long lowestOffset) {
    this.file = file;
    this.position = position;
    this.lowestOffset = lowestOffset;
  }

  /** Begins at the start of a segment. */
  public static BatchWalk of(Path log, long baseOffset) throws IOException {
    return from(log, baseOffset, 0);
  }

  /** Begins at a batch of a segment. */
  public static BatchWalk from(Path log, long baseOffset, long position) throws IOException {
    return new BatchWalk(new ReadOnlyFile(log), position, baseOffset);
  }

  /** The next batch; empty at the end and where the bytes are none. */
  public Optional<BatchView> next() throws IOException {
    if (damage != null || position >= file.size()) {
      return Optional.empty();
    }
    String wrong = wrongHeader();
    if (wrong != null) {
      damage = new Damage(file.path(), position, wrong);
      return Optional.empty();
    }
    ByteBuffer bytes = file.at(position, BatchHeader.BYTES);
    BatchHeader header = BatchHeader.parse(bytes);
    BatchView view = new BatchView(position, header, BatchFields.of(bytes, position));
    position += header.sizeBytes();
    lowestOffset = header.nextOffset();
    return Optional.of(view);
  }

  private String wrongHeader() throws IOException {
    long left = file.size() - position;
    if (left < OLD_HEADER_BYTES) {
      return left + " bytes are left, which is no header of a batch";
    }
    byte magic = file.at(position, OLD_HEADER_BYTES).get(16);
    if (magic == 0 || magic == 1) {
      return "a message of the old magic " + magic + ", which Kafka 4 does not read any more";
    }
    if (magic != MAGIC) {
      return isZero(left) ? "zeros, as of a preallocated file" : "magic is " + magic + ", not 2";
    }
    if (left < BatchHeader.BYTES) {
      return left + " bytes are left, a header has " + BatchHeader.BYTES;
    }
    BatchHeader header = BatchHeader.parse(file.at(position, BatchHeader.BYTES));
    if (header.sizeBytes() < BatchHeader.BYTES) {
      return "a batch of " + header.sizeBytes() + " bytes, less than its header has";
    }
    if (header.sizeBytes() > left) {
      return "a batch of " + header.sizeBytes() + " bytes, of which " + left + " are there";
    }
    if (header.baseOffset() < lowestOffset || header.lastOffsetDelta() < 0) {
      return "offsets "
          + header.baseOffset()
          + " to "
          + header.lastOffset()
          + " where "
          + lowestOffset
          + " or more must come";
    }
    return null;
  }

  private boolean isZero(long left) throws IOException {
    ByteBuffer bytes = file.at(position, (int) Math.min(left, BatchHeader.BYTES));
    while (bytes.hasRemaining()) {
      if (bytes.get() != 0) {
        return false;
      }
    }
    return true;
  }

  /** What is wrong where the walk stopped; empty when it came to the end. */
  public Optional<Damage> damage() {
    return Optional.ofNullable(damage);
  }

  /** Where the next batch begins, or the walk has stopped. */
  public long position() {
    return position;
  }

  /** The length of the log when the walk began. */
  public long sizeBytes() {
    return file.size();
  }

  /** What is wrong with the bytes of a batch: checksum, count. */
  public Optional<Damage> check(BatchView batch) throws IOException {
    CRC32C crc = new CRC32C();
    long at = batch.position() + BatchHeader.CRC_START;
    while (at < batch.end()) {
      int piece = (int) Math.min(batch.end() - at, file.pieceBytes());
      crc.update(file.at(at, piece));
      at += piece;
    }
    if ((int) crc.getValue() != batch.header().crc()) {
      return Optional.of(
          new Damage(
              file.path(),
              batch.position(),
              String.format(
                  "checksum of the batch at offset %d is 0x%08x, its bytes give 0x%08x",
                  batch.header().baseOffset(), batch.header().crc(), (int) crc.getValue())));
    }
    return Optional.empty();
  }

  /** The records of a batch, decompressed as far as a bound allows. */
  public List<RecordView> records(BatchView batch, String topic) throws IOException {
    if (batch.header().sizeBytes() > RecordReader.LARGEST_BYTES) {
      return List.of();
    }
    return new ArrayList<>(
        new RecordReader(topic)
            .read(batch, file.copy(batch.position(), batch.header().sizeBytes())));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
