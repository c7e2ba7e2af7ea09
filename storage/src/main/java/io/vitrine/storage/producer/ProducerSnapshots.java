package io.vitrine.storage.producer;

import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producer states on disk, {@code <offset>.snapshot} in the partition's directory.
 *
 * <p>Big endian: i16 version 1, u32 CRC-32C of the rest, i32 count, then 46 bytes each: i64
 * producer id, i16 epoch, i32 last sequence, i64 last offset, i32 offset delta, i64 timestamp, i32
 * coordinator epoch, i64 first offset of the open transaction (-1 none). Guarded by the log's lock.
 */
public final class ProducerSnapshots {
  private static final Logger LOG = LoggerFactory.getLogger(ProducerSnapshots.class);
  private static final String SUFFIX = ".snapshot";
  private static final short VERSION = 1;
  private static final int HEADER_BYTES = 10;
  private static final int CRC_END = 6;
  private static final int ENTRY_BYTES = 46;
  private static final int MAX_BYTES = 256 << 20;

  private final FileAccess files;
  private final TreeMap<Long, Path> snapshots = new TreeMap<>();
  private Path directory;
  private long lastTaken;

  private ProducerSnapshots(FileAccess files, Path directory) {
    this.files = files;
    this.directory = directory;
  }

  /** Finds the snapshots of a partition directory. */
  public static ProducerSnapshots open(FileAccess files, Path directory) throws IOException {
    ProducerSnapshots found = new ProducerSnapshots(files, directory);
    for (Path file : files.list(directory)) {
      String name = file.getFileName().toString();
      if (name.matches("\\d{20}\\.snapshot")) {
        found.snapshots.put(Long.parseLong(name.substring(0, 20)), file);
      }
    }
    return found;
  }

  /** Writes the states at their end offset, if that is beyond the newest snapshot. */
  public void take(ProducerStates states) throws IOException {
    if (states.endOffset() <= lastTaken) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + states.producers().size() * ENTRY_BYTES);
    bytes.putShort(VERSION).putInt(0).putInt(states.producers().size());
    states.producers().forEach((id, entry) -> put(bytes, id, entry));
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), CRC_END, bytes.capacity() - CRC_END);
    bytes.putInt(2, (int) crc.getValue());
    Path path = pathOf(states.endOffset());
    files.replace(path, bytes.array());
    snapshots.put(states.endOffset(), path);
    lastTaken = states.endOffset();
  }

  /**
   * Loads the newest sound snapshot at or below an offset; unsound and later ones are deleted.
   *
   * @return its offset; empty when none is left and the states are empty
   */
  public Optional<Long> loadNewest(ProducerStates states, long logStart, long offset)
      throws IOException {
    for (Path later : Map.copyOf(snapshots.tailMap(offset, false)).values()) {
      remove(later);
    }
    snapshots.tailMap(offset, false).clear();
    while (!snapshots.isEmpty()) {
      Map.Entry<Long, Path> newest = snapshots.lastEntry();
      try {
        states.reset(newest.getKey());
        read(newest.getValue(), states);
        lastTaken = newest.getKey();
        return Optional.of(newest.getKey());
      } catch (IOException | BufferUnderflowException e) {
        LOG.warn(
            "producer snapshot {} is not sound and is dropped: {}",
            newest.getValue(),
            e.getMessage());
        remove(newest.getValue());
        snapshots.remove(newest.getKey());
      }
    }
    states.reset(logStart);
    lastTaken = logStart;
    return Optional.empty();
  }

  /** Deletes the snapshot taken at a segment's base, when the segment goes. */
  public void delete(long offset) throws IOException {
    Path path = snapshots.remove(offset);
    if (path != null) {
      remove(path);
    }
  }

  /** Deletes all; the log begins anew at an offset. */
  public void deleteAll(long startOffset) throws IOException {
    lastTaken = startOffset;
    for (Path path : snapshots.values()) {
      remove(path);
    }
    snapshots.clear();
  }

  /** Deletes those that belong to no segment, except the newest of all. */
  public void retainOnly(Set<Long> segmentBases) throws IOException {
    if (snapshots.isEmpty()) {
      return;
    }
    long newest = snapshots.lastKey();
    for (Long offset : List.copyOf(snapshots.keySet())) {
      if (offset != newest && !segmentBases.contains(offset)) {
        delete(offset);
      }
    }
  }

  /** Follows a rename of the directory. */
  public void movedTo(Path newDirectory) {
    directory = newDirectory;
    snapshots.replaceAll((offset, path) -> pathOf(offset));
  }

  private Path pathOf(long offset) {
    return directory.resolve(String.format(Locale.ROOT, "%020d", offset) + SUFFIX);
  }

  private void remove(Path path) throws IOException {
    files.delete(path);
  }

  private static void put(ByteBuffer bytes, long id, ProducerEntry entry) {
    BatchMetadata last = entry.last().orElse(new BatchMetadata(-1, -1, 0, entry.lastTimestampMs()));
    bytes
        .putLong(id)
        .putShort(entry.epoch())
        .putInt(last.lastSequence())
        .putLong(last.lastOffset())
        .putInt(last.offsetDelta())
        .putLong(entry.lastTimestampMs())
        .putInt(entry.coordinatorEpoch())
        .putLong(entry.transactionFirstOffset());
  }

  private void read(Path path, ProducerStates states) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(files.readSmall(path, MAX_BYTES));
    short version = bytes.getShort();
    int expected = bytes.getInt();
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), CRC_END, bytes.capacity() - CRC_END);
    int count = bytes.getInt();
    if (version != VERSION || (int) crc.getValue() != expected) {
      throw new IOException("version " + version + " or checksum is wrong");
    }
    if (count < 0 || bytes.remaining() != (long) count * ENTRY_BYTES) {
      throw new IOException(count + " entries do not fit " + bytes.remaining() + " bytes");
    }
    for (int i = 0; i < count; i++) {
      long id = bytes.getLong();
      ProducerEntry entry = new ProducerEntry(bytes.getShort());
      int lastSequence = bytes.getInt();
      long lastOffset = bytes.getLong();
      int delta = bytes.getInt();
      long timestamp = bytes.getLong();
      int coordinatorEpoch = bytes.getInt();
      long firstOffset = bytes.getLong();
      if (lastOffset >= 0) {
        entry.add(new BatchMetadata(lastSequence, lastOffset, delta, timestamp));
      }
      entry.restore(coordinatorEpoch, firstOffset, timestamp);
      states.producers().put(id, entry);
    }
  }
}
