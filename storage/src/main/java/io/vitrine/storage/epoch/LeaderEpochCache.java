package io.vitrine.storage.epoch;

import io.vitrine.storage.checkpoint.TextCheckpoint;
import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The leader epochs of one log with their first offsets, strictly rising in both, KIP-101.
 *
 * <p>Kept in {@code leader-epoch-checkpoint}: version 0, count, then {@code epoch startOffset} a
 * line; written on every change. One lock of its own, so that reads need not wait for appends.
 */
public final class LeaderEpochCache {
  private static final String NAME = "leader-epoch-checkpoint";
  private static final int MAX_BYTES = 16 << 20;

  private final FileAccess files;
  private final TreeMap<Integer, Long> starts = new TreeMap<>();
  private Path path;

  private LeaderEpochCache(FileAccess files, Path path) {
    this.files = files;
    this.path = path;
  }

  /** Reads the file of a partition directory; an absent or empty one is no epochs. */
  public static LeaderEpochCache open(FileAccess files, Path directory) throws IOException {
    LeaderEpochCache cache = new LeaderEpochCache(files, directory.resolve(NAME));
    if (!files.exists(cache.path)) {
      return cache;
    }
    byte[] content = files.readSmall(cache.path, MAX_BYTES);
    if (content.length == 0) {
      return cache;
    }
    TextCheckpoint text = TextCheckpoint.parse(cache.path, content, 2);
    for (int line = 0; line < text.lines().size(); line++) {
      cache.insert(text.integer(line, 0), text.number(line, 1));
    }
    return cache;
  }

  /**
   * Notes that an epoch begins at an offset; entries that contradict it go first. Nothing happens
   * when the epoch is the latest already.
   */
  public synchronized void assign(int epoch, long startOffset) throws IOException {
    if (epoch < 0 || startOffset < 0) {
      throw new IllegalArgumentException("epoch " + epoch + " at offset " + startOffset);
    }
    if (insert(epoch, startOffset)) {
      write();
    }
  }

  /** Notes that an epoch begins at an offset, unless it is known or older than the latest. */
  public synchronized void assignIfNewer(int epoch, long startOffset) throws IOException {
    if (epoch >= 0 && (starts.isEmpty() || epoch > starts.lastKey())) {
      assign(epoch, startOffset);
    }
  }

  public synchronized OptionalInt latest() {
    return starts.isEmpty() ? OptionalInt.empty() : OptionalInt.of(starts.lastKey());
  }

  /** The epoch an offset was written in; empty when it lies before the first known one. */
  public synchronized OptionalInt epochOf(long offset) {
    int found = -1;
    for (Map.Entry<Integer, Long> entry : starts.entrySet()) {
      if (entry.getValue() > offset) {
        break;
      }
      found = entry.getKey();
    }
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }

  /** Where an epoch ends, see the table in the protocol of OffsetsForLeaderEpoch. */
  public synchronized EpochEnd endOf(int epoch, long logEndOffset) {
    if (epoch == EpochEnd.UNDEFINED.epoch() || starts.isEmpty()) {
      return EpochEnd.UNDEFINED;
    }
    if (epoch == starts.lastKey()) {
      return new EpochEnd(epoch, logEndOffset);
    }
    Map.Entry<Integer, Long> higher = starts.higherEntry(epoch);
    if (higher == null) {
      return EpochEnd.UNDEFINED;
    }
    Map.Entry<Integer, Long> floor = starts.floorEntry(epoch);
    return floor == null
        ? new EpochEnd(epoch, higher.getValue())
        : new EpochEnd(floor.getKey(), higher.getValue());
  }

  /** Drops the entries at or above an offset. */
  public synchronized void truncateFromEnd(long endOffset) throws IOException {
    if (starts.values().removeIf(start -> start >= endOffset)) {
      write();
    }
  }

  /** Folds the entries below a new log start into one that begins there. */
  public synchronized void truncateFromStart(long startOffset) throws IOException {
    int floor = epochOf(startOffset).orElse(-1);
    if (floor < 0 || starts.get(floor) == startOffset && starts.firstKey() == floor) {
      return;
    }
    starts.headMap(floor, true).clear();
    starts.put(floor, startOffset);
    write();
  }

  /** Drops everything. */
  public synchronized void clear() throws IOException {
    starts.clear();
    write();
  }

  /** Oldest first. */
  public synchronized List<EpochEntry> entries() {
    return starts.entrySet().stream()
        .map(entry -> new EpochEntry(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Makes the file, empty, when there is none: Kafka does so for every log it creates. */
  public synchronized void ensureFile() throws IOException {
    if (!files.exists(path)) {
      files.open(path).close();
    }
  }

  /** Follows a rename of the directory. */
  public synchronized void movedTo(Path directory) {
    path = directory.resolve(NAME);
  }

  private boolean insert(int epoch, long startOffset) {
    if (!starts.isEmpty()) {
      Map.Entry<Integer, Long> last = starts.lastEntry();
      if (epoch == last.getKey() && startOffset >= last.getValue()) {
        return false;
      }
      if (epoch <= last.getKey() || startOffset <= last.getValue()) {
        starts.tailMap(epoch, true).clear();
        starts.values().removeIf(start -> start >= startOffset);
      }
    }
    starts.put(epoch, startOffset);
    return true;
  }

  private void write() throws IOException {
    StringBuilder text = new StringBuilder("0\n").append(starts.size()).append('\n');
    starts.forEach((epoch, start) -> text.append(epoch).append(' ').append(start).append('\n'));
    files.replace(path, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
