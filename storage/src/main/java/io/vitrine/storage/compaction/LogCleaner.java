package io.vitrine.storage.compaction;

import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.log.LogContext;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.retention.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts the logs of one broker: always the dirtiest that is dirty enough, on threads of its own.
 *
 * <p>Also runs retention of logs that are compacted, since only one of both may change the segments
 * of a log. A log that cannot be cleaned is left alone from then on, with the reason; the others
 * are still cleaned. Owns its threads and the cleaner checkpoints. Safe from any thread.
 */
public final class LogCleaner implements LogContext.Compaction, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogCleaner.class);

  private volatile CleanerSettings settings;
  private final Supplier<Collection<PartitionLog>> logs;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private volatile Throttle throttle;
  private final String threadPrefix;
  private final Listener listener;
  private final LogContext.Failure failure;
  private final CleanerCheckpoints checkpoints;
  private final CleaningStates states = new CleaningStates();
  private final Map<TopicPartition, String> uncleanable = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Status> statuses = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile CountDownLatch ended = new CountDownLatch(1);

  /** What ends the rest of one thread each. */
  private final Semaphore looks = new Semaphore(0);

  private boolean started;
  private boolean closed;

  /** Of the last pass of each thread. */
  private final Map<Thread, CleanerStats> lastPasses = new ConcurrentHashMap<>();

  private volatile long passedBefore;
  private volatile double dirtiestRatio;
  private volatile long overdueMs;
  private volatile long lastLookMs;

  /** Told of what the cleaner does, on its threads; an implementation only hands over. */
  public interface Listener {
    /** A pass begins. */
    default void cleaningStarted(TopicPartition partition, long firstDirty, long upTo) {}

    /** A pass is over; the log is clean up to an offset. */
    default void cleaned(TopicPartition partition, long upTo, CleanerStats stats) {}

    /** A log is left alone from now on. */
    default void uncleanable(TopicPartition partition, String reason) {}
  }

  /**
   * How a compacted log stands.
   *
   * @param dirtyRatio dirty bytes by all bytes that may be cleaned, between 0 and 1
   * @param inProgress a pass is under way
   * @param lastStats of the last pass
   * @param uncleanableBecause why it is left alone
   */
  public record Status(
      long firstDirtyOffset,
      long firstUncleanableOffset,
      double dirtyRatio,
      boolean inProgress,
      Optional<CleanerStats> lastStats,
      Optional<String> uncleanableBecause) {}

  /** The world around the cleaner. */
  public record Environment(
      FileAccess files,
      InstantSource clock,
      LongSupplier nanoTime,
      String threadPrefix,
      Listener listener,
      LogContext.Failure failure) {}

  /**
   * @param logs all logs there are, asked again for each pass
   */
  public LogCleaner(
      CleanerSettings settings,
      Collection<Path> logDirectories,
      Supplier<Collection<PartitionLog>> logs,
      Environment environment) {
    this.settings = settings;
    this.logs = logs;
    this.clock = environment.clock();
    this.threadPrefix = environment.threadPrefix();
    this.listener = environment.listener();
    this.failure = environment.failure();
    this.nanoTime = environment.nanoTime();
    this.throttle = new Throttle(settings.maxBytesPerSecond(), nanoTime, this::sleep);
    this.lastLookMs = clock.millis();
    this.checkpoints = new CleanerCheckpoints(environment.files(), logDirectories, this::present);
  }

  private Set<TopicPartition> present() {
    return logs.get().stream().map(PartitionLog::topicPartition).collect(Collectors.toSet());
  }

  // ---- threads -------------------------------------------------------------------------------

  /** Begins to clean in the background. */
  public synchronized void start() {
    started = true;
    looks.drainPermits();
    for (int i = 0; i < settings.threads(); i++) {
      Thread thread = new Thread(this::run, threadPrefix + "log-cleaner-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  private void run() {
    Cleaner cleaner = newCleaner();
    while (ended.getCount() > 0) {
      if (!cleanedOne(cleaner)) {
        rest();
      }
    }
  }

  private boolean cleanedOne(Cleaner cleaner) {
    try {
      return cleanOnce(cleaner);
    } catch (RuntimeException e) {
      LOG.error("a round of the log cleaner failed", e);
      return false;
    }
  }

  /** A cleaner with a map and buffers of its own, for one thread. */
  Cleaner newCleaner() {
    return new Cleaner(settings, throttle, clock);
  }

  /** Waits to the end of the back-off, or until somebody wants the logs to be looked at. */
  private void rest() {
    try {
      looks.tryAcquire(settings.backoffMs(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has a thread that rests look for a dirty log at once. */
  public void lookNow() {
    looks.release();
  }

  private void sleep(long nanos) throws InterruptedException {
    if (ended.await(nanos, TimeUnit.NANOSECONDS)) {
      throw new CleaningAbortedException();
    }
  }

  /**
   * Goes on with other settings. A pass under way is given up and begun anew, its log stays as it
   * was.
   */
  public void reconfigure(CleanerSettings next) {
    endThreads();
    synchronized (this) {
      settings = next;
      passedBefore += throttle.total();
      throttle = new Throttle(next.maxBytesPerSecond(), nanoTime, this::sleep);
      if (!closed) {
        ended = new CountDownLatch(1);
        if (started) {
          start();
        }
      }
    }
  }

  /** Ends the threads; a pass under way is given up, its log stays as it was. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    endThreads();
  }

  private void endThreads() {
    List<Thread> all;
    synchronized (this) {
      ended.countDown();
      all = List.copyOf(threads);
      threads.clear();
      looks.release(all.size());
    }
    lastPasses.clear();
    for (Thread thread : all) {
      LockSupport.unpark(thread);
      joinUninterruptibly(thread);
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- one round -----------------------------------------------------------------------------

  /**
   * Cleans the dirtiest log, if one is dirty enough, and runs retention of the compacted ones.
   *
   * @return whether a log was cleaned
   */
  boolean cleanOnce(Cleaner cleaner) {
    Optional<DirtyLog> dirtiest = takeDirtiest();
    dirtiest.ifPresent(dirty -> clean(cleaner, dirty));
    retain();
    Set<TopicPartition> present = present();
    uncleanable.keySet().retainAll(present);
    statuses.keySet().retainAll(present);
    return dirtiest.isPresent();
  }

  private synchronized Optional<DirtyLog> takeDirtiest() {
    DirtyLog dirtiest = null;
    long mostOverdueMs = 0;
    lastLookMs = clock.millis();
    for (PartitionLog log : logs.get()) {
      if (mayClean(log)) {
        DirtyLog dirty = lookAt(log);
        if (dirty != null && dirty.dirtyBytes() > 0) {
          mostOverdueMs = Math.max(mostOverdueMs, dirty.overdueMs());
        }
        if (dirty != null
            && !dirty.empty()
            && dirty.worthCleaning()
            && (dirtiest == null || dirty.ratio() > dirtiest.ratio())) {
          dirtiest = dirty;
        }
      }
    }
    overdueMs = mostOverdueMs;
    dirtiestRatio = dirtiest == null ? 0 : dirtiest.ratio();
    return dirtiest != null && states.begin(dirtiest.log().topicPartition())
        ? Optional.of(dirtiest)
        : Optional.empty();
  }

  private boolean mayClean(PartitionLog log) {
    return log.settings().compact()
        && states.free(log.topicPartition())
        && !uncleanable.containsKey(log.topicPartition());
  }

  /** Null when it cannot be told. */
  private DirtyLog lookAt(PartitionLog log) {
    TopicPartition partition = log.topicPartition();
    try {
      OptionalLong checkpoint = checkpoints.get(log.logDirectory(), partition);
      DirtyLog dirty = DirtyLog.of(log, checkpoint, clock.millis());
      if (dirty.checkpointUnsound()) {
        checkpoints.put(log.logDirectory(), partition, dirty.firstDirtyOffset());
      }
      note(dirty, false, null);
      return dirty;
    } catch (IOException e) {
      failure.failed(log.logDirectory(), e);
    } catch (KafkaStorageException e) {
      LOG.debug("{} is closed or offline: {}", partition, e.getMessage());
    } catch (RuntimeException e) {
      markUncleanable(partition, e);
    }
    return null;
  }

  private void clean(Cleaner cleaner, DirtyLog dirty) {
    PartitionLog log = dirty.log();
    TopicPartition partition = log.topicPartition();
    long end = dirty.firstDirtyOffset();
    note(dirty, true, null);
    listener.cleaningStarted(partition, end, dirty.firstUncleanableOffset());
    try {
      Cleaner.Result result = cleaner.clean(dirty, () -> orAbort(partition));
      end = result.endOffset();
      note(dirty, false, result.stats());
      lastPasses.put(Thread.currentThread(), result.stats());
      listener.cleaned(partition, end, result.stats());
    } catch (CleaningAbortedException e) {
      LOG.debug("cleaning of {} was given up", partition);
    } catch (KafkaStorageException e) {
      LOG.info("{} cannot be cleaned, it is closed or offline: {}", partition, e.getMessage());
    } catch (IOException e) {
      failure.failed(log.logDirectory(), e);
    } catch (RuntimeException e) {
      markUncleanable(partition, e);
    } finally {
      ended(log, end);
    }
  }

  private void orAbort(TopicPartition partition) {
    if (ended.getCount() == 0 || states.aborting(partition)) {
      throw new CleaningAbortedException();
    }
  }

  private void ended(PartitionLog log, long end) {
    if (states.end(log.topicPartition())) {
      try {
        checkpoints.put(log.logDirectory(), log.topicPartition(), end);
      } catch (IOException e) {
        failure.failed(log.logDirectory(), e);
      }
    }
  }

  private void markUncleanable(TopicPartition partition, RuntimeException cause) {
    LOG.warn("{} cannot be cleaned and is left alone from now on", partition, cause);
    uncleanable.put(partition, String.valueOf(cause.getMessage()));
    listener.uncleanable(partition, String.valueOf(cause.getMessage()));
  }

  /** Retention of compacted logs: all of it with {@code compact,delete}, else below the start. */
  private void retain() {
    for (PartitionLog log : logs.get()) {
      TopicPartition partition = log.topicPartition();
      if (mayClean(log) && states.begin(partition)) {
        try {
          log.deleteOldSegments(Retention::choose);
        } catch (KafkaStorageException e) {
          LOG.warn("retention of {} gave up: {}", partition, e.getMessage());
        } finally {
          states.end(partition);
        }
      }
    }
  }

  // ---- what others ask for -------------------------------------------------------------------

  /** Keeps the cleaner from a log until it is resumed; waits until a pass under way has ended. */
  @Override
  public void pause(TopicPartition partition) {
    states.pause(partition);
  }

  /** Takes a pause back. */
  @Override
  public void resume(TopicPartition partition) {
    states.resume(partition);
  }

  /** Takes every log it may take away from the cleaner, for retention; to be resumed. */
  public List<PartitionLog> pauseLogsNotCompacted() {
    List<PartitionLog> taken = new ArrayList<>();
    for (PartitionLog log : logs.get()) {
      if (!log.settings().compact() && states.begin(log.topicPartition())) {
        taken.add(log);
      }
    }
    return taken;
  }

  /** Gives a log back that {@link #pauseLogsNotCompacted} took. */
  public void giveBack(PartitionLog log) {
    states.end(log.topicPartition());
  }

  /** A log was cut: what lies above is to be cleaned again. */
  @Override
  public void truncated(PartitionLog log, long offset) {
    if (log.settings().compact()) {
      try {
        OptionalLong checkpoint = checkpoints.get(log.logDirectory(), log.topicPartition());
        if (checkpoint.isPresent() && checkpoint.getAsLong() > offset) {
          checkpoints.put(log.logDirectory(), log.topicPartition(), offset);
        }
      } catch (IOException e) {
        failure.failed(log.logDirectory(), e);
      }
    }
  }

  /** A log is gone from a directory. */
  public void deleted(Path logDirectory, TopicPartition partition) {
    try {
      checkpoints.remove(logDirectory, partition);
    } catch (IOException e) {
      failure.failed(logDirectory, e);
    }
  }

  /** A log has moved to another directory, and its checkpoint with it. */
  public void moved(TopicPartition partition, Path from, Path to) {
    try {
      OptionalLong checkpoint = checkpoints.get(from, partition);
      if (checkpoint.isPresent()) {
        checkpoints.remove(from, partition);
        checkpoints.put(to, partition, checkpoint.getAsLong());
      }
    } catch (IOException e) {
      failure.failed(to, e);
    }
  }

  /** A directory has failed: its checkpoints are neither read nor written any more. */
  public void directoryFailed(Path logDirectory) {
    checkpoints.failed(logDirectory);
  }

  /** How the compacted logs stand, as of the last look. */
  public Map<TopicPartition, Status> statuses() {
    return Map.copyOf(statuses);
  }

  /** What is to be watched of the cleaner. */
  public CleanerReport report() {
    Collection<CleanerStats> last = lastPasses.values();
    long read = last.stream().mapToLong(CleanerStats::bytesRead).sum();
    long kept = last.stream().mapToLong(CleanerStats::bytesKept).sum();
    int dead;
    synchronized (this) {
      dead = (int) threads.stream().filter(thread -> !thread.isAlive()).count();
    }
    return new CleanerReport(
        last.stream().mapToDouble(CleanerStats::mapUtilization).max().orElse(0),
        (double) kept / Math.max(1, read),
        last.stream().mapToLong(CleanerStats::totalMs).max().orElse(0),
        overdueMs,
        dirtiestRatio,
        clock.millis() - lastLookMs,
        dead,
        passedBefore + throttle.total());
  }

  /** The logs of a directory that are left alone. */
  public List<PartitionLog> uncleanable(Path logDirectory) {
    return logs.get().stream()
        .filter(log -> log.logDirectory().equals(logDirectory))
        .filter(log -> uncleanable.containsKey(log.topicPartition()))
        .toList();
  }

  /** How many bytes of a log wait to be cleaned; 0 when that cannot be told. */
  public long dirtyBytes(PartitionLog log) {
    try {
      OptionalLong checkpoint = checkpoints.get(log.logDirectory(), log.topicPartition());
      return DirtyLog.of(log, checkpoint, clock.millis()).dirtyBytes();
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} cannot be looked at: {}", log.topicPartition(), e.toString());
      return 0;
    }
  }

  private void note(DirtyLog dirty, boolean inProgress, CleanerStats stats) {
    TopicPartition partition = dirty.log().topicPartition();
    Status before = statuses.get(partition);
    statuses.put(
        partition,
        new Status(
            dirty.firstDirtyOffset(),
            dirty.firstUncleanableOffset(),
            dirty.empty() ? 0 : dirty.ratio(),
            inProgress,
            stats == null && before != null ? before.lastStats() : Optional.ofNullable(stats),
            Optional.ofNullable(uncleanable.get(partition))));
  }
}
