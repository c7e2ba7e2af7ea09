package io.vitrine.storage.index;

import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Timestamps to offsets in one segment.
 *
 * <p>An entry is 12 bytes, big endian: i64 the largest timestamp so far in milliseconds, i32 the
 * last offset of the batch that holds it, relative to the segment's base. Timestamps rise.
 */
public final class TimeIndex extends SparseIndex {
  /** Bytes of one entry. */
  public static final int ENTRY_BYTES = 12;

  private final long baseOffset;

  /** An entry; timestamp -1 when there is none. */
  public record Entry(long timestampMs, long offset) {}

  public TimeIndex(FileAccess files, Path path, long baseOffset, int maxBytes) {
    super(files, path, ENTRY_BYTES, maxBytes);
    this.baseOffset = baseOffset;
  }

  /**
   * Adds an entry if its timestamp is above the last one's.
   *
   * @param evenIfFull the closing entry of a segment, which may be left out when there is no room
   * @throws IllegalArgumentException when the offset is below the base or too far from it
   */
  public void maybeAppend(long timestampMs, long offset, boolean evenIfFull) throws IOException {
    openActive();
    if (timestampMs <= last().timestampMs() || (evenIfFull && entriesLeft() == 0)) {
      return;
    }
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
    entry.putLong(timestampMs).putInt(relative(offset, baseOffset)).flip();
    append(entry);
  }

  /** No room for one more, the last place being kept for the closing entry. */
  @Override
  public boolean full() {
    return entriesLeft() <= 1;
  }

  /** The last entry; timestamp -1 and the base offset when there is none. */
  public Entry last() {
    int count = entries();
    return count == 0 ? new Entry(-1, baseOffset) : entry(count - 1);
  }

  /** The last entry at or below a timestamp; timestamp -1 and the base offset when none is. */
  public Entry lookup(long timestampMs) {
    int at = floor(timestampMs);
    return at < 0 ? new Entry(-1, baseOffset) : entry(at);
  }

  /** Drops the entries that point at or above an offset. */
  public void truncateTo(long offset) throws IOException {
    openActive();
    int keep = entries();
    while (keep > 0 && entry(keep - 1).offset() >= offset) {
      keep--;
    }
    truncateToEntries(keep);
  }

  private Entry entry(int at) {
    ByteBuffer bytes = bytes();
    return new Entry(
        bytes.getLong(at * ENTRY_BYTES), baseOffset + bytes.getInt(at * ENTRY_BYTES + 8));
  }

  @Override
  long key(int entry) {
    return bytes().getLong(entry * ENTRY_BYTES);
  }

  @Override
  boolean plausible(ByteBuffer bytes, int entry) {
    int at = entry * ENTRY_BYTES;
    long timestamp = bytes.getLong(at);
    return entry == 0
        ? (timestamp > 0 || bytes.getInt(at + 8) > 0) && bytes.getInt(at + 8) >= 0
        : timestamp > bytes.getLong(at - ENTRY_BYTES)
            && bytes.getInt(at + 8) >= bytes.getInt(at - 4);
  }
}
