package io.vitrine.storage.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.inspect.CompactionPreview;
import io.vitrine.storage.inspect.Inspection;
import io.vitrine.storage.log.AppendResult;
import io.vitrine.storage.log.DecompressionBuffers;
import io.vitrine.storage.log.LogContext;
import io.vitrine.storage.log.LogFixture;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.LogSlice;
import io.vitrine.storage.log.LookupBuffers;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.ReadBound;
import io.vitrine.storage.testing.ManualClock;
import io.vitrine.storage.testing.ManualScheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M68, M70–M72, M74: which log is cleaned when, and what happens to it and to the others. */
class LogCleanerTest {
  private static final LogSettings COMPACTED =
      LogSettings.defaults()
          .with(s -> s.segmentBytes(400).indexIntervalBytes(100).compact(true).delete(false));

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock(Instant.ofEpochMilli(LogFixture.NOW_MS));
  private final AtomicLong nanos = new AtomicLong();
  private final Map<TopicPartition, PartitionLog> logs = new ConcurrentHashMap<>();
  private final List<String> events = new ArrayList<>();
  private final CountDownLatch cleaned = new CountDownLatch(1);
  private LogCleaner cleaner;

  private LogCleaner cleaner(CleanerSettings settings) {
    cleaner =
        new LogCleaner(
            settings,
            List.of(directory),
            logs::values,
            new LogCleaner.Environment(
                new RealFiles(),
                clock,
                nanos::get,
                "broker-1-",
                new LogCleaner.Listener() {
                  @Override
                  public void cleaned(TopicPartition partition, long upTo, CleanerStats stats) {
                    events.add("cleaned " + partition + " up to " + upTo);
                    cleaned.countDown();
                  }

                  @Override
                  public void uncleanable(TopicPartition partition, String reason) {
                    events.add("uncleanable " + partition + ": " + reason);
                  }
                },
                (failed, cause) -> events.add("failed " + failed)));
    return cleaner;
  }

  private boolean round() {
    return cleaner.cleanOnce(cleaner.newCleaner());
  }

  private PartitionLog log(String topic, LogSettings settings) throws IOException {
    TopicPartition partition = new TopicPartition(topic, 0);
    LogContext context =
        new LogContext(
            new RealFiles(),
            clock,
            new ManualScheduler(),
            new Random(1),
            new DecompressionBuffers(),
            new LookupBuffers(),
            () -> 86_400_000,
            cleaner,
            new LogContext.Listener() {},
            (failed, cause) -> events.add("failed " + failed));
    PartitionLog log =
        PartitionLog.open(
            partition,
            directory.resolve(topic + "-0"),
            settings,
            PartitionLog.Checkpointed.NOTHING,
            true,
            context);
    logs.put(partition, log);
    return log;
  }

  private void write(PartitionLog log, int records, int keys) {
    for (int i = 0; i < records; i++) {
      append(log, "k" + i % keys, "v" + i);
    }
    log.updateHighWatermark(log.logEndOffset());
  }

  private AppendResult append(PartitionLog log, String key, String value) {
    SimpleRecord record =
        new SimpleRecord(
            clock.millis(),
            key == null ? null : LogFixture.bytes(key),
            value == null ? null : LogFixture.bytes(value));
    return log.appendAsLeader(
        MemoryRecords.withRecords(Compression.NONE, record), 0, Origin.CLIENT);
  }

  private static Map<Long, String> records(PartitionLog log) throws IOException {
    Map<Long, String> records = new TreeMap<>();
    long next = log.logStartOffset();
    while (next < log.logEndOffset()) {
      try (LogSlice slice = log.read(next, 1 << 20, ReadBound.LOG_END, true).records()) {
        if (slice.sizeBytes() == 0) {
          break;
        }
        for (var batch : slice.toMemory().batches()) {
          for (Record record : batch) {
            records.put(record.offset(), text(record));
          }
          next = batch.nextOffset();
        }
      }
    }
    return records;
  }

  private static String text(Record record) {
    return StandardCharsets.UTF_8.decode(record.key())
        + "="
        + (record.hasValue() ? StandardCharsets.UTF_8.decode(record.value()) : "deleted");
  }

  @AfterEach
  void close() {
    if (cleaner != null) {
      cleaner.close();
    }
    logs.values().forEach(PartitionLog::abandon);
  }

