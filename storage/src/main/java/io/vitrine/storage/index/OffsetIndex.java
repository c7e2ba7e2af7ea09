package io.vitrine.storage.index;

import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Offsets to positions in one segment.
 *
 * <p>An entry is 8 bytes, big endian: i32 offset relative to the segment's base, i32 position of
 * the batch that ends with this offset. Both rise from entry to entry.
 */
public final class OffsetIndex extends SparseIndex {
  /** Bytes of one entry. */
  public static final int ENTRY_BYTES = 8;

  private final long baseOffset;

  /** An entry: the last offset of a batch and where the batch begins. */
  public record Entry(long offset, int position) {}

  public OffsetIndex(FileAccess files, Path path, long baseOffset, int maxBytes) {
    super(files, path, ENTRY_BYTES, maxBytes);
    this.baseOffset = baseOffset;
  }

  /**
   * Adds an entry.
   *
   * @throws IllegalArgumentException when the offset is not above the last one's, or too far from
   *     the base
   */
  public void append(long offset, int position) throws IOException {
    openActive();
    int relative = relative(offset, baseOffset);
    if (entries() > 0 && relative <= key(entries() - 1)) {
      throw new IllegalArgumentException(
          "offset " + offset + " does not follow the last entry of " + path());
    }
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
    entry.putInt(relative).putInt(position).flip();
    append(entry);
  }

  /** The last entry at or below an offset; the segment's start when there is none. */
  public Entry lookup(long offset) {
    int at = floor(offset - baseOffset);
    return at < 0 ? new Entry(baseOffset, 0) : entry(at);
  }

  /** The offset of the first entry at or beyond a position; -1 when there is none. */
  public long firstOffsetAt(long position) {
    int low = 0;
    int high = entries();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entry(middle).position() >= position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low < entries() ? entry(low).offset() : -1;
  }

  /** Drops the entries at or above an offset. */
  public void truncateTo(long offset) throws IOException {
    openActive();
    truncateToEntries(floor(offset - 1 - baseOffset) + 1);
  }

  private Entry entry(int at) {
    ByteBuffer bytes = bytes();
    return new Entry(
        baseOffset + bytes.getInt(at * ENTRY_BYTES), bytes.getInt(at * ENTRY_BYTES + 4));
  }

  @Override
  long key(int entry) {
    return bytes().getInt(entry * ENTRY_BYTES);
  }

  @Override
  boolean plausible(ByteBuffer bytes, int entry) {
    int at = entry * ENTRY_BYTES;
    int position = bytes.getInt(at + 4);
    return entry == 0
        ? position > 0 && bytes.getInt(at) >= 0
        : position > bytes.getInt(at - 4) && bytes.getInt(at) > bytes.getInt(at - ENTRY_BYTES);
  }
}
