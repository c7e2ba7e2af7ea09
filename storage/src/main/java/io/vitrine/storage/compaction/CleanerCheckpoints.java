package io.vitrine.storage.compaction;

import io.vitrine.storage.checkpoint.OffsetCheckpoint;
import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the dirty part of each log begins, {@code cleaner-offset-checkpoint} in each log directory.
 *
 * <p>Read once per directory, then kept in memory and written with each change. Safe from any
 * thread.
 */
final class CleanerCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(CleanerCheckpoints.class);

  private final Map<Path, Directory> directories = new ConcurrentHashMap<>();
  private final Supplier<Set<TopicPartition>> known;

  private final class Directory {
    private final OffsetCheckpoint file;
    private Map<TopicPartition, Long> offsets;

    Directory(OffsetCheckpoint file) {
      this.file = file;
    }

    synchronized Long get(TopicPartition partition) {
      return loaded().get(partition);
    }

    synchronized void put(TopicPartition partition, Long offset) throws IOException {
      Map<TopicPartition, Long> changed = new HashMap<>(loaded());
      changed.keySet().retainAll(known.get());
      if (offset == null) {
        changed.remove(partition);
      } else {
        changed.put(partition, offset);
      }
      file.write(changed);
      offsets = changed;
    }

    /** Without its checkpoint a log is cleaned from its start again, which costs time only. */
    private Map<TopicPartition, Long> readOrNothing() {
      try {
        return file.read();
      } catch (IOException e) {
        LOG.warn("the cleaner checkpoint is not understood and counts as empty: {}", e.toString());
        return Map.of();
      }
    }

    private Map<TopicPartition, Long> loaded() {
      if (offsets == null) {
        offsets = readOrNothing();
      }
      return offsets;
    }
  }

  /**
   * @param known the logs that are still there; entries of others are dropped with the next change
   */
  CleanerCheckpoints(
      FileAccess files, Collection<Path> logDirectories, Supplier<Set<TopicPartition>> known) {
    this.known = known;
    for (Path each : logDirectories) {
      directories.put(
          each, new Directory(new OffsetCheckpoint(files, each, OffsetCheckpoint.CLEANED)));
    }
  }

  OptionalLong get(Path directory, TopicPartition partition) {
    Directory found = directories.get(directory);
    Long offset = found == null ? null : found.get(partition);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  void put(Path directory, TopicPartition partition, long offset) throws IOException {
    Directory found = directories.get(directory);
    if (found != null) {
      found.put(partition, offset);
    }
  }

  /** Forgets a partition in one directory. */
  void remove(Path directory, TopicPartition partition) throws IOException {
    Directory found = directories.get(directory);
    if (found != null) {
      found.put(partition, null);
    }
  }

  /** The directory has failed: nothing is read or written there any more. */
  void failed(Path directory) {
    directories.remove(directory);
  }
}
