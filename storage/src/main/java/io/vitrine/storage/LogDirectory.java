package io.vitrine.storage;

import io.vitrine.storage.checkpoint.CleanShutdownMarker;
import io.vitrine.storage.checkpoint.MetaProperties;
import io.vitrine.storage.checkpoint.OffsetCheckpoint;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of {@code log.dirs}: its lock, its marker and its checkpoint files.
 *
 * <p>Checkpoints are written by one thread at a time, guarded by this object.
 */
final class LogDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(LogDirectory.class);

  private final FileAccess files;
  private final Path path;
  private final AutoCloseable lock;
  private final boolean stoppedCleanly;
  private final Map<String, OffsetCheckpoint> checkpoints = new HashMap<>();
  private volatile boolean online = true;

  private LogDirectory(FileAccess files, Path path, AutoCloseable lock, boolean stoppedCleanly) {
    this.files = files;
    this.path = path;
    this.lock = lock;
    this.stoppedCleanly = stoppedCleanly;
    for (String name :
        new String[] {
          OffsetCheckpoint.RECOVERY_POINTS,
          OffsetCheckpoint.HIGH_WATERMARKS,
          OffsetCheckpoint.LOG_STARTS
        }) {
      checkpoints.put(name, new OffsetCheckpoint(files, path, name));
    }
  }

  /**
   * Makes the directory when it is not there, and locks it.
   *
   * @throws IOException when that fails, or it does not say understandably whose it is
   */
  static LogDirectory open(FileAccess files, Path path) throws IOException {
    files.createDirectories(path);
    AutoCloseable lock = files.lock(path);
    try {
      MetaProperties.read(files, path);
      return new LogDirectory(files, path, lock, CleanShutdownMarker.take(files, path));
    } catch (IOException e) {
      release(lock, path);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  boolean stoppedCleanly() {
    return stoppedCleanly;
  }

  boolean online() {
    return online;
  }

  /** True for the caller that took it offline. */
  synchronized boolean takeOffline() {
    boolean was = online;
    online = false;
    return was;
  }

  Map<TopicPartition, Long> read(String checkpoint) throws IOException {
    try {
      return checkpoints.get(checkpoint).read();
    } catch (IOException e) {
      if (!files.exists(path.resolve(checkpoint))) {
        throw e;
      }
      LOG.warn("{} is not understood and counts as empty: {}", checkpoint, e.getMessage());
      return Map.of();
    }
  }

  synchronized void writeRecoveryPoints(Collection<PartitionLog> logs) throws IOException {
    write(OffsetCheckpoint.RECOVERY_POINTS, logs, log -> Optional.of(log.recoveryPoint()));
  }

  synchronized void writeHighWatermarks(Collection<PartitionLog> logs) throws IOException {
    write(OffsetCheckpoint.HIGH_WATERMARKS, logs, log -> Optional.of(log.highWatermark()));
  }

  /** Only logs that start beyond their first segment's base, as after DeleteRecords. */
  synchronized void writeLogStarts(Collection<PartitionLog> logs) throws IOException {
    write(
        OffsetCheckpoint.LOG_STARTS,
        logs,
        log ->
            log.logStartOffset() > log.segments().get(0).baseOffset()
                ? Optional.of(log.logStartOffset())
                : Optional.empty());
  }

  void writeCleanShutdownMarker() throws IOException {
    CleanShutdownMarker.write(files, path);
  }

  void unlock() {
    release(lock, path);
  }

  private void write(String name, Collection<PartitionLog> logs, Offset offset) throws IOException {
    if (!online) {
      return;
    }
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (PartitionLog log : logs) {
      if (log.logDirectory().equals(path)) {
        offset.of(log).ifPresent(value -> offsets.put(log.topicPartition(), value));
      }
    }
    checkpoints.get(name).write(offsets);
  }

  private interface Offset {
    Optional<Long> of(PartitionLog log);
  }

  private static void release(AutoCloseable lock, Path path) {
    try {
      lock.close();
    } catch (Exception e) {
      LOG.warn("the lock of {} did not close: {}", path, e.getMessage());
    }
  }
}
