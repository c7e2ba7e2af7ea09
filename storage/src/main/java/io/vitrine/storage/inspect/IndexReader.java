package io.vitrine.storage.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the indexes of a segment, entry by entry; the zeros of a preallocated tail are none.
 * Refuses an index with more entries than {@value #MAX_ENTRIES}: a segment of the default settings
 * has at most an eighth of that.
 */
final class IndexReader {
  static final int OFFSET_ENTRY = 8;
  static final int TIME_ENTRY = 12;
  static final int TRANSACTION_ENTRY = 34;
  static final int MAX_ENTRIES = 1 << 21;

  private IndexReader() {}

  /** An entry of the offset index. */
  record OffsetEntry(long offset, int position) {}

  /** An entry of the time index. */
  record TimeEntry(long timestampMs, long offset) {}

  static List<OffsetEntry> offsets(SegmentView segment) throws IOException {
    List<OffsetEntry> entries = new ArrayList<>();
    Path path = segment.beside(".index");
    if (Files.exists(path)) {
      try (ReadOnlyFile file = new ReadOnlyFile(path)) {
        for (long at = 0; at + OFFSET_ENTRY <= file.size(); at += OFFSET_ENTRY) {
          ByteBuffer bytes = file.at(at, OFFSET_ENTRY);
          OffsetEntry entry =
              new OffsetEntry(segment.baseOffset() + bytes.getInt(0), bytes.getInt(4));
          if (entry.position() == 0) {
            break;
          }
          add(entries, entry, path);
        }
      }
    }
    return entries;
  }

  static List<TimeEntry> times(SegmentView segment) throws IOException {
    List<TimeEntry> entries = new ArrayList<>();
    Path path = segment.beside(".timeindex");
    if (Files.exists(path)) {
      try (ReadOnlyFile file = new ReadOnlyFile(path)) {
        for (long at = 0; at + TIME_ENTRY <= file.size(); at += TIME_ENTRY) {
          ByteBuffer bytes = file.at(at, TIME_ENTRY);
          long timestamp = bytes.getLong(0);
          if (timestamp <= 0 && bytes.getInt(8) == 0) {
            break;
          }
          add(entries, new TimeEntry(timestamp, segment.baseOffset() + bytes.getInt(8)), path);
        }
      }
    }
    return entries;
  }

  /** An aborted transaction; {@code lastOffset} is that of its end marker. */
  record Aborted(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}

  static List<Aborted> aborted(SegmentView segment) throws IOException {
    List<Aborted> entries = new ArrayList<>();
    Path path = segment.beside(".txnindex");
    if (Files.exists(path)) {
      try (ReadOnlyFile file = new ReadOnlyFile(path)) {
        for (long at = 0; at + TRANSACTION_ENTRY <= file.size(); at += TRANSACTION_ENTRY) {
          ByteBuffer bytes = file.at(at, TRANSACTION_ENTRY);
          add(
              entries,
              new Aborted(
                  bytes.getLong(2), bytes.getLong(10), bytes.getLong(18), bytes.getLong(26)),
              path);
        }
      }
    }
    return entries;
  }

  static List<IndexEntry> transactions(SegmentView segment) throws IOException {
    List<IndexEntry> entries = new ArrayList<>();
    for (Aborted each : aborted(segment)) {
      entries.add(
          new IndexEntry(
              IndexEntry.Kind.TRANSACTION,
              (long) entries.size() * TRANSACTION_ENTRY,
              each.producerId(),
              each.lastOffset(),
              -1,
              "aborted: offsets "
                  + each.firstOffset()
                  + " to "
                  + each.lastOffset()
                  + ", last stable offset "
                  + each.lastStableOffset()));
    }
    return entries;
  }

  private static <T> void add(List<T> entries, T entry, Path path) throws IOException {
    if (entries.size() == MAX_ENTRIES) {
      throw new IOException(path + " has more than " + MAX_ENTRIES + " entries");
    }
    entries.add(entry);
  }
}
