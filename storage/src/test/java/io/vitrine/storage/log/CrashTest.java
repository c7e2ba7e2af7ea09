package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.file.FaultyFiles;
import io.vitrine.storage.file.FileFault;
import io.vitrine.storage.file.FileOperation;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.retention.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M53, M66, M76: a log is stopped at every step that changes the disk, or the step is torn, and
 * opened again. What was acknowledged is there, what was cut or deleted is not, the files are
 * sound, and opening it once more changes nothing.
 */
class CrashTest {
  private static final LogSettings SMALL =
      LogSettings.defaults()
          .with(s -> s.segmentBytes(400).indexIntervalBytes(100).retentionBytes(900));

  @TempDir private Path directory;

  /** What must be, may be and must not be in the log whatever happens next. */
  private static final class Expected {
    final Map<Long, String> must = new TreeMap<>();
    final Map<Long, String> may = new TreeMap<>();

    void mayCome(long offset, String value) {
      may.put(offset, value);
    }

    void acknowledged(long offset, String value) {
      must.put(offset, value);
      may.put(offset, value);
    }

    void mayGoFrom(long offset) {
      must.keySet().removeIf(each -> each >= offset);
    }

    void goneFrom(long offset) {
      may.keySet().removeIf(each -> each >= offset);
    }

    void mayGoBelow(long offset) {
      must.keySet().removeIf(each -> each < offset);
    }

    void goneBelow(long offset) {
      may.keySet().removeIf(each -> each < offset);
    }
  }

  /** Something a log lives through. */
  private interface Story {
    void run(PartitionLog log, Expected expected);
  }

  private static void append(PartitionLog log, Expected expected, String... values) {
    long offset = log.logEndOffset();
    for (int i = 0; i < values.length; i++) {
      expected.mayCome(offset + i, "k=" + values[i]);
    }
    LogFixture.append(log, 0, values);
    for (int i = 0; i < values.length; i++) {
      expected.acknowledged(offset + i, "k=" + values[i]);
    }
  }

  private static void appendMany(PartitionLog log, Expected expected, String name, int count) {
    for (int i = 0; i < count; i++) {
      append(log, expected, name + i + "-first", name + i + "-second");
    }
  }

  @Test
  void appendAndRoll() throws IOException {
    everywhere(
        (log, expected) -> {
          appendMany(log, expected, "a", 12);
          log.assignEpochStart(3, log.logEndOffset());
          log.flush();
          appendMany(log, expected, "b", 6);
          log.close();
        });
  }

  @Test
  void truncateAndAppendAgain() throws IOException {
    everywhere(
        (log, expected) -> {
          appendMany(log, expected, "a", 12);
          // Offset 7 lies within a batch, which goes as a whole.
          expected.mayGoFrom(6);
          log.truncateTo(7);
          expected.goneFrom(log.logEndOffset());
          appendMany(log, expected, "b", 4);
          expected.mayGoFrom(0);
          log.truncateFullyAndStartAt(50);
          expected.goneFrom(0);
          appendMany(log, expected, "c", 4);
          log.close();
        });
  }

  @Test
  void retention() throws IOException {
    everywhere(
        (log, expected) -> {
          appendMany(log, expected, "a", 12);
          log.updateHighWatermark(log.logEndOffset());
          expected.mayGoBelow(log.logEndOffset());
          log.deleteOldSegments(Retention::choose);
          expected.goneBelow(log.logStartOffset());
          appendMany(log, expected, "b", 4);
          log.close();
        });
  }

  @Test
  void retentionOfEverything() throws IOException {
    everywhere(
        (log, expected) -> {
          appendMany(log, expected, "a", 8);
          log.updateHighWatermark(log.logEndOffset());
          expected.mayGoBelow(log.logEndOffset());
          log.updateSettings(SMALL.with(s -> s.retentionBytes(0)));
          log.deleteOldSegments(Retention::choose);
          expected.goneBelow(log.logStartOffset());
          appendMany(log, expected, "b", 2);
          log.close();
        });
  }

  private void everywhere(Story story) throws IOException {
    List<FileOperation> steps = steps(story);
    assertThat(steps).hasSizeGreaterThan(20);
    for (int step = 1; step <= steps.size(); step++) {
      FileOperation operation = steps.get(step - 1);
      String where = "step " + step + " of " + steps.size() + ", " + operation;
      crash(story, FileFault.stoppingAt(step), "stopped at " + where);
      if (operation == FileOperation.WRITE) {
        crash(story, FileFault.tearingAt(step, 17), "torn at " + where);
      }
    }
  }

  /** The steps that change the disk when nothing goes wrong. */
  private List<FileOperation> steps(Story story) throws IOException {
    List<FileOperation> steps = new ArrayList<>();
    FaultyFiles files =
        new FaultyFiles(
            new RealFiles(), time -> {}, (fault, operation, file) -> steps.add(operation));
    files.plan(FileFault.slowing(Duration.ZERO));
    LogFixture fixture = new LogFixture();
    fixture.files = files;
    Path place = Files.createTempDirectory(directory, "count");
    story.run(fixture.open(place, SMALL, false), new Expected());
    return steps;
  }

  private static FaultyFiles faulty() {
    return new FaultyFiles(
        new RealFiles(), time -> assertThat(time).isZero(), (fault, operation, file) -> {});
  }

  private void crash(Story story, FileFault fault, String when) throws IOException {
    Path place = Files.createTempDirectory(directory, "crash");
    Expected expected = new Expected();
    FaultyFiles files = faulty();
    files.plan(fault);
    LogFixture fixture = new LogFixture();
    fixture.files = files;
    PartitionLog log = null;
    try {
      log = fixture.open(place, SMALL, false);
      story.run(log, expected);
    } catch (KafkaStorageException | IOException e) {
      // The directory is offline from here on, which is what a failing disk has to lead to.
      assertThat(e).hasMessageContaining(place.toString());
    }
    if (log != null) {
      log.abandon();
    }
    Map<Long, String> found = reopened(place, when);
    assertThat(found).as(when).containsAllEntriesOf(expected.must);
    assertThat(expected.may)
        .as(when + ": nothing that was never there")
        .containsAllEntriesOf(found);
    assertThat(reopened(place, when + ", again")).isEqualTo(found);
  }

  private static Map<Long, String> reopened(Path place, String when) throws IOException {
    LogFixture fixture = new LogFixture();
    fixture.clock.advance(Duration.ofSeconds(1));
    PartitionLog log = fixture.open(place, SMALL, false);
    log.close();
    assertThat(fixture.failures).as(when).isEmpty();
    Map<Long, String> found = LogCheck.soundRecords(place.resolve("t-0"));
    found.keySet().removeIf(offset -> offset < log.logStartOffset());
    return found;
  }
}
