package io.vitrine.storage;

import io.vitrine.storage.checkpoint.OffsetCheckpoint;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.log.LogContext;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the logs of one log directory, each on a thread of the directory's pool.
 *
 * <p>Used once, at the start, by the thread that opens the manager.
 */
final class DirectoryLoader {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryLoader.class);

  private final LogDirectory directory;
  private final FileAccess files;
  private final LogContext context;
  private final Function<String, LogSettings> topicSettings;
  private final List<Opening> openings = new ArrayList<>();
  private final List<Path> deleted = new ArrayList<>();

  private record Opening(PartitionDirectory.Name name, Path path, Future<PartitionLog> log) {}

  /**
   * What lies in a directory.
   *
   * @param deleted directories that wait to be unlinked
   */
  record Found(List<PartitionLog> logs, List<PartitionLog> futureLogs, List<Path> deleted) {}

  DirectoryLoader(
      LogDirectory directory,
      FileAccess files,
      LogContext context,
      Function<String, LogSettings> topicSettings) {
    this.directory = directory;
    this.files = files;
    this.context = context;
    this.topicSettings = topicSettings;
  }

  /** Hands every log to the threads; {@link #await} collects them. */
  void begin(ExecutorService threads) throws IOException {
    Map<TopicPartition, Long> recoveryPoints = directory.read(OffsetCheckpoint.RECOVERY_POINTS);
    Map<TopicPartition, Long> highWatermarks = directory.read(OffsetCheckpoint.HIGH_WATERMARKS);
    Map<TopicPartition, Long> logStarts = directory.read(OffsetCheckpoint.LOG_STARTS);
    for (Path path : files.list(directory.path())) {
      if (!files.isDirectory(path)) {
        continue;
      }
      Optional<PartitionDirectory.Name> name = PartitionDirectory.parse(path);
      if (name.isEmpty()) {
        LOG.warn("{} is no directory of a partition and is left alone", path);
        continue;
      }
      TopicPartition tp = name.get().partition();
      switch (name.get().kind()) {
        case DELETED -> deleted.add(path);
        case STRAY ->
            LOG.warn(
                "{} was set aside as stray: it is not served; remove it when not needed", path);
        case CURRENT, FUTURE -> {
          PartitionLog.Checkpointed checkpointed =
              new PartitionLog.Checkpointed(
                  logStarts.getOrDefault(tp, 0L),
                  recoveryPoints.getOrDefault(tp, 0L),
                  highWatermarks.getOrDefault(tp, 0L));
          openings.add(
              new Opening(name.get(), path, threads.submit(() -> open(tp, path, checkpointed))));
        }
      }
    }
  }

  private PartitionLog open(TopicPartition tp, Path path, PartitionLog.Checkpointed checkpointed)
      throws IOException {
    return PartitionLog.open(
        tp,
        path,
        topicSettings.apply(tp.topic()),
        checkpointed,
        directory.stoppedCleanly(),
        context);
  }

  /**
   * Waits until all are open.
   *
   * @throws IOException when one could not be opened; the others are let go then
   */
  Found await() throws IOException {
    List<PartitionLog> logs = new ArrayList<>();
    List<PartitionLog> futureLogs = new ArrayList<>();
    IOException failure = null;
    for (Opening opening : openings) {
      try {
        boolean future = opening.name().kind() == PartitionDirectory.Kind.FUTURE;
        (future ? futureLogs : logs).add(opening.log().get());
      } catch (ExecutionException e) {
        failure =
            new IOException("loading " + opening.path() + " failed: " + text(e), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = new IOException("interrupted while logs were loaded", e);
      }
    }
    if (failure != null) {
      logs.forEach(PartitionLog::abandon);
      futureLogs.forEach(PartitionLog::abandon);
      throw failure;
    }
    return new Found(logs, futureLogs, deleted);
  }

  /** Waits until all are open and lets go of them, as after a start that came to nothing. */
  void abandon() {
    for (Opening opening : openings) {
      try {
        opening.log().get().abandon();
      } catch (ExecutionException e) {
        LOG.debug("{} was not opened: {}", opening.path(), text(e));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static String text(ExecutionException e) {
    return e.getCause() instanceof IOException io
        ? DiskErrors.explained(io).getMessage()
        : e.getCause().toString();
  }
}
