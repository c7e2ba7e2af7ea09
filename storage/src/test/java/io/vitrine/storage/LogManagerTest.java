package io.vitrine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.testing.ManualClock;
import io.vitrine.storage.testing.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InconsistentTopicIdException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M24, M34, M64, M66, M67, M76: directories, locks, checkpoints, retention and deletion. */
class LogManagerTest {
  private static final long NOW_MS = 1_700_000_000_000L;

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock(Instant.ofEpochMilli(NOW_MS));
  private final ManualScheduler scheduler = new ManualScheduler();
  private final List<Path> failed = new ArrayList<>();
  private LogSettings settings = LogSettings.defaults();

  @Test
  void aNewLogGoesWhereTheFewestAre() {
    Path a = directory.resolve("a");
    Path b = directory.resolve("b");
    try (LogManager logs = open(a, b)) {
      for (int i = 0; i < 6; i++) {
        logs.getOrCreate(new TopicPartition("t", i), Optional.empty(), true);
      }
      assertThat(logs.logs().stream().filter(l -> l.logDirectory().equals(a))).hasSize(3);
      assertThat(logs.logs().stream().filter(l -> l.logDirectory().equals(b))).hasSize(3);
    }
  }

  @Test
  void aDirectoryInUseIsRefusedByName() {
    try (LogManager logs = open(directory)) {
      assertThat(logs.liveDirectories()).containsExactly(directory);
      assertThatThrownBy(() -> open(directory))
          .isInstanceOf(KafkaStorageException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("log.dirs");
    }
    open(directory).close();
  }

  @Test
  void aDirectoryThatCannotBeUsedIsOfflineAndTheOthersServe() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no directory");
    Path good = directory.resolve("good");
    try (LogManager logs = open(file, good)) {
      assertThat(logs.liveDirectories()).containsExactly(good);
      assertThat(logs.offlineDirectories()).containsExactly(file);
      assertThat(failed).containsExactly(file);
      logs.getOrCreate(new TopicPartition("t", 0), Optional.empty(), true);
    }
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(KafkaStorageException.class)
        .hasMessageContaining("log.dirs");
  }

  @Test
  void checkpointsOutliveACleanStop() throws IOException {
    TopicPartition tp = new TopicPartition("orders", 3);
    Uuid id = Uuid.randomUuid();
    try (LogManager logs = open(directory)) {
      PartitionLog log = logs.getOrCreate(tp, Optional.of(id), true);
      append(log, 5);
      log.updateHighWatermark(4);
    }
    assertThat(directory.resolve("replication-offset-checkpoint")).hasContent("0\n1\norders 3 4");
    assertThat(directory.resolve("recovery-point-offset-checkpoint"))
        .hasContent("0\n1\norders 3 5");
    assertThat(directory.resolve("log-start-offset-checkpoint")).hasContent("0\n0");
    assertThat(directory.resolve(".kafka_cleanshutdown"))
        .hasContent("{\"version\":0,\"brokerEpoch\":-1}");
    assertThat(Files.size(directory.resolve("orders-3").resolve("partition.metadata")))
        .isEqualTo(43);
    try (LogManager logs = open(directory)) {
      assertThat(directory.resolve(".kafka_cleanshutdown")).doesNotExist();
      PartitionLog log = logs.log(tp).orElseThrow();
      assertThat(log.highWatermark()).isEqualTo(4);
      assertThat(log.logEndOffset()).isEqualTo(5);
      assertThat(log.topicId()).contains(id);
      assertThatThrownBy(() -> logs.getOrCreate(tp, Optional.of(Uuid.randomUuid()), true))
          .isInstanceOf(InconsistentTopicIdException.class);
    }
  }

  @Test
  void aKillLeavesNoMarkerAndTheNextStartRecovers() {
    TopicPartition tp = new TopicPartition("orders", 0);
    LogManager killed = open(directory);
    append(killed.getOrCreate(tp, Optional.empty(), true), 7);
    killed.abandon();
    assertThat(directory.resolve(".kafka_cleanshutdown")).doesNotExist();
    try (LogManager logs = open(directory)) {
      assertThat(logs.log(tp).orElseThrow().logEndOffset()).isEqualTo(7);
    }
  }

  @Test
  void aDeletedPartitionIsRenamedNowAndUnlinkedLater() throws IOException {
    TopicPartition tp = new TopicPartition("orders", 0);
    try (LogManager logs = open(directory)) {
      append(logs.getOrCreate(tp, Optional.empty(), true), 1);
      logs.delete(tp);
      assertThat(logs.log(tp)).isEmpty();
      assertThat(names()).anyMatch(n -> n.matches("orders-0\\.[0-9a-f]{32}-delete"));
      append(logs.getOrCreate(tp, Optional.empty(), true), 1);
      scheduler.advance(60_000);
      assertThat(names()).noneMatch(n -> n.endsWith("-delete")).contains("orders-0");
    }
  }

  @Test
  void retentionOfZeroEmptiesTheLogBehindANewSegment() throws IOException {
    TopicPartition tp = new TopicPartition("orders", 0);
    try (LogManager logs = open(directory)) {
      PartitionLog log = logs.getOrCreate(tp, Optional.empty(), true);
      append(log, 30);
      logs.runRetention();
      assertThat(log.logStartOffset()).isZero();
      logs.updateSettings("orders", settings.with(s -> s.retentionMs(0)));
      clock.advance(Duration.ofSeconds(1));
      logs.runRetention();
      assertThat(log.logStartOffset()).as("nothing above the high watermark goes").isZero();
      log.updateHighWatermark(30);
      logs.runRetention();
      assertThat(log.logStartOffset()).isEqualTo(30);
      assertThat(log.logEndOffset()).isEqualTo(30);
      Path partition = directory.resolve("orders-0");
      assertThat(partition.resolve("00000000000000000030.log")).exists();
      assertThat(partition.resolve("00000000000000000000.log.deleted")).exists();
      scheduler.advance(60_000);
      assertThat(partition.resolve("00000000000000000000.log.deleted")).doesNotExist();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(f -> f.getFileName().toString()).toList();
    }
  }

  private LogManager open(Path... directories) {
    return LogManager.open(
        LogManagerSettings.defaults(List.of(directories)),
        topic -> settings,
        new StorageEnvironment(
            clock,
            System::nanoTime,
            scheduler,
            new Random(1),
            new RealFiles(),
            new LogObserver() {
              @Override
              public void logDirectoryFailed(Path path, IOException cause) {
                failed.add(path);
              }
            },
            "test-"));
  }

  private static void append(PartitionLog log, int records) {
    for (int i = 0; i < records; i++) {
      log.appendAsLeader(
          MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(NOW_MS, new byte[] {1})),
          0,
          Origin.CLIENT);
    }
  }
}
