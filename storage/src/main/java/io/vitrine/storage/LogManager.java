package io.vitrine.storage;

import io.vitrine.storage.checkpoint.OffsetCheckpoint;
import io.vitrine.storage.file.DirectoryLockedException;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.log.DecompressionBuffers;
import io.vitrine.storage.log.LogContext;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.retention.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All logs of one broker over all its log directories.
 *
 * <p>Owns the directories' locks and every {@link PartitionLog}. Creation and deletion are guarded
 * by this object; look-ups take no lock. Background work runs on the environment's scheduler.
 */
public final class LogManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogManager.class);
  private static final String DELETE_SUFFIX = "-delete";

  private final LogManagerSettings settings;
  private final Function<String, LogSettings> topicSettings;
  private final StorageEnvironment environment;
  private final FileAccess files;
  private final DecompressionBuffers decompression = new DecompressionBuffers();
  private final List<LogDirectory> directories = new ArrayList<>();
  private final Set<Path> offline = ConcurrentHashMap.newKeySet();
  private final Map<TopicPartition, PartitionLog> logs = new ConcurrentHashMap<>();
  private final List<ScheduledFuture<?>> tasks = new ArrayList<>();
  private boolean highWatermarksScheduled;
  private boolean ended;

  private LogManager(
      LogManagerSettings settings,
      Function<String, LogSettings> topicSettings,
      StorageEnvironment environment) {
    this.settings = settings;
    this.topicSettings = topicSettings;
    this.environment = environment;
    this.files = environment.files();
  }

  /**
   * Locks the directories, loads every log and recovers those that were not closed cleanly.
   *
   * @param topicSettings settings of a topic by its name
   * @throws KafkaStorageException when a directory is locked by another, or none can be used
   */
  public static LogManager open(
      LogManagerSettings settings,
      Function<String, LogSettings> topicSettings,
      StorageEnvironment environment) {
    LogManager manager = new LogManager(settings, topicSettings, environment);
    try {
      manager.openDirectories();
      manager.loadLogs();
      return manager;
    } catch (RuntimeException e) {
      manager.abandon();
      throw e;
    }
  }

  private void openDirectories() {
    IOException last = null;
    for (Path path : settings.logDirs()) {
      try {
        directories.add(LogDirectory.open(files, path));
      } catch (DirectoryLockedException e) {
        throw new KafkaStorageException(e.getMessage(), e);
      } catch (IOException e) {
        last = e;
        LOG.error("log directory {} cannot be used: {}", path, e.toString());
        offline.add(path);
        environment.observer().logDirectoryFailed(path, e);
      }
    }
    if (directories.isEmpty()) {
      throw new KafkaStorageException(
          "none of log.dirs "
              + settings.logDirs()
              + " can be used: make one writable or name another ("
              + last
              + ")",
          last);
    }
  }

  private void loadLogs() {
    for (LogDirectory directory : directories) {
      ExecutorService threads =
          Executors.newFixedThreadPool(
              settings.recoveryThreadsPerDir(),
              task -> new Thread(task, environment.threadPrefix() + "recovery"));
      try {
        loadDirectory(directory, threads);
      } catch (IOException e) {
        directoryFailed(directory.path(), e);
      } finally {
        threads.shutdown();
      }
    }
  }

  private void loadDirectory(LogDirectory directory, ExecutorService threads) throws IOException {
    Map<TopicPartition, Long> recoveryPoints = directory.read(OffsetCheckpoint.RECOVERY_POINTS);
    Map<TopicPartition, Long> highWatermarks = directory.read(OffsetCheckpoint.HIGH_WATERMARKS);
    Map<TopicPartition, Long> logStarts = directory.read(OffsetCheckpoint.LOG_STARTS);
    List<Future<PartitionLog>> loading = new ArrayList<>();
    for (Path path : files.list(directory.path())) {
      String name = path.getFileName().toString();
      if (name.endsWith(DELETE_SUFFIX)) {
        files.delete(path);
        continue;
      }
      Optional<TopicPartition> partition = PartitionDirectory.parse(path);
      if (partition.isEmpty()) {
        continue;
      }
      TopicPartition tp = partition.get();
      PartitionLog.Checkpointed checkpointed =
          new PartitionLog.Checkpointed(
              logStarts.getOrDefault(tp, 0L),
              recoveryPoints.getOrDefault(tp, 0L),
              highWatermarks.getOrDefault(tp, 0L));
      loading.add(
          threads.submit(
              () ->
                  PartitionLog.open(
                      tp,
                      path,
                      topicSettings.apply(tp.topic()),
                      checkpointed,
                      directory.stoppedCleanly(),
                      context())));
    }
    for (Future<PartitionLog> each : loading) {
      add(await(each));
    }
  }

  private void add(PartitionLog log) throws IOException {
    PartitionLog other = logs.putIfAbsent(log.topicPartition(), log);
    if (other != null) {
      log.abandon();
      throw new IOException(
          log.topicPartition()
              + " lies in two directories, "
              + other.directory()
              + " and "
              + log.directory()
              + ": move the older one away");
    }
  }

  private static PartitionLog await(Future<PartitionLog> loading) throws IOException {
    try {
      return loading.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while logs were loaded", e);
    }
  }

  private LogContext context() {
    return new LogContext(
        files,
        environment.clock(),
        environment.scheduler(),
        environment.random(),
        decompression,
        settings.producerIdExpirationMs(),
        environment.observer(),
        this::directoryFailed);
  }

  // ---- logs ----------------------------------------------------------------------------------

  public List<Path> liveDirectories() {
    return directories.stream().filter(LogDirectory::online).map(LogDirectory::path).toList();
  }

  public List<Path> offlineDirectories() {
    return List.copyOf(offline);
  }

  /** The log of a partition, if this broker has it in a directory that works. */
  public Optional<PartitionLog> log(TopicPartition partition) {
    return Optional.ofNullable(logs.get(partition));
  }

  public Collection<PartitionLog> logs() {
    return List.copyOf(logs.values());
  }

  /**
   * The log of a partition, made in the directory with the fewest partitions when there is none.
   *
   * @throws org.apache.kafka.common.errors.InconsistentTopicIdException when the log there is of
   *     another topic
   * @throws KafkaStorageException when no directory works
   */
  public synchronized PartitionLog getOrCreate(TopicPartition partition, Optional<Uuid> topicId) {
    PartitionLog log = logs.get(partition);
    if (log == null) {
      log = create(partition);
    }
    topicId.ifPresent(log::assignTopicId);
    return log;
  }

  private PartitionLog create(TopicPartition partition) {
    if (ended) {
      throw new KafkaStorageException("the logs are closed");
    }
    LogDirectory directory = leastFilled();
    try {
      PartitionLog log =
          PartitionLog.open(
              partition,
              directory.path().resolve(partition.toString()),
              topicSettings.apply(partition.topic()),
              PartitionLog.Checkpointed.NOTHING,
              true,
              context());
      logs.put(partition, log);
      return log;
    } catch (IOException e) {
      directoryFailed(directory.path(), e);
      throw new KafkaStorageException(
          "creating " + partition + " in " + directory.path() + " failed: " + e.getMessage(), e);
    }
  }

  /** Counts partitions, never bytes, as Kafka does. */
  private LogDirectory leastFilled() {
    return directories.stream()
        .filter(LogDirectory::online)
        .min(Comparator.comparingLong(d -> partitionsIn(d.path())))
        .orElseThrow(() -> new KafkaStorageException("no log directory is online"));
  }

  private long partitionsIn(Path directory) {
    return logs.values().stream().filter(log -> log.logDirectory().equals(directory)).count();
  }

  /** Renames a partition's directory away now; its files are unlinked after the topic's delay. */
  public synchronized void delete(TopicPartition partition) {
    PartitionLog log = logs.remove(partition);
    if (log == null) {
      return;
    }
    Path away = log.logDirectory().resolve(PartitionDirectory.deletedName(partition));
    log.renameAndClose(away);
    environment
        .scheduler()
        .schedule(
            () -> unlink(away, log.logDirectory()),
            log.settings().fileDeleteDelayMs(),
            TimeUnit.MILLISECONDS);
  }

  private void unlink(Path directory, Path logDirectory) {
    try {
      files.delete(directory);
    } catch (IOException e) {
      directoryFailed(logDirectory, e);
    }
  }

  /** Applies a topic's settings to its logs. */
  public void updateSettings(String topic, LogSettings now) {
    for (PartitionLog log : logs.values()) {
      if (log.topicPartition().topic().equals(topic)) {
        log.updateSettings(now);
      }
    }
  }

  // ---- background ----------------------------------------------------------------------------

  /** Begins retention, flushes and checkpoints. */
  public synchronized void startBackgroundTasks() {
    repeat(this::runRetention, settings.initialTaskDelayMs(), settings.retentionCheckIntervalMs());
    repeat(
        () -> checkpoint(LogDirectory::writeRecoveryPoints),
        settings.initialTaskDelayMs(),
        settings.flushCheckpointIntervalMs());
    repeat(
        () -> checkpoint(LogDirectory::writeLogStarts),
        settings.initialTaskDelayMs(),
        settings.startOffsetCheckpointIntervalMs());
    repeat(
        () -> logs.values().forEach(PartitionLog::expireProducers),
        settings.producerIdExpirationCheckIntervalMs(),
        settings.producerIdExpirationCheckIntervalMs());
    if (settings.flushSchedulerIntervalMs() != Long.MAX_VALUE) {
      repeat(
          () -> logs.values().forEach(PartitionLog::flushIfDue),
          settings.initialTaskDelayMs(),
          settings.flushSchedulerIntervalMs());
    }
  }

  /** Begins the high-watermark checkpoints; asked for after the first LeaderAndIsr. */
  public synchronized void startHighWatermarkCheckpoints() {
    if (!highWatermarksScheduled && !ended) {
      highWatermarksScheduled = true;
      repeat(
          this::checkpointHighWatermarks,
          settings.highWatermarkCheckpointIntervalMs(),
          settings.highWatermarkCheckpointIntervalMs());
    }
  }

  public void checkpointHighWatermarks() {
    checkpoint(LogDirectory::writeHighWatermarks);
  }

  /** One round of retention over all logs. */
  public void runRetention() {
    for (PartitionLog log : logs.values()) {
      try {
        log.deleteOldSegments(Retention::choose);
      } catch (KafkaStorageException e) {
        LOG.warn("retention of {} gave up: {}", log.topicPartition(), e.getMessage());
      }
    }
  }

  private interface Checkpoint {
    void write(LogDirectory directory, Collection<PartitionLog> logs) throws IOException;
  }

  private void checkpoint(Checkpoint checkpoint) {
    for (LogDirectory directory : directories) {
      if (directory.online()) {
        try {
          checkpoint.write(directory, logs.values());
        } catch (IOException e) {
          directoryFailed(directory.path(), e);
        }
      }
    }
  }

  private void repeat(Runnable task, long delayMs, long periodMs) {
    Runnable guarded =
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.error("a background task of the logs failed", e);
          }
        };
    tasks.add(
        environment
            .scheduler()
            .scheduleWithFixedDelay(guarded, delayMs, periodMs, TimeUnit.MILLISECONDS));
  }

  /** Takes a directory offline: its logs are let go, the others serve on. */
  private void directoryFailed(Path path, IOException cause) {
    for (LogDirectory directory : directories) {
      if (directory.path().equals(path) && directory.takeOffline()) {
        LOG.error("log directory {} is offline from now on: {}", path, cause.toString());
        offline.add(path);
        for (PartitionLog log : List.copyOf(logs.values())) {
          if (log.logDirectory().equals(path)) {
            logs.remove(log.topicPartition(), log);
            environment.scheduler().execute(log::abandon);
          }
        }
        environment.observer().logDirectoryFailed(path, cause);
      }
    }
  }

  // ---- end -----------------------------------------------------------------------------------

  /** Stops cleanly: every log flushed and closed, checkpoints and the marker written. */
  @Override
  public synchronized void close() {
    if (ended) {
      return;
    }
    ended = true;
    tasks.forEach(task -> task.cancel(false));
    for (LogDirectory directory : directories) {
      if (directory.online()) {
        closeDirectory(directory);
      }
      directory.unlock();
    }
    logs.clear();
  }

  private void closeDirectory(LogDirectory directory) {
    try {
      for (PartitionLog log : logs.values()) {
        if (log.logDirectory().equals(directory.path())) {
          log.close();
        }
      }
      directory.writeRecoveryPoints(logs.values());
      directory.writeHighWatermarks(logs.values());
      directory.writeLogStarts(logs.values());
      directory.writeCleanShutdownMarker();
    } catch (IOException | KafkaStorageException e) {
      LOG.error(
          "{} was not closed cleanly and will be recovered at the next start: {}",
          directory.path(),
          e.toString());
    }
  }

  /** Lets go of everything as a crash would: no flush, no checkpoint, no marker. */
  public synchronized void abandon() {
    if (ended) {
      return;
    }
    ended = true;
    tasks.forEach(task -> task.cancel(false));
    logs.values().forEach(PartitionLog::abandon);
    logs.clear();
    directories.forEach(LogDirectory::unlock);
  }
}
