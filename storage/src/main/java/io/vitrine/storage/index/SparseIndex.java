package io.vitrine.storage.index;

import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.file.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Fixed-size entries in rising order, appended in memory and in the file together.
 *
 * <p>While its segment is active the file is preallocated to the full size, and open from the first
 * new entry on; the entries are also held in memory. A sealed index is trimmed to its entries, has
 * no open file, and is read into memory when it is first asked, to be forgotten when memory is
 * short. Writes are guarded by the log's lock; readers see entries up to {@link #entries()}.
 */
abstract class SparseIndex implements AutoCloseable {
  private static final int INITIAL_BYTES = 240;
  // Whole entries of both kinds.
  private static final int PIECE_BYTES = 12 * 1024;
  private static final int LARGEST_BYTES = 1 << 26;

  private final FileAccess files;
  private final int entryBytes;
  private final int maxBytes;
  private Path path;
  private StoredFile file;
  private volatile ByteBuffer active;
  private volatile SoftReference<ByteBuffer> sealed = new SoftReference<>(null);
  private volatile int entries;
  private volatile boolean unsynced;

  /**
   * @param maxBytes {@code segment.index.bytes}, rounded down to whole entries
   */
  SparseIndex(FileAccess files, Path path, int entryBytes, int maxBytes) {
    this.files = files;
    this.path = path;
    this.entryBytes = entryBytes;
    this.maxBytes = maxBytes / entryBytes * entryBytes;
  }

  /** Opens for appending after the entries the file holds; makes the file when there is none. */
  public final void openActive() throws IOException {
    if (active != null) {
      return;
    }
    openActive(load());
  }

  private void openActive(ByteBuffer present) throws IOException {
    try (StoredFile preallocated = files.open(path)) {
      preallocated.resize(maxBytes);
      unsynced = true;
    }
    entries = present.remaining() / entryBytes;
    active = present;
  }

  private StoredFile opened() throws IOException {
    if (file == null) {
      file = files.open(path);
    }
    return file;
  }

  /** How many entries there are. */
  public final int entries() {
    return active == null ? sealedBytes().limit() / entryBytes : entries;
  }

  /** Bytes the entries take. */
  public final long sizeBytes() {
    return (long) entries() * entryBytes;
  }

  /** No room for one more; only an index that is open for appending is ever full. */
  public boolean full() {
    return entriesLeft() == 0;
  }

  /** How many more entries fit. */
  final int entriesLeft() {
    return active == null ? Integer.MAX_VALUE : maxBytes / entryBytes - entries;
  }

  /** Drops all entries, whatever the file holds, and opens for appending. */
  public final void reset() throws IOException {
    try (StoredFile emptied = files.open(path)) {
      emptied.resize(0);
    }
    abandon();
    openActive(ByteBuffer.allocate(0));
  }

  /** Trims the file to its entries and closes it; nothing happens when it is not open. */
  public final void seal() throws IOException {
    if (active == null) {
      return;
    }
    unsynced = true;
    opened().resize((long) entries * entryBytes);
    file.close();
    file = null;
    ByteBuffer bytes = active.duplicate().limit(entries * entryBytes).position(0);
    sealed = new SoftReference<>(bytes);
    active = null;
  }

  /** Forces the file to the device if it was changed since the last time; not while it moves. */
  public final void sync() throws IOException {
    if (unsynced && files.exists(path)) {
      unsynced = false;
      try (StoredFile changed = files.open(path)) {
        changed.sync();
      } catch (IOException e) {
        unsynced = true;
        throw e;
      }
    }
  }

  /** Closes without trimming, as a crash leaves it. */
  public final void abandon() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
    active = null;
  }

  @Override
  public final void close() throws IOException {
    seal();
  }

  /** Follows a rename of the file. */
  public final void movedTo(Path newPath) {
    path = newPath;
  }

  public final Path path() {
    return path;
  }

  /** Bytes of the entries, for absolute reads only. */
  final ByteBuffer bytes() {
    ByteBuffer now = active;
    return now != null ? now : sealedBytes();
  }

  final void append(ByteBuffer entry) throws IOException {
    if (entriesLeft() == 0) {
      throw new IllegalStateException("index " + path + " is full");
    }
    int at = entries * entryBytes;
    unsynced = true;
    opened().write(entry.duplicate(), at);
    ByteBuffer bytes = active;
    if (at + entryBytes > bytes.capacity()) {
      ByteBuffer grown =
          ByteBuffer.allocate(Math.min(maxBytes, Math.max(INITIAL_BYTES, bytes.capacity() * 2)));
      grown.put(bytes.duplicate().position(0).limit(at));
      bytes = grown;
    }
    bytes.duplicate().limit(at + entryBytes).position(at).put(entry);
    active = bytes;
    entries++;
  }

  final void truncateToEntries(int count) throws IOException {
    int before = entries;
    entries = count;
    // Zeros where entries were: an active index is read up to the first entry that does not rise.
    if (before > count) {
      unsynced = true;
      opened().write(ByteBuffer.allocate((before - count) * entryBytes), (long) count * entryBytes);
    }
  }

  /**
   * Index of the last entry not above a target, by binary search; -1 when the first one is above.
   */
  final int floor(long target) {
    int low = 0;
    int high = entries() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (key(middle) <= target) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /**
   * An offset as entries hold it.
   *
   * @throws IllegalArgumentException when it is below the base or too far from it
   */
  final int relative(long offset, long baseOffset) {
    long relative = offset - baseOffset;
    if (relative < 0 || relative > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "offset " + offset + " is no offset of " + path + ", whose base is " + baseOffset);
    }
    return (int) relative;
  }

  /** What entries are ordered by. */
  abstract long key(int entry);

  /** Whether the entry at this index can follow the one before, given all bytes. */
  abstract boolean plausible(ByteBuffer bytes, int entry);

  private ByteBuffer sealedBytes() {
    ByteBuffer bytes = sealed.get();
    if (bytes == null) {
      try {
        bytes = load();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      sealed = new SoftReference<>(bytes);
    }
    return bytes;
  }

  /**
   * The entries of the file, in a buffer that holds nothing else; a preallocated tail of zeros is
   * none, and not read either beyond the piece it begins in.
   */
  private ByteBuffer load() throws IOException {
    if (!files.exists(path)) {
      return ByteBuffer.allocate(0);
    }
    try (StoredFile stored = files.open(path)) {
      int there = (int) Math.min(stored.size(), LARGEST_BYTES) / entryBytes * entryBytes;
      ByteBuffer bytes = ByteBuffer.allocate(Math.min(there, PIECE_BYTES));
      int count = 0;
      while (true) {
        stored.read(bytes.position(count * entryBytes), (long) count * entryBytes);
        int read = bytes.position() / entryBytes;
        while (count < read && plausible(bytes, count)) {
          count++;
        }
        if (count < read || read * entryBytes == there || read * entryBytes < bytes.capacity()) {
          return trimmed(bytes, count * entryBytes);
        }
        ByteBuffer grown = ByteBuffer.allocate((int) Math.min(there, bytes.capacity() * 2L));
        bytes = grown.put(bytes.position(0).limit(count * entryBytes));
      }
    }
  }

  private static ByteBuffer trimmed(ByteBuffer bytes, int size) {
    bytes.position(0).limit(size);
    return size == bytes.capacity() ? bytes : ByteBuffer.allocate(size).put(bytes).flip();
  }
}
