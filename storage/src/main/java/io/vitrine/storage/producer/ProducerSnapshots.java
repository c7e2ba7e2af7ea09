package io.vitrine.storage.producer;

import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.file.StoredFile;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
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
  private static final String DELETED = ".deleted";
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
      if (name.matches("[0-9]{20}\\.snapshot")) {
        found.note(name.substring(0, 20), file);
      }
    }
    return found;
  }

  private void note(String offset, Path file) {
    try {
      snapshots.put(Long.parseLong(offset), file);
    } catch (NumberFormatException e) {
      LOG.warn("{} is named after no offset and is left alone", file);
    }
  }

  /**
   * Writes the states at their end offset, if that is beyond the newest snapshot.
   *
   * @return the file, which the caller may force to the device later; empty when there was no need
   */
  public Optional<Path> take(ProducerStates states) throws IOException {
    if (states.endOffset() <= lastTaken) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + states.producers().size() * ENTRY_BYTES);
    bytes.putShort(VERSION).putInt(0).putInt(states.producers().size());
    states.producers().forEach((id, entry) -> put(bytes, id, entry));
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), CRC_END, bytes.capacity() - CRC_END);
    bytes.putInt(2, (int) crc.getValue());
    Path path = pathOf(states.endOffset());
    try (StoredFile file = files.open(path)) {
      file.resize(0);
      file.write(bytes.flip(), 0);
    }
    snapshots.put(states.endOffset(), path);
    lastTaken = states.endOffset();
    return Optional.of(path);
  }

  /** Forces a snapshot to the device, if it is still there. */
  public static void flush(FileAccess files, Path snapshot) throws IOException {
    if (files.exists(snapshot)) {
      try (StoredFile file = files.open(snapshot)) {
        file.sync();
      }
    }
  }

  /** Offset of the newest one. */
  public OptionalLong newest() {
    return snapshots.isEmpty() ? OptionalLong.empty() : OptionalLong.of(snapshots.lastKey());
  }

  /**
   * Makes the states those of the newest sound snapshot within a log, unless they end where the log
   * does already. Snapshots outside of the log and unsound ones are deleted, idle producers left
   * out.
   */
  public void reload(
      ProducerStates states, long logStart, long logEnd, long nowMs, long expirationMs)
      throws IOException {
    for (long offset : List.copyOf(snapshots.keySet())) {
      if (offset > logEnd || offset <= logStart) {
        delete(offset);
      }
    }
    if (states.endOffset() == logEnd) {
      logStartMoved(states, logStart);
      return;
    }
    while (!snapshots.isEmpty()) {
      long newest = snapshots.lastKey();
      try {
        states.reset(newest);
        read(snapshots.get(newest), states, nowMs, expirationMs);
        lastTaken = newest;
        return;
      } catch (IOException | BufferUnderflowException e) {
        LOG.warn(
            "producer snapshot {} is not sound and is dropped: {}",
            snapshots.get(newest),
            e.getMessage());
        delete(newest);
      }
    }
    states.reset(logStart);
    lastTaken = logStart;
  }

  /** Follows the log's start. */
  public void logStartMoved(ProducerStates states, long logStart) {
    states.stableBelow(logStart);
    if (states.endOffset() < logStart) {
      states.advanceTo(logStart);
    }
    lastTaken = newest().orElse(logStart);
  }

  /** Renames the snapshot taken at a segment's base away, when the segment goes. */
  public Optional<Path> markDeleted(long offset) throws IOException {
    Path path = snapshots.remove(offset);
    if (path == null || !files.exists(path)) {
      return Optional.empty();
    }
    Path marked = path.resolveSibling(path.getFileName() + DELETED);
    files.rename(path, marked);
    return Optional.of(marked);
  }

  /** Deletes all. */
  public void deleteAll() throws IOException {
    for (Path path : snapshots.values()) {
      files.delete(path);
    }
    snapshots.clear();
    lastTaken = 0;
  }

  /** Deletes those that belong to no segment, except one beyond the last segment's base. */
  public void retainOnly(SortedSet<Long> segmentBases) throws IOException {
    List<Long> strays =
        snapshots.keySet().stream().filter(offset -> !segmentBases.contains(offset)).toList();
    for (long stray : strays) {
      boolean newest = stray == strays.get(strays.size() - 1);
      if (!newest || (!segmentBases.isEmpty() && stray < segmentBases.last())) {
        delete(stray);
      }
    }
  }

  private void delete(long offset) throws IOException {
    files.delete(snapshots.remove(offset));
  }

  /** Follows a rename of the directory. */
  public void movedTo(Path newDirectory) {
    directory = newDirectory;
    snapshots.replaceAll((offset, path) -> pathOf(offset));
  }

  private Path pathOf(long offset) {
    return directory.resolve(String.format(Locale.ROOT, "%020d", offset) + SUFFIX);
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

  private void read(Path path, ProducerStates states, long nowMs, long expirationMs)
      throws IOException {
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
      if (!entry.expired(nowMs, expirationMs)) {
        states.restore(id, entry);
      }
    }
  }
}
