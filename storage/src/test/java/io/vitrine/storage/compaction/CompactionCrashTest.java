package io.vitrine.storage.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.file.FaultyFiles;
import io.vitrine.storage.file.FileFault;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.log.LogCheck;
import io.vitrine.storage.log.LogFixture;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M69: compaction is stopped at every step that changes the disk, and the log opened again. The
 * newest record of each key is there, no record that was not there before, and what lies between is
 * the log of before or the log of after, segment by segment.
 */
class CompactionCrashTest {
  private static final LogSettings SMALL =
      LogSettings.defaults()
          .with(s -> s.segmentBytes(300).indexIntervalBytes(60).compact(true).delete(false));

  @TempDir private Path directory;

  @Test
  void everyStep() throws IOException {
    FaultyFiles counting = faulty();
    PartitionLog log = filled(counting, Files.createTempDirectory(directory, "count"));
    FaultyFiles.Planned never = counting.plan(FileFault.stoppingAt(Long.MAX_VALUE));
    compact(log);
    log.close();
    assertThat(never.seen()).isGreaterThan(30);
    for (long step = 1; step <= never.seen(); step++) {
      stopAt(step);
    }
  }

  private void stopAt(long step) throws IOException {
    Path place = Files.createTempDirectory(directory, "crash");
    FaultyFiles files = faulty();
    PartitionLog log = filled(files, place);
    Map<Long, String> before = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      before.put((long) i, "k" + i % 7 + "=v" + i);
    }
    files.plan(FileFault.stoppingAt(step));
    try {
      compact(log);
      log.close();
    } catch (KafkaStorageException | IOException e) {
      assertThat(e).hasMessageContaining("stopped");
    }
    log.abandon();

    Map<Long, String> found = reopened(place);
    assertThat(before).as("stopped at step " + step).containsAllEntriesOf(found);
    assertThat(newest(found)).as("stopped at step " + step).isEqualTo(newest(before));
    assertThat(reopened(place)).isEqualTo(found);
  }

  private static FaultyFiles faulty() {
    return new FaultyFiles(new RealFiles(), time -> {}, (fault, operation, file) -> {});
  }

  private static PartitionLog filled(FaultyFiles files, Path place) throws IOException {
    LogFixture fixture = new LogFixture();
    fixture.files = files;
    PartitionLog log = fixture.open(place, SMALL, false);
    for (int i = 0; i < 40; i++) {
      SimpleRecord record =
          new SimpleRecord(
              LogFixture.NOW_MS + i, LogFixture.bytes("k" + i % 7), LogFixture.bytes("v" + i));
      log.appendAsLeader(MemoryRecords.withRecords(Compression.NONE, record), 0, Origin.CLIENT);
    }
    log.updateHighWatermark(log.logEndOffset());
    return log;
  }

  private static void compact(PartitionLog log) throws IOException {
    CleanerSettings settings = CleanerSettings.defaults();
    Cleaner cleaner =
        new Cleaner(
            settings,
            new Throttle(Double.MAX_VALUE, System::nanoTime, nanos -> {}),
            new LogFixture().clock);
    cleaner.clean(DirtyLog.of(log, OptionalLong.empty(), LogFixture.NOW_MS + 1_000), () -> {});
  }

  private static Map<Long, String> reopened(Path place) throws IOException {
    LogFixture fixture = new LogFixture();
    PartitionLog log = fixture.open(place, SMALL, false);
    assertThat(log.logEndOffset()).isEqualTo(40);
    log.close();
    assertThat(fixture.failures).isEmpty();
    return LogCheck.soundRecords(place.resolve("t-0"));
  }

  /** The value of each key, the later one winning. */
  private static Map<String, String> newest(Map<Long, String> records) {
    Map<String, String> newest = new TreeMap<>();
    new TreeMap<>(records)
        .values()
        .forEach(
            record ->
                newest.put(
                    record.substring(0, record.indexOf('=')),
                    record.substring(record.indexOf('=') + 1)));
    return newest;
  }
}