  @Test
  void aPreviewOfTheFilesSaysWhatThePassesDo() throws IOException {
    cleaner(CleanerSettings.defaults());
    PartitionLog log =
        log("seen", COMPACTED.with(s -> s.deleteRetentionMs(1_000).minCleanableDirtyRatio(0.01)));
    Random random = new Random(7);
    long dirty = 0;
    for (int pass = 0; pass < 4; pass++) {
      for (int i = 0; i < 60; i++) {
        append(log, "k" + random.nextInt(9), random.nextInt(4) == 0 ? null : "v" + i);
      }
      log.updateHighWatermark(log.logEndOffset());
      CompactionPreview preview =
          CompactionPreview.of(
              Inspection.open(directory.resolve("seen-0")).partitions().get(0),
              dirty,
              clock.millis(),
              () -> true);
      assertThat(preview.complete()).isTrue();
      assertThat(preview.fates()).extracting(f -> f.verdict().stays()).contains(true, false);
      assertThat(round()).isTrue();
      dirty = preview.end();
      Map<Long, String> left = new TreeMap<>(records(log));
      left.keySet().removeIf(offset -> offset >= preview.end());
      assertThat(preview.fates().stream().filter(f -> f.verdict().stays()).map(f -> f.offset()))
          .as("pass %d", pass)
          .containsExactlyElementsOf(left.keySet());
      clock.advance(Duration.ofMillis(1_500));
    }
  }

  @Test
  void theDirtiestComesFirst() throws IOException {
    cleaner(CleanerSettings.defaults());
    PartitionLog half = log("half", COMPACTED);
    write(half, 40, 3);
    assertThat(round()).isTrue();
    write(half, 60, 3);
    write(log("all", COMPACTED), 40, 3);
    write(log("kept", COMPACTED.with(s -> s.compact(false).delete(true))), 40, 3);
    assertThat(round()).isTrue();
    assertThat(round()).isTrue();
    assertThat(events).hasSize(3);
    assertThat(events.get(1)).startsWith("cleaned all-0");
    assertThat(events.get(2)).startsWith("cleaned half-0");
    assertThat(round()).as("nothing is dirty enough any more").isFalse();
    assertThat(cleaner.statuses())
        .containsOnlyKeys(new TopicPartition("half", 0), new TopicPartition("all", 0));
  }

  @Test
  void keepsTheNewestOfEachKeyAndTheActiveSegment() throws IOException {
    cleaner(CleanerSettings.defaults());
    PartitionLog log = log("t", COMPACTED);
    write(log, 40, 3);
    long active = log.activeBaseOffset();
    Map<Long, String> before = records(log);
    assertThat(round()).isTrue();
    Map<Long, String> after = records(log);
    assertThat(before).containsAllEntriesOf(after);
    assertThat(after.keySet().stream().filter(offset -> offset < active)).hasSizeLessThan(6);
    assertThat(after.keySet().stream().filter(offset -> offset >= active))
        .hasSize((int) (40 - active));
    assertThat(Files.readString(directory.resolve("cleaner-offset-checkpoint")))
        .isEqualTo("0\n1\nt 0 " + active + "\n");
    assertThat(cleaner.statuses().get(log.topicPartition()).lastStats()).isPresent();
  }

  @Test
  void settingsWithoutRoomForAKeyOrABatchOnlySlowItDown() throws IOException {
    cleaner(new CleanerSettings(true, 1, 1, 0, 0, 0, Double.MAX_VALUE, 1));
    PartitionLog log = log("t", COMPACTED);
    write(log, 40, 3);
    long active = log.activeBaseOffset();
    int rounds = 0;
    while (round()) {
      rounds++;
    }
    assertThat(rounds).isGreaterThan(1);
    assertThat(records(log).keySet().stream().filter(offset -> offset < active))
        .hasSizeLessThan((int) active / 2 + 1);
    assertThat(events).noneMatch(event -> event.startsWith("uncleanable"));
  }

  @Test
  void tombstonesGoAfterTheirTime() throws IOException {
    cleaner(CleanerSettings.defaults());
    PartitionLog log =
        log("t", COMPACTED.with(s -> s.deleteRetentionMs(10_000).minCleanableDirtyRatio(0)));
    append(log, "gone", "value");
    append(log, "gone", null);
    write(log, 20, 2);
    round();
    assertThat(records(log)).containsEntry(1L, "gone=deleted").doesNotContainKey(0L);
    clock.advance(Duration.ofSeconds(11));
    write(log, 20, 2);
    round();
    assertThat(records(log)).doesNotContainKey(1L);
  }

  @Test
  void aLagKeepsYoungRecordsAndAnotherForcesOldOnes() throws IOException {
    cleaner(CleanerSettings.defaults());
    PartitionLog log = log("t", COMPACTED.with(s -> s.minCompactionLagMs(60_000)));
    write(log, 40, 3);
    assertThat(round()).isFalse();
    clock.advance(Duration.ofSeconds(61));
    assertThat(round()).isTrue();
    log.updateSettings(COMPACTED.with(s -> s.minCleanableDirtyRatio(1).maxCompactionLagMs(30_000)));
    write(log, 20, 3);
    assertThat(round()).as("what was in the active segment is old by now").isTrue();
    write(log, 20, 3);
    assertThat(round()).isFalse();
    clock.advance(Duration.ofSeconds(31));
    assertThat(round()).isTrue();
  }

