package io.vitrine.storage;

import io.vitrine.storage.compaction.CleanerReport;
import io.vitrine.storage.compaction.LogCleaner;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.log.DecompressionBuffers;
import io.vitrine.storage.log.LogContext;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.LookupBuffers;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.retention.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All logs of one broker over all its log directories.
 *
 * <p>Owns the directories' locks and every {@link PartitionLog}: the log that is served, and where
 * a replica is on its way to another directory, its future log there. Creation, deletion and the
 * exchange of the two are guarded by this object, taken before a log's lock; look-ups take no lock.
 * Background work runs on the environment's scheduler.
 */
public final class LogManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogManager.class);
  private volatile LogManagerSettings settings;
  private final Function<String, LogSettings> topicSettings;
  private final StorageEnvironment environment;
  private final FileAccess files;
  private final DecompressionBuffers decompression = new DecompressionBuffers();
  private final LookupBuffers lookups = new LookupBuffers();
  private final LogCleaner cleaner;
  private final Set<TopicPartition> notCleaned = ConcurrentHashMap.newKeySet();
  private final LogDirectories directories;
  private final Map<TopicPartition, PartitionLog> logs = new ConcurrentHashMap<>();
  private final Map<TopicPartition, PartitionLog> futureLogs = new ConcurrentHashMap<>();
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
    this.directories = new LogDirectories(settings.logDirs());
    this.cleaner = settings.cleaner().enabled() ? newCleaner() : null;
  }

  private LogCleaner newCleaner() {
    return new LogCleaner(
        settings.cleaner(),
        settings.logDirs(),
        logs::values,
        new LogCleaner.Environment(
            files,
            environment.clock(),
            environment.nanoTime(),
            environment.threadPrefix(),
            environment.observer(),
            this::directoryFailed));
  }

  /**
   * Locks the directories, loads every log and recovers those that were not closed cleanly.
   *
   * @param topicSettings settings of a topic by its name
   * @throws KafkaStorageException when a directory is locked by another, none can be used, or two
   *     hold the same partition
   */
  public static LogManager open(
      LogManagerSettings settings,
      Function<String, LogSettings> topicSettings,
      StorageEnvironment environment) {
    LogManager manager = new LogManager(settings, topicSettings, environment);
    try {
      manager.directories.open(manager.files, environment.observer());
      manager.loadLogs();
      return manager;
    } catch (RuntimeException e) {
      manager.abandon();
      throw e;
    }
  }

  /** All directories load at once, each with its own threads. */
  private void loadLogs() {
    Map<LogDirectory, DirectoryLoader> loaders = new HashMap<>();
    List<ExecutorService> pools = new ArrayList<>();
    IOException last = null;
    try {
      for (LogDirectory directory : directories.opened()) {
        ExecutorService threads =
            Executors.newFixedThreadPool(
                settings.recoveryThreadsPerDir(),
                task -> new Thread(task, environment.threadPrefix() + "recovery"));
        pools.add(threads);
        DirectoryLoader loader = new DirectoryLoader(directory, files, context(), topicSettings);
        loaders.put(directory, loader);
        try {
          loader.begin(threads);
        } catch (IOException e) {
          last = e;
          directoryFailed(directory.path(), e);
        }
      }
      for (LogDirectory directory : directories.opened()) {
        try {
          takeIn(directory, loaders.get(directory).await());
        } catch (IOException e) {
          last = e;
          directoryFailed(directory.path(), e);
        }
      }
    } catch (RuntimeException e) {
      loaders.values().forEach(DirectoryLoader::abandon);
      throw e;
    } finally {
      pools.forEach(ExecutorService::shutdown);
    }
    if (directories.online().isEmpty()) {
      throw directories.noneLeft(DiskErrors.explained(last));
    }
  }

  private void takeIn(LogDirectory directory, DirectoryLoader.Found found) {
    if (!directory.online()) {
      found.logs().forEach(PartitionLog::abandon);
      found.futureLogs().forEach(PartitionLog::abandon);
      return;
    }
    found.logs().forEach(this::add);
    found.futureLogs().forEach(this::addFuture);
    found.deleted().forEach(path -> unlinkLater(path, directory.path()));
  }

  private void add(PartitionLog log) {
    PartitionLog other = logs.putIfAbsent(log.topicPartition(), log);
    if (other == null) {
      return;
    }
    if (isSame(other, log)) {
      LOG.warn(
          "{} and {} hold the same log: the exchange of a moved replica was cut off. The latter"
              + " goes",
          other.directory(),
          log.directory());
      other.updateHighWatermark(Math.max(other.highWatermark(), log.highWatermark()));
      deleteFiles(log);
      return;
    }
    log.abandon();
    throw new KafkaStorageException(
        log.topicPartition()
            + " lies in two directories, "
            + other.directory()
            + " and "
            + log.directory()
            + ", with different records. It is likely that a log directory failed while a replica"
            + " was moved. Remove one of the two and start again: the one in the directory that is"
            + " known to have failed");
  }

  /** Between the two renames of an exchange a crash leaves two logs that are alike to the end. */
  private static boolean isSame(PartitionLog one, PartitionLog other) {
    return one.topicId().equals(other.topicId())
        && one.logEndOffset() == other.logEndOffset()
        && one.logStartOffset() == other.logStartOffset()
        && one.epochEntries().equals(other.epochEntries());
  }

  private void addFuture(PartitionLog log) {
    PartitionLog other = futureLogs.putIfAbsent(log.topicPartition(), log);
    if (other != null) {
      log.abandon();
      throw new KafkaStorageException(
          log.topicPartition()
              + " has two future replicas, "
              + other.directory()
              + " and "
              + log.directory()
              + ": remove one of the two and start again");
    }
    pauseCleaning(log.topicPartition());
  }

  /** A replica that is moved is not cleaned: its future log is a copy of segments that stay. */
  private void pauseCleaning(TopicPartition moving) {
    if (cleaner != null && notCleaned.add(moving)) {
      cleaner.pause(moving);
    }
  }

  private void resumeCleaning(TopicPartition moved) {
    if (cleaner != null && notCleaned.remove(moved)) {
      cleaner.resume(moved);
    }
  }

  private LogContext context() {
    return new LogContext(
        files,
        environment.clock(),
        environment.scheduler(),
        environment.random(),
        decompression,
        lookups,
        () -> settings.producerIdExpirationMs(),
        cleaner == null ? LogContext.Compaction.NONE : cleaner,
        environment.observer(),
        this::directoryFailed);
  }

  // ---- logs ----------------------------------------------------------------------------------

  public List<Path> liveDirectories() {
    return directories.online().stream().map(LogDirectory::path).toList();
  }

  public List<Path> offlineDirectories() {
    return directories.offline();
  }

  /** The log of a partition, if this broker has it in a directory that works. */
  public Optional<PartitionLog> log(TopicPartition partition) {
    return Optional.ofNullable(logs.get(partition));
  }

  /** The log a partition's replica is being moved to. */
  public Optional<PartitionLog> futureLog(TopicPartition partition) {
    return Optional.ofNullable(futureLogs.get(partition));
  }

  public Collection<PartitionLog> logs() {
    return List.copyOf(logs.values());
  }

  public Collection<PartitionLog> futureLogs() {
    return List.copyOf(futureLogs.values());
  }

  private List<PartitionLog> allLogs() {
    List<PartitionLog> all = new ArrayList<>(logs.values());
    all.addAll(futureLogs.values());
    return all;
  }

  /**
   * The log of a partition, made when there is none: in the directory that was asked for, else in
   * the one with the fewest logs.
   *
   * @param isNew whether the replica never was on this broker. One that was may lie in a directory
   *     that is offline, so nothing is made for it while there is such a directory
   * @throws org.apache.kafka.common.errors.InconsistentTopicIdException when the log there is of
   *     another topic
   * @throws KafkaStorageException when no directory works, or see isNew
   */
  public PartitionLog getOrCreate(TopicPartition partition, Optional<Uuid> topicId, boolean isNew) {
    PartitionLog log = getOrCreate(partition, isNew);
    // Not under this object's monitor: the id is forced to the disk.
    topicId.ifPresent(log::assignTopicId);
    return log;
  }

  private synchronized PartitionLog getOrCreate(TopicPartition partition, boolean isNew) {
    PartitionLog log = logs.get(partition);
    if (log == null) {
      requireWhole(partition, isNew);
      log = create(partition, partition.toString(), directories.candidates(partition, allLogs()));
      keep(log, logs);
    }
    return log;
  }

  private void requireWhole(TopicPartition partition, boolean isNew) {
    List<Path> offline = directories.offline();
    if (!isNew && !offline.isEmpty()) {
      throw new KafkaStorageException(
          "no log is made for "
              + partition
              + ": it may lie in a directory that is offline, "
              + offline);
    }
  }

  private PartitionLog create(TopicPartition partition, String name, List<Path> candidates) {
    if (ended) {
      throw new KafkaStorageException("the logs are closed");
    }
    for (Path candidate : candidates) {
      Path path = candidate.resolve(name);
      if (directories.isOnline(candidate) && makeDirectory(path)) {
        return openNew(partition, path);
      }
    }
    throw new KafkaStorageException(
        "no log directory can take "
            + partition
            + ": tried "
            + candidates
            + ", offline are "
            + offlineDirectories());
  }

  private boolean makeDirectory(Path path) {
    try {
      files.createDirectories(path);
      return true;
    } catch (IOException e) {
      directoryFailed(path.getParent(), e);
      return false;
    }
  }

  private PartitionLog openNew(TopicPartition partition, Path path) {
    try {
      return PartitionLog.open(
          partition,
          path,
          topicSettings.apply(partition.topic()),
          PartitionLog.Checkpointed.NOTHING,
          true,
          context());
    } catch (IOException e) {
      directoryFailed(path.getParent(), e);
      throw new KafkaStorageException("creating " + path + " failed: " + e.getMessage(), e);
    }
  }

  /** A directory that failed while its log was being made does not know of it. */
  private void keep(PartitionLog log, Map<TopicPartition, PartitionLog> among) {
    among.put(log.topicPartition(), log);
    directories.placed(log.topicPartition());
    if (!directories.isOnline(log.logDirectory())) {
      among.remove(log.topicPartition(), log);
      log.abandon();
      throw new KafkaStorageException("log directory " + log.logDirectory() + " is offline");
    }
  }

  /** Renames a partition's directories away now; the files are unlinked after a delay. */
  public synchronized void delete(TopicPartition partition) {
    PartitionLog log = logs.remove(partition);
    if (log != null) {
      pauseCleaning(partition);
      try {
        deleteFiles(log);
      } finally {
        resumeCleaning(partition);
      }
    }
    deleteFuture(partition);
  }

  private void deleteFiles(PartitionLog log) {
    Path away = log.logDirectory().resolve(PartitionDirectory.deletedName(log.topicPartition()));
    log.renameAndClose(away);
    if (cleaner != null) {
      cleaner.deleted(log.logDirectory(), log.topicPartition());
    }
    unlinkLater(away, log.logDirectory());
  }

  private void unlinkLater(Path directory, Path logDirectory) {
    environment
        .scheduler()
        .schedule(
            () -> unlink(directory, logDirectory),
            settings.directoryDeleteDelayMs(),
            TimeUnit.MILLISECONDS);
  }

  private void unlink(Path directory, Path logDirectory) {
    try {
      files.delete(directory);
    } catch (IOException e) {
      directoryFailed(logDirectory, e);
    }
  }

  // ---- moving a replica to another directory -------------------------------------------------

  /**
   * Checks that a replica can be moved to a directory.
   *
   * @throws InvalidTopicException when the name of its directory there would be too long
   * @throws org.apache.kafka.common.errors.LogDirNotFoundException when it is none of log.dirs
   * @throws KafkaStorageException when it is offline
   */
  public void requireMovable(TopicPartition partition, Path destination) {
    if (PartitionDirectory.futureNameTooLong(partition)) {
      throw new InvalidTopicException("the name of topic " + partition.topic() + " is too long");
    }
    directories.requireOnline(destination);
  }

  /** Remembers where a partition's next log is to be made, unless it has one there. */
  public void preferDirectory(TopicPartition partition, Path directory) {
    boolean there =
        List.of(log(partition), futureLog(partition)).stream()
            .flatMap(Optional::stream)
            .anyMatch(log -> log.logDirectory().equals(directory));
    if (!there) {
      directories.prefer(partition, directory);
    }
  }

  /**
   * The future log of a partition, made in the preferred directory when there is none.
   *
   * @throws KafkaStorageException while a directory is offline, which may hold one already
   * @throws IllegalStateException when the log is in the preferred directory, or none is preferred
   */
  public synchronized PartitionLog getOrCreateFuture(TopicPartition partition) {
    PartitionLog future = futureLogs.get(partition);
    if (future == null) {
      requireWhole(partition, false);
      PartitionLog current =
          log(partition).orElseThrow(() -> new KafkaStorageException(partition + " has no log"));
      List<Path> wish = directories.candidates(partition, List.of());
      if (wish.size() != 1 || wish.contains(current.logDirectory())) {
        throw new IllegalStateException(partition + " is asked to move nowhere");
      }
      future = create(partition, PartitionDirectory.futureName(partition), wish);
      keep(future, futureLogs);
      pauseCleaning(partition);
      current.topicId().ifPresent(future::assignTopicId);
    }
    return future;
  }

  /** Gives a move up: the future log is renamed away and unlinked later. */
  public synchronized void deleteFuture(TopicPartition partition) {
    PartitionLog future = futureLogs.remove(partition);
    if (future != null) {
      resumeCleaning(partition);
      deleteFiles(future);
    }
  }

  /**
   * The future log takes the log's place. The caller sees to it that both are alike and nobody
   * appends.
   *
   * <p>Crash order: the future directory gets the plain name, then the old one is renamed away.
   * Stopped in between, two directories hold the same log and the next start drops one of them.
   *
   * @return the log from now on
   * @throws KafkaStorageException when either is offline, or the disk fails
   */
  public synchronized PartitionLog replaceWithFuture(TopicPartition partition) {
    PartitionLog current = logs.get(partition);
    PartitionLog future = futureLogs.get(partition);
    if (current == null || future == null) {
      throw new KafkaStorageException(
          "the " + (current == null ? "log" : "future log") + " of " + partition + " is offline");
    }
    future.rename(future.logDirectory().resolve(partition.toString()));
    future.updateHighWatermark(current.highWatermark());
    futureLogs.remove(partition);
    logs.put(partition, future);
    if (cleaner != null) {
      cleaner.moved(partition, current.logDirectory(), future.logDirectory());
    }
    try {
      deleteFiles(current);
      directories.get(current.logDirectory()).ifPresent(this::checkpointOffsets);
    } catch (KafkaStorageException e) {
      // The old directory failed; what is served lies in the new one.
      LOG.error("{} was moved, what is left of it cannot be removed", partition, e);
      current.abandon();
    } finally {
      resumeCleaning(partition);
    }
    return future;
  }

  private void checkpointOffsets(LogDirectory directory) {
    try {
      directory.writeRecoveryPoints(allLogs());
      directory.writeLogStarts(allLogs());
    } catch (IOException e) {
      directoryFailed(directory.path(), e);
    }
  }

  /** Applies a topic's settings to its logs. */
  public void updateSettings(String topic, LogSettings now) {
    for (PartitionLog log : allLogs()) {
      if (log.topicPartition().topic().equals(topic)) {
        log.updateSettings(now);
      }
    }
  }

  /**
   * Takes settings that changed while the logs are open: the cleaner's, {@code
   * producer.id.expiration.ms} and {@code log.segment.delete.delay.ms}. The others are as they
   * were.
   */
  public void reconfigure(LogManagerSettings next) {
    boolean cleanerChanged = !next.cleaner().equals(settings.cleaner());
    settings = next;
    if (cleaner != null && cleanerChanged) {
      cleaner.reconfigure(next.cleaner());
    }
  }

  // ---- background ----------------------------------------------------------------------------

  /** Begins retention, flushes and checkpoints. */
  public synchronized void startBackgroundTasks() {
    if (cleaner != null) {
      cleaner.start();
    }
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
        () -> allLogs().forEach(PartitionLog::expireProducers),
        settings.producerIdExpirationCheckIntervalMs(),
        settings.producerIdExpirationCheckIntervalMs());
    if (settings.flushSchedulerIntervalMs() != Long.MAX_VALUE) {
      repeat(
          () -> allLogs().forEach(PartitionLog::flushIfDue),
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

  /** One round of retention over all logs that are not compacted; the cleaner sees to those. */
  public void runRetention() {
    if (cleaner == null) {
      logs.values().stream().filter(log -> !log.settings().compact()).forEach(this::retain);
      return;
    }
    for (PartitionLog log : cleaner.pauseLogsNotCompacted()) {
      try {
        retain(log);
      } finally {
        cleaner.giveBack(log);
      }
    }
  }

  /** The log and, while its replica is being moved, the future one. */
  private void retain(PartitionLog log) {
    try {
      log.deleteOldSegments(Retention::choose);
      PartitionLog future = futureLogs.get(log.topicPartition());
      if (future != null) {
        future.deleteOldSegments(Retention::choose);
      }
    } catch (KafkaStorageException e) {
      LOG.warn("retention of {} gave up: {}", log.topicPartition(), e.getMessage());
    }
  }

  /** Has the cleaner look for a dirty log now rather than after its back-off; returns at once. */
  public void lookForDirtyLogs() {
    if (cleaner != null) {
      cleaner.lookNow();
    }
  }

  /** How the compacted logs stand; empty when compaction is switched off. */
  public Map<TopicPartition, LogCleaner.Status> cleanerStatuses() {
    return cleaner == null ? Map.of() : cleaner.statuses();
  }

  /** How the cleaner does; empty when compaction is switched off. */
  public Optional<CleanerReport> cleanerReport() {
    return Optional.ofNullable(cleaner).map(LogCleaner::report);
  }

  /** The logs of a directory the cleaner leaves alone, each with the bytes that wait there. */
  public Map<TopicPartition, Long> uncleanable(Path logDirectory) {
    if (cleaner == null) {
      return Map.of();
    }
    return cleaner.uncleanable(logDirectory).stream()
        .collect(Collectors.toMap(PartitionLog::topicPartition, cleaner::dirtyBytes));
  }

  private interface Checkpoint {
    void write(LogDirectory directory, Collection<PartitionLog> logs) throws IOException;
  }

  private void checkpoint(Checkpoint checkpoint) {
    for (LogDirectory directory : directories.online()) {
      try {
        checkpoint.write(directory, allLogs());
      } catch (IOException e) {
        directoryFailed(directory.path(), e);
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
    Optional<LogDirectory> failed = directories.get(path);
    if (failed.isEmpty() || !failed.get().takeOffline()) {
      return;
    }
    IOException explained = DiskErrors.explained(cause);
    LOG.error("log directory {} is offline from now on: {}", path, explained.toString());
    if (cleaner != null) {
      cleaner.directoryFailed(path);
    }
    letGo(logs, path);
    futureLogs.values().stream()
        .filter(future -> future.logDirectory().equals(path))
        .forEach(future -> resumeCleaning(future.topicPartition()));
    letGo(futureLogs, path);
    environment.observer().logDirectoryFailed(path, explained);
  }

  private void letGo(Map<TopicPartition, PartitionLog> among, Path path) {
    for (PartitionLog log : List.copyOf(among.values())) {
      if (log.logDirectory().equals(path)) {
        among.remove(log.topicPartition(), log);
        environment.scheduler().execute(log::abandon);
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
    if (cleaner != null) {
      cleaner.close();
    }
    for (LogDirectory directory : directories.opened()) {
      if (directory.online()) {
        closeDirectory(directory);
      }
      directory.unlock();
    }
    logs.clear();
    futureLogs.clear();
  }

  /** Closes a directory's logs; when one cannot be closed all of them are let go. */
  private void closeDirectory(LogDirectory directory) {
    List<PartitionLog> its =
        allLogs().stream().filter(log -> log.logDirectory().equals(directory.path())).toList();
    try {
      its.forEach(PartitionLog::close);
      directory.writeRecoveryPoints(allLogs());
      directory.writeHighWatermarks(allLogs());
      directory.writeLogStarts(allLogs());
      directory.writeCleanShutdownMarker();
    } catch (IOException | KafkaStorageException e) {
      LOG.error(
          "{} was not closed cleanly and will be recovered at the next start: {}",
          directory.path(),
          e.toString());
      its.forEach(PartitionLog::abandon);
    }
  }

  /** Lets go of everything as a crash would: no flush, no checkpoint, no marker. */
  public synchronized void abandon() {
    if (ended) {
      return;
    }
    ended = true;
    tasks.forEach(task -> task.cancel(false));
    if (cleaner != null) {
      cleaner.close();
    }
    allLogs().forEach(PartitionLog::abandon);
    logs.clear();
    futureLogs.clear();
    directories.opened().forEach(LogDirectory::unlock);
  }
}
