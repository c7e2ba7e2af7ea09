package io.vitrine.storage;

import java.nio.file.Path;
import java.util.List;

/**
 * A broker's settings as far as all its logs are concerned; Kafka's names, milliseconds.
 *
 * @param logDirs {@code log.dirs}, at least one
 * @param flushSchedulerIntervalMs {@code log.flush.scheduler.interval.ms}
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
    long producerIdExpirationCheckIntervalMs) {
  public LogManagerSettings {
    logDirs = List.copyOf(logDirs);
    if (logDirs.isEmpty()) {
      throw new IllegalArgumentException("log.dirs must name at least one directory");
    }
  }

  /** Kafka's defaults. */
  public static LogManagerSettings defaults(List<Path> logDirs) {
    return new LogManagerSettings(
        logDirs, 60_000, 60_000, 5_000, 300_000, Long.MAX_VALUE, 30_000, 1, 86_400_000, 600_000);
  }
}