  @Test
  void aDamagedLogIsLeftAloneAndOthersAreCleaned() throws IOException {
    cleaner(CleanerSettings.defaults());
    PartitionLog damaged = log("damaged", COMPACTED);
    write(damaged, 60, 3);
    PartitionLog whole = log("whole", COMPACTED);
    write(whole, 20, 3);
    Path first = directory.resolve("damaged-0").resolve("00000000000000000000.log");
    byte[] bytes = Files.readAllBytes(first);
    bytes[bytes.length - 3] ^= 0x55;
    bytes[10] = 0x7f;
    Files.write(first, bytes);
    round();
    round();
    assertThat(events.get(0)).startsWith("uncleanable damaged-0: ");
    assertThat(events.get(1)).startsWith("cleaned whole-0");
    assertThat(round()).isFalse();
    assertThat(directory.resolve("damaged-0").toFile().list())
        .noneMatch(name -> name.endsWith(".cleaned"));
  }

  @Test
  void aCutLogIsCleanedAgainFromThere() throws IOException {
    cleaner(CleanerSettings.defaults());
    PartitionLog log = log("t", COMPACTED);
    write(log, 60, 3);
    round();
    log.truncateTo(10);
    assertThat(Files.readString(directory.resolve("cleaner-offset-checkpoint")))
        .isEqualTo("0\n1\nt 0 10\n");
  }

  @Test
  void aPausedLogIsNotCleaned() throws IOException {
    cleaner(CleanerSettings.defaults());
    PartitionLog log = log("t", COMPACTED);
    write(log, 40, 3);
    cleaner.pause(log.topicPartition());
    cleaner.pause(log.topicPartition());
    assertThat(round()).isFalse();
    cleaner.resume(log.topicPartition());
    assertThat(round()).isFalse();
    cleaner.resume(log.topicPartition());
    assertThat(round()).isTrue();
    assertThatThrownBy(() -> cleaner.resume(log.topicPartition()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void compactAndDeleteLetsOldSegmentsGoToo() throws IOException {
    cleaner(CleanerSettings.defaults());
    PartitionLog log =
        log("t", COMPACTED.with(s -> s.delete(true).retentionMs(1_000).minCleanableDirtyRatio(1)));
    write(log, 40, 40);
    clock.advance(Duration.ofSeconds(5));
    round();
    assertThat(log.logStartOffset()).isEqualTo(40);
  }

  @Test
  void theRateStaysBelowItsLimit() throws IOException {
    AtomicLong bytes = new AtomicLong();
    List<Double> rates = new ArrayList<>();
    Throttle throttle =
        new Throttle(
            1_000_000,
            nanos::get,
            wait -> {
              nanos.addAndGet(wait);
              rates.add(bytes.get() * 1e9 / nanos.get());
            });
    for (int i = 0; i < 2_000; i++) {
      bytes.addAndGet(10_000);
      throttle.passed(10_000);
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
    }
    assertThat(rates).hasSizeGreaterThan(3).allMatch(rate -> rate <= 1_000_100);
  }

  @Test
  void worksOnAThreadOfItsOwn() throws Exception {
    cleaner(
        new CleanerSettings(true, 2, 128 << 20, 512 << 10, 0.9, 1_048_588, Double.MAX_VALUE, 1));
    PartitionLog log = log("t", COMPACTED);
    write(log, 40, 3);
    cleaner.start();
    assertThat(cleaned.await(30, TimeUnit.SECONDS)).isTrue();
    cleaner.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("broker-1-log-cleaner"));
  }

  @Test
  void looksAtOnceWhenAskedHoweverLongItRests() throws Exception {
    long hour = TimeUnit.HOURS.toMillis(1);
    cleaner(
        new CleanerSettings(true, 1, 128 << 20, 512 << 10, 0.9, 1_048_588, Double.MAX_VALUE, hour));
    PartitionLog log = log("t", COMPACTED);
    cleaner.start();
    write(log, 40, 3);
    cleaner.lookNow();
    assertThat(cleaned.await(60, TimeUnit.SECONDS)).isTrue();
    cleaner.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("broker-1-log-cleaner"));
  }

  @Test
  void recordsWithoutKeyAreRefused() throws IOException {
    cleaner(CleanerSettings.defaults());
    PartitionLog log = log("t", COMPACTED);
    assertThatThrownBy(() -> append(log, null, "v")).hasMessageContaining("need a key");
    log.abandon();
    assertThatThrownBy(() -> append(log, "k", "v")).isInstanceOf(KafkaStorageException.class);
  }
}
