package io.vitrine.storage.index;

import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.file.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The aborted transactions that ended in a segment, {@code <base>.txnindex}; made with the first.
 *
 * <p>34 bytes each, big endian: i16 version 0, i64 producer id, i64 first offset, i64 last offset,
 * i64 last stable offset; in the order of their markers. Written under the log's lock; readers take
 * this object's.
 */
public final class TransactionIndex implements AutoCloseable {
  /** Bytes of an entry. */
  public static final int ENTRY_BYTES = 34;

  /** Bytes of a batch without records, which is smaller than any marker. */
  private static final int SMALLEST_MARKER = 61;

  private static final short VERSION = 0;
  private static final int MAX_BYTES = 1 << 28;

  private final FileAccess files;
  private Path path;
  private StoredFile file;
  private List<AbortedTransaction> entries;
  private boolean unsynced;

  public TransactionIndex(FileAccess files, Path path) {
    this.files = files;
    this.path = path;
  }

  public synchronized Path path() {
    return path;
  }

  /** Follows a rename of the file. */
  public synchronized void movedTo(Path newPath) {
    path = newPath;
  }

  /** Bytes of the file, 0 when there is none. */
  public synchronized long sizeBytes() throws IOException {
    if (file == null && !files.exists(path)) {
      return 0;
    }
    boolean held = file != null;
    StoredFile looked = held ? file : files.open(path);
    try {
      return looked.size();
    } finally {
      if (!held) {
        looked.close();
      }
    }
  }

  /** Entries a segment can have the markers of at most take this many bytes. */
  public static long boundFor(long segmentBytes) {
    return (segmentBytes / SMALLEST_MARKER + 1) * ENTRY_BYTES;
  }

  /** All of them, oldest marker first. */
  public synchronized List<AbortedTransaction> all() throws IOException {
    return List.copyOf(entries());
  }

  /**
   * Collects what a reader of committed records must know.
   *
   * @param from the first offset it reads
   * @param upTo the first offset it does not read
   * @return whether later segments need not be asked
   */
  public synchronized boolean collect(long from, long upTo, List<AbortedTransaction> into)
      throws IOException {
    for (AbortedTransaction each : entries()) {
      if (each.lastOffset() >= from && each.firstOffset() < upTo) {
        into.add(each);
      }
      if (each.lastStableOffset() >= upTo) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds one.
   *
   * @throws IllegalArgumentException when its marker does not follow the last one
   */
  public synchronized void append(AbortedTransaction aborted) throws IOException {
    List<AbortedTransaction> now = entries();
    if (!now.isEmpty() && now.get(now.size() - 1).lastOffset() >= aborted.lastOffset()) {
      throw new IllegalArgumentException(
          "marker at "
              + aborted.lastOffset()
              + " does not follow "
              + now.get(now.size() - 1).lastOffset()
              + " in "
              + path);
    }
    ByteBuffer bytes = ByteBuffer.allocate(ENTRY_BYTES);
    bytes
        .putShort(VERSION)
        .putLong(aborted.producerId())
        .putLong(aborted.firstOffset())
        .putLong(aborted.lastOffset())
        .putLong(aborted.lastStableOffset());
    unsynced = true;
    opened().write(bytes.flip(), (long) now.size() * ENTRY_BYTES);
    now.add(aborted);
  }

  /** Drops those whose marker lies at or above an offset. */
  public synchronized void truncateTo(long offset) throws IOException {
    List<AbortedTransaction> now = entries();
    int kept = 0;
    while (kept < now.size() && now.get(kept).lastOffset() < offset) {
      kept++;
    }
    if (kept < now.size()) {
      unsynced = true;
      opened().resize((long) kept * ENTRY_BYTES);
      now.subList(kept, now.size()).clear();
    }
  }

  /** Drops all; an unsound file is emptied as well. */
  public synchronized void reset() throws IOException {
    if (files.exists(path)) {
      unsynced = true;
      opened().resize(0);
    }
    entries = new ArrayList<>();
  }

  /** Forces it to the device if it was changed since the last time, closed meanwhile or not. */
  public synchronized void flush() throws IOException {
    if (!unsynced || (file == null && !files.exists(path))) {
      return;
    }
    boolean held = file != null;
    opened().sync();
    unsynced = false;
    if (!held) {
      close();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  private StoredFile opened() throws IOException {
    if (file == null) {
      file = files.open(path);
    }
    return file;
  }

  private List<AbortedTransaction> entries() throws IOException {
    if (entries == null) {
      entries = files.exists(path) ? parse() : new ArrayList<>();
    }
    return entries;
  }

  private List<AbortedTransaction> parse() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(files.readSmall(path, MAX_BYTES));
    if (bytes.remaining() % ENTRY_BYTES != 0) {
      throw new CorruptIndexException(
          path + " has " + bytes.remaining() + " bytes, which are no whole entries");
    }
    List<AbortedTransaction> found = new ArrayList<>(bytes.remaining() / ENTRY_BYTES);
    while (bytes.hasRemaining()) {
      int at = bytes.position();
      short version = bytes.getShort();
      if (version > VERSION) {
        throw new CorruptIndexException(path + " has an entry of version " + version + " at " + at);
      }
      found.add(
          new AbortedTransaction(
              bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()));
    }
    return found;
  }
}
