package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.storage.file.FaultyFiles;
import io.vitrine.storage.file.FileFault;
import io.vitrine.storage.file.FileOperation;
import io.vitrine.storage.file.RealFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** M53, M63: a disk that fails, fills up or is slow, and how many files a log holds open. */
class DiskFaultsTest {
  private static final LogSettings SMALL = LogSettings.defaults().with(s -> s.segmentBytes(400));

  @TempDir private Path directory;
  private final List<Duration> waits = new ArrayList<>();
  private final FaultyFiles files =
      new FaultyFiles(new RealFiles(), waits::add, (fault, operation, file) -> {});
  private final LogFixture fixture = new LogFixture();

  private PartitionLog open() throws IOException {
    fixture.files = files;
    return fixture.open(directory, SMALL, false);
  }

  @Test
  void fullDiskRefusesWholeBatches() throws IOException {
    PartitionLog log = open();
    files.plan(
        new FileFault(
            Set.of(FileOperation.WRITE),
            file -> file.toString().endsWith(".log"),
            1,
            Long.MAX_VALUE,
            new FileFault.DiskFull(300)));
    int acknowledged = 0;
    try {
      while (acknowledged < 100) {
        LogFixture.append(log, 0, "value " + acknowledged);
        acknowledged++;
      }
    } catch (KafkaStorageException e) {
      assertThat(e).hasMessageContaining("No space left").hasMessageContaining("" + directory);
    }
    assertThat(acknowledged).isBetween(1, 99);
    assertThat(fixture.failures).isNotEmpty();
    log.abandon();
    files.heal();

    PartitionLog again = open();
    assertThat(LogFixture.values(again, 0)).hasSize(acknowledged);
    LogFixture.append(again, 0, "there is room again");
    again.close();
    assertThat(LogCheck.soundRecords(directory.resolve("t-0"))).hasSize(acknowledged + 1);
  }

  @ParameterizedTest
  @EnumSource(
      value = FileOperation.class,
      names = {"WRITE", "OPEN", "RENAME", "RESIZE"})
  void aFailingStepTakesTheDirectoryOffline(FileOperation operation) throws IOException {
    PartitionLog log = open();
    LogFixture.append(log, 0, "before");
    files.plan(FileFault.failing(EnumSet.of(operation), "Input/output error"));
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 50; i++) {
                LogFixture.append(log, 0, "value " + i);
              }
              log.truncateTo(0);
            })
        .isInstanceOf(KafkaStorageException.class)
        .hasMessageContaining("Input/output error");
    assertThat(fixture.failures).isNotEmpty();
    log.abandon();
    assertThat(openFiles()).isEmpty();
    files.heal();
    PartitionLog again = open();
    assertThat(LogFixture.values(again, 0)).first().isEqualTo("before");
    again.close();
  }

  @Test
  void aSlowDiskIsWaitedFor() throws IOException {
    PartitionLog log = open();
    FaultyFiles.Planned slow =
        files.plan(
            new FileFault(
                Set.of(FileOperation.WRITE),
                file -> true,
                2,
                2,
                new FileFault.Slow(Duration.ofSeconds(3))));
    for (int i = 0; i < 4; i++) {
      LogFixture.append(log, 0, "value " + i);
    }
    assertThat(waits).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(3));
    assertThat(slow.hits()).isEqualTo(2);
    slow.close();
    log.close();
  }

  @Test
  void nothingIsForcedToTheDeviceBetweenRolls() throws IOException {
    PartitionLog log = open();
    FaultyFiles.Planned syncs =
        files.plan(
            new FileFault(
                EnumSet.of(FileOperation.SYNC),
                file -> true,
                Long.MAX_VALUE,
                1,
                new FileFault.Stop()));
    LogFixture.append(log, 0, "a");
    LogFixture.append(log, 0, "b");
    assertThat(syncs.seen()).isLessThanOrEqualTo(1);
    long before = syncs.seen();
    LogFixture.append(log, 0, "c");
    assertThat(syncs.seen()).as("epoch files apart").isEqualTo(before);
    log.close();
  }

  @Test
  void holdsOneFileOpenForEachSegment() throws IOException {
    PartitionLog log = open();
    for (int i = 0; i < 60; i++) {
      LogFixture.append(log, 0, "value " + i);
    }
    int segments = log.segments().size();
    assertThat(segments).isGreaterThan(5);
    assertThat(openFiles().stream().filter(file -> file.endsWith(".log"))).hasSize(segments);
    assertThat(openFiles()).hasSizeLessThanOrEqualTo(segments + 2);
    log.close();
    assertThat(openFiles()).isEmpty();
    Map<Long, String> records = LogCheck.soundRecords(directory.resolve("t-0"));
    assertThat(records).hasSize(60);
  }

  private List<String> openFiles() throws IOException {
    List<String> open = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path each : descriptors.toList()) {
        if (Files.isSymbolicLink(each)) {
          String target = Files.readSymbolicLink(each).toString();
          if (target.startsWith(directory.toString())) {
            open.add(target);
          }
        }
      }
    }
    return open;
  }
}
