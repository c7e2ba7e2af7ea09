package io.vitrine.storage;

import io.vitrine.storage.compaction.CleanerSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * A broker's settings as far as all its logs are concerned; Kafka's names, milliseconds.
 *
 * @param logDirs {@code log.dirs}, at least one
 * @param flushSchedulerIntervalMs {@code log.flush.scheduler.interval.ms}
 * @param directoryDeleteDelayMs how long a partition's directory lies renamed before it is
 *     unlinked, {@code log.segment.delete.delay.ms}; a topic's own delay is for its segments only
 */
public record LogManagerSettings(
    List<Path> logDirs,
    long flushCheckpointIntervalMs,
    long startOffsetCheckpointIntervalMs,
    long highWatermarkCheckpointIntervalMs,
    long retentionCheckIntervalMs,
    long flushSchedulerIntervalMs,
    long initialTaskDelayMs,
    int recoveryThreadsPerDir,
    long producerIdExpirationMs,
    long producerIdExpirationCheckIntervalMs,
    long directoryDeleteDelayMs,
    CleanerSettings cleaner) {
  public LogManagerSettings {
    logDirs = List.copyOf(logDirs);
    if (logDirs.isEmpty()) {
      throw new IllegalArgumentException("log.dirs must name at least one directory");
    }
    for (Path directory : logDirs) {
      if (logDirs.indexOf(directory) != logDirs.lastIndexOf(directory)) {
        throw new IllegalArgumentException("log.dirs names " + directory + " twice");
      }
    }
  }

  /** Kafka's defaults. */
  public static LogManagerSettings defaults(List<Path> logDirs) {
    return new LogManagerSettings(
        logDirs,
        60_000,
        60_000,
        5_000,
        300_000,
        Long.MAX_VALUE,
        30_000,
        1,
        86_400_000,
        600_000,
        60_000,
        CleanerSettings.defaults());
  }
}
