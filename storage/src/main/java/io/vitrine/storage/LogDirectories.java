package io.vitrine.storage;

import io.vitrine.storage.file.DirectoryLockedException;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of {@code log.dirs}: which of them work, and where a new log goes.
 *
 * <p>The list is fixed once opened; a directory goes offline and stays so until the next start.
 * Safe from any thread.
 */
final class LogDirectories {
  private static final Logger LOG = LoggerFactory.getLogger(LogDirectories.class);

  private final List<Path> configured;
  private final List<LogDirectory> opened = new ArrayList<>();
  private final Map<TopicPartition, Path> preferred = new ConcurrentHashMap<>();

  LogDirectories(List<Path> configured) {
    this.configured = configured;
  }

  /**
   * Makes and locks the directories; those where that fails are offline from the start.
   *
   * @throws KafkaStorageException when another holds one of them, or none can be used
   */
  void open(FileAccess files, LogObserver observer) {
    IOException last = null;
    for (Path path : configured) {
      try {
        opened.add(LogDirectory.open(files, path));
      } catch (DirectoryLockedException e) {
        throw new KafkaStorageException(e.getMessage(), e);
      } catch (IOException e) {
        last = DiskErrors.explained(e);
        LOG.error("log directory {} cannot be used: {}", path, last.getMessage());
        observer.logDirectoryFailed(path, last);
      }
    }
    if (opened.isEmpty()) {
      throw noneLeft(last);
    }
  }

  /** What a start without a single directory ends with. */
  KafkaStorageException noneLeft(IOException last) {
    return new KafkaStorageException(
        "none of log.dirs "
            + configured
            + " can be used: make one writable or name another ("
            + (last == null ? "all failed" : last.getMessage())
            + ")",
        last);
  }

  /** Those that were there at the start, whether they still work or not. */
  List<LogDirectory> opened() {
    return List.copyOf(opened);
  }

  List<LogDirectory> online() {
    return opened.stream().filter(LogDirectory::online).toList();
  }

  List<Path> offline() {
    List<Path> offline = new ArrayList<>(configured);
    online().forEach(directory -> offline.remove(directory.path()));
    return offline;
  }

  Optional<LogDirectory> get(Path path) {
    return opened.stream().filter(directory -> directory.path().equals(path)).findFirst();
  }

  /** Whether a log may be put here. */
  boolean isOnline(Path path) {
    return get(path).map(LogDirectory::online).orElse(false);
  }

  /**
   * @throws LogDirNotFoundException when it is none of {@code log.dirs}
   * @throws KafkaStorageException when it is offline
   */
  void requireOnline(Path path) {
    if (!configured.contains(path)) {
      throw new LogDirNotFoundException(path + " is none of log.dirs " + configured);
    }
    if (!isOnline(path)) {
      throw new KafkaStorageException("log directory " + path + " is offline");
    }
  }

  // ---- where a new log goes ------------------------------------------------------------------

  /** The partition's next new log is to be made here. */
  void prefer(TopicPartition partition, Path path) {
    preferred.put(partition, path);
  }

  /** The preferred directory's wish is fulfilled. */
  void placed(TopicPartition partition) {
    preferred.remove(partition);
  }

  /**
   * The directories a new log may go to, best first: the preferred one alone, else those with the
   * fewest logs. Logs are counted, future ones too, never bytes.
   */
  List<Path> candidates(TopicPartition partition, Collection<PartitionLog> logs) {
    Path wish = preferred.get(partition);
    if (wish != null) {
      return List.of(wish);
    }
    List<LogDirectory> online = online();
    if (online.size() == 1) {
      return List.of(online.get(0).path());
    }
    Map<Path, Integer> counts = new HashMap<>();
    logs.forEach(log -> counts.merge(log.logDirectory(), 1, Integer::sum));
    return online.stream()
        .map(LogDirectory::path)
        .sorted(Comparator.comparingInt(path -> counts.getOrDefault(path, 0)))
        .toList();
  }
}
