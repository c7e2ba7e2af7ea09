package io.vitrine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.file.FaultyFiles;
import io.vitrine.storage.file.FileFault;
import io.vitrine.storage.file.FileOperation;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.log.LogFixture;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.ReadBound;
import io.vitrine.storage.testing.ManualClock;
import io.vitrine.storage.testing.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M34, M76: a broker's logs with their checkpoints are stopped at every step that changes the disk,
 * from the first start to the clean stop, and opened again: what was acknowledged is there, the
 * high watermark and the log start never lie beyond what was known, and a checkpoint is the old one
 * or the new one.
 */
class LogManagerCrashTest {
  private static final TopicPartition A = new TopicPartition("a", 0);
  private static final TopicPartition B = new TopicPartition("b", 3);

  @TempDir private Path directory;

  private final Map<TopicPartition, Long> acknowledged = new HashMap<>();

  private static LogManager open(FaultyFiles files, Path place, ManualScheduler scheduler) {
    return LogManager.open(
        LogManagerSettings.defaults(List.of(place)),
        topic -> LogSettings.defaults().with(s -> s.segmentBytes(300)),
        new StorageEnvironment(
            new ManualClock(Instant.ofEpochMilli(LogFixture.NOW_MS)),
            System::nanoTime,
            scheduler,
            new Random(1),
            files,
            new LogObserver() {},
            "broker-1-"));
  }

  private void live(FaultyFiles files, Path place) {
    ManualScheduler scheduler = new ManualScheduler();
    LogManager logs = open(files, place, scheduler);
    try {
      logs.startHighWatermarkCheckpoints();
      for (TopicPartition partition : List.of(A, B)) {
        append(logs, partition, 6);
      }
      scheduler.advance(5_000);
      logs.log(A).ifPresent(log -> log.maybeIncrementLogStartOffset(2));
      append(logs, A, 6);
      logs.startBackgroundTasks();
      scheduler.advance(60_000);
      acknowledged.remove(B);
      logs.delete(B);
      scheduler.advance(60_000);
      append(logs, A, 3);
      logs.close();
    } finally {
      logs.abandon();
    }
  }

  private void append(LogManager logs, TopicPartition partition, int batches) {
    PartitionLog log = logs.getOrCreate(partition, Optional.empty(), true);
    for (int i = 0; i < batches; i++) {
      log.appendAsLeader(LogFixture.batch("one", "two"), 0, Origin.CLIENT);
      acknowledged.put(partition, log.logEndOffset());
    }
    log.updateHighWatermark(log.logEndOffset() - 1);
  }

  @Test
  void everyStep() throws IOException {
    List<FileOperation> steps = new ArrayList<>();
    FaultyFiles counting =
        new FaultyFiles(new RealFiles(), time -> {}, (fault, step, file) -> steps.add(step));
    counting.plan(FileFault.slowing(Duration.ZERO));
    live(counting, Files.createTempDirectory(directory, "count"));
    assertThat(steps).hasSizeGreaterThan(50);
    for (int step = 1; step <= steps.size(); step++) {
      stopAt(step);
    }
  }

  private void stopAt(int step) throws IOException {
    acknowledged.clear();
    Path place = Files.createTempDirectory(directory, "crash");
    FaultyFiles files = new FaultyFiles(new RealFiles(), time -> {}, (fault, at, file) -> {});
    files.plan(FileFault.stoppingAt(step));
    try {
      live(files, place);
    } catch (KafkaStorageException e) {
      assertThat(e).hasMessageContaining(place.toString());
    }
    FaultyFiles healthy = new FaultyFiles(new RealFiles(), time -> {}, (fault, at, file) -> {});
    LogManager logs = open(healthy, place, new ManualScheduler());
    assertThat(logs.liveDirectories()).as("step " + step).containsExactly(place);
    acknowledged.forEach(
        (partition, end) -> {
          PartitionLog log = logs.log(partition).orElseThrow();
          assertThat(log.logEndOffset())
              .as(partition + ", step " + step)
              .isGreaterThanOrEqualTo(end);
          assertThat(log.logStartOffset()).isIn(0L, 2L);
          assertThat(log.highWatermark()).isLessThanOrEqualTo(log.logEndOffset());
          log.read(log.logStartOffset(), 1 << 20, ReadBound.LOG_END, true).records().close();
        });
    logs.close();
  }
}
