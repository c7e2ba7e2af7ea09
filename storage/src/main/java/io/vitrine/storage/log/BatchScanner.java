package io.vitrine.storage.log;

import io.vitrine.storage.file.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * Walks the batches of a segment file from a position, header by header.
 *
 * <p>Memory is one buffer of fixed size whatever the file claims: lengths are checked against the
 * file before they are believed, and checksums are computed piece by piece. Not thread-safe.
 */
final class BatchScanner {
  private static final int BUFFER_BYTES = 64 << 10;

  private static final int OLD_SIZE = 8;
  private static final int OLD_OVERHEAD = 12;
  private static final int OLD_CRC = 12;
  private static final int OLD_SMALLEST = 26;

  private final StoredFile file;
  private final int end;
  private final long lowestOffset;
  private final ByteBuffer buffer;
  private int bufferStart;
  private int position;

  /**
   * @param lowestOffset the segment's base: what has an offset below it is no batch of it
   * @param start where the first batch begins
   * @param end where the valid bytes end
   * @param buffer what is read at once, at least a header; used as long as the scanner is
   */
  BatchScanner(StoredFile file, long lowestOffset, int start, int end, ByteBuffer buffer) {
    this.file = file;
    this.lowestOffset = lowestOffset;
    this.position = start;
    this.end = end;
    this.buffer = buffer.clear().limit(0);
    this.bufferStart = start;
  }

  /** A scanner for long walks, with a buffer of its own. */
  static BatchScanner sequential(StoredFile file, long lowestOffset, int start, int end) {
    int bytes = Math.max(BatchHeader.BYTES, Math.min(BUFFER_BYTES, end - start));
    return new BatchScanner(file, lowestOffset, start, end, ByteBuffer.allocate(bytes));
  }

  /** Where the next batch begins. */
  int position() {
    return position;
  }

  /**
   * The header at the position, if a whole batch of a plausible length lies there.
   *
   * @return null at the end and where the bytes are no batch
   */
  BatchHeader peek() throws IOException {
    if (end - position < BatchHeader.BYTES) {
      return null;
    }
    fill(position, BatchHeader.BYTES);
    BatchHeader header = BatchHeader.parse(buffer.position(position - bufferStart));
    boolean plausible =
        header.magic() == BatchHeader.CURRENT_MAGIC
            && header.sizeBytes() >= BatchHeader.BYTES
            && header.sizeBytes() <= end - position
            && header.offsetsSound()
            && header.baseOffset() >= lowestOffset;
    return plausible ? header : null;
  }

  /** Steps over the batch that was peeked. */
  void skip(BatchHeader header) {
    position += header.sizeBytes();
  }

  /** Whether the checksum of the batch at the position is right. */
  boolean checksumHolds(BatchHeader header) throws IOException {
    int batchEnd = position + header.sizeBytes();
    return checksum(new CRC32C(), position + BatchHeader.CRC_START, batchEnd) == header.crc();
  }

  /**
   * Whether a whole and sound message of magic 0 or 1 lies at the position, as Kafka before 0.11
   * wrote them: i64 offset, i32 size of the rest, CRC-32 of what follows it, i8 magic, and at least
   * attributes and the sizes of key and value.
   */
  boolean atOldMessage() throws IOException {
    if (end - position < OLD_SMALLEST) {
      return false;
    }
    fill(position, OLD_SMALLEST);
    int at = position - bufferStart;
    long size = (long) OLD_OVERHEAD + buffer.getInt(at + OLD_SIZE);
    byte magic = buffer.get(at + BatchHeader.MAGIC);
    int crc = buffer.getInt(at + OLD_CRC);
    return (magic == 0 || magic == 1)
        && size >= OLD_SMALLEST
        && size <= end - position
        && checksum(new CRC32(), position + BatchHeader.MAGIC, position + (int) size) == crc;
  }

  private int checksum(Checksum sum, int from, int to) throws IOException {
    int at = from;
    while (at < to) {
      int piece = Math.min(to - at, buffer.capacity());
      fill(at, piece);
      int offset = at - bufferStart;
      int available = Math.min(piece, buffer.limit() - offset);
      sum.update(buffer.slice(offset, available));
      at += available;
    }
    return (int) sum.getValue();
  }

  /** Makes the bytes [from, from + count) available, count being at most the capacity. */
  private void fill(int from, int count) throws IOException {
    int offset = from - bufferStart;
    if (offset >= 0 && offset + count <= buffer.limit()) {
      return;
    }
    buffer.clear().limit(Math.min(buffer.capacity(), end - from));
    int read = file.read(buffer, from);
    buffer.position(0).limit(read);
    bufferStart = from;
    if (read < count) {
      throw new IOException("file ends at " + (from + read) + ", expected " + (from + count));
    }
  }
}
