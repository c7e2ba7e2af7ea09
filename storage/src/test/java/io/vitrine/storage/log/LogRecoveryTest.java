package io.vitrine.storage.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M33, M60, M76: reads within their bounds, and logs made whole after a crash. */
class LogRecoveryTest {
  private static final LogSettings SMALL = LogSettings.defaults().with(s -> s.segmentBytes(400));

  @TempDir Path directory;
  private final LogFixture fixture = new LogFixture();

  @Test
  void consumersSeeUpToTheHighWatermarkAndFollowersUpToTheEnd() throws IOException {
    PartitionLog log = fixture.open(directory, SMALL, true);
    for (int i = 0; i < 20; i++) {
      LogFixture.append(log, 0, "a" + i, "b" + i);
    }
    log.updateHighWatermark(10);
    assertThat(LogFixture.values(log, 0)).hasSize(40).startsWith("a0", "b0", "a1");
    long seen = 0;
    while (true) {
      try (LogSlice slice = log.read(seen, 1000, ReadBound.HIGH_WATERMARK, true).records()) {
        if (slice.sizeBytes() == 0) {
          break;
        }
        for (var record : slice.toMemory().records()) {
          seen = record.offset() + 1;
        }
      }
    }
    assertThat(seen).isEqualTo(10);
    assertThatThrownBy(() -> log.read(41, 1000, ReadBound.LOG_END, true))
        .isInstanceOf(OffsetOutOfRangeException.class);
    assertThat(log.read(40, 1000, ReadBound.LOG_END, true).records().sizeBytes()).isZero();
    assertThat(log.segments()).hasSizeGreaterThan(3);
    log.abandon();
  }

  @Test
  void aFollowerRefusesBatchesOfOldFormats() throws IOException {
    PartitionLog log = fixture.open(directory, SMALL, true);
    MemoryRecords old =
        MemoryRecords.withRecords(
            RecordBatch.MAGIC_VALUE_V1, Compression.NONE, new SimpleRecord("v".getBytes(UTF_8)));
    assertThatThrownBy(() -> log.appendAsFollower(old, 0))
        .isInstanceOf(UnsupportedForMessageFormatException.class)
        .hasMessageContaining("of magic 1");
    assertThat(log.logEndOffset()).isZero();
    log.close();
  }

  @Test
  void strangersAreLeftAloneAndSpoilNoSwap() throws IOException {
    PartitionLog log = fixture.open(directory, SMALL, true);
    for (int i = 0; i < 30; i++) {
      LogFixture.append(log, 0, "v" + i);
    }
    List<String> before = LogFixture.values(log, 0);
    log.close();
    Path partition = directory.resolve("t-0");
    // A swap that was decided: its segment is there under the swap's name only.
    Path decided = partition.resolve("00000000000000000000.log.swap");
    Files.move(partition.resolve("00000000000000000000.log"), decided);
    List<Path> strangers =
        Stream.of("notes.cleaned", "notes.swap", "99999999999999999999.log", "1.snapshot")
            .map(partition::resolve)
            .toList();
    for (Path stranger : strangers) {
      Files.writeString(stranger, "keep me");
    }
    PartitionLog again = fixture.open(directory, SMALL, true);
    assertThat(LogFixture.values(again, 0)).isEqualTo(before);
    assertThat(strangers).allSatisfy(stranger -> assertThat(stranger).hasContent("keep me"));
    again.close();
  }

  @Test
  void aCleanStopIsTrustedAndACrashIsRecovered() throws IOException {
    PartitionLog log = fixture.open(directory, SMALL, true);
    for (int i = 0; i < 30; i++) {
      LogFixture.append(log, i / 10, "v" + i);
    }
    List<String> before = LogFixture.values(log, 0);
    log.abandon();

    PartitionLog recovered = fixture.open(directory, SMALL, false);
    assertThat(fixture.events).contains("recovered to 30, cut 0");
    assertThat(LogFixture.values(recovered, 0)).isEqualTo(before);
    assertThat(recovered.epochEntries()).hasSize(3);
    recovered.close();

    PartitionLog clean = fixture.open(directory, SMALL, true);
    assertThat(LogFixture.values(clean, 0)).isEqualTo(before);
    clean.abandon();
  }

  @Test
  void aTornTailIsCutAtTheFirstBadByte() throws IOException {
    PartitionLog log = fixture.open(directory, LogSettings.defaults(), true);
    for (int i = 0; i < 10; i++) {
      LogFixture.append(log, 0, "v" + i);
    }
    log.abandon();
    Path file = directory.resolve("t-0").resolve("00000000000000000000.log");
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(raw.length() - 5);
    }
    PartitionLog recovered = fixture.open(directory, LogSettings.defaults(), false);
    assertThat(recovered.logEndOffset()).isEqualTo(9);
    LogFixture.append(recovered, 0, "again");
    assertThat(LogFixture.values(recovered, 0)).hasSize(10).endsWith("v8", "again");
    recovered.abandon();
  }

  @Test
  void randomDamageNeverLoopsAndKeepsWhatIsBeforeIt() throws IOException {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Path place = directory.resolve("damage-" + seed);
      PartitionLog log = fixture.open(place, SMALL, true);
      for (int i = 0; i < 30; i++) {
        LogFixture.append(log, 0, "v" + i);
      }
      List<String> before = LogFixture.values(log, 0);
      log.abandon();
      damage(place.resolve("t-0"), random);
      PartitionLog recovered = fixture.open(place, SMALL, false);
      List<String> after = LogFixture.values(recovered, 0);
      assertThat(before).as("seed " + seed).startsWith(after.toArray(String[]::new));
      LogFixture.append(recovered, 1, "new");
      assertThat(LogFixture.values(recovered, 0)).endsWith("new");
      recovered.abandon();
    }
  }

  private static void damage(Path partition, Random random) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(partition)) {
      files = all.filter(f -> f.toString().matches(".*\\.(log|index|timeindex)")).sorted().toList();
    }
    Path victim = files.get(random.nextInt(files.size()));
    if (random.nextInt(4) == 0 && !victim.toString().endsWith(".log")) {
      Files.delete(victim);
      return;
    }
    try (RandomAccessFile raw = new RandomAccessFile(victim.toFile(), "rw")) {
      long length = raw.length();
      if (length == 0) {
        return;
      }
      long at = (long) (random.nextDouble() * length);
      if (random.nextBoolean()) {
        raw.setLength(at);
      } else {
        raw.seek(at);
        byte[] noise = new byte[(int) Math.min(40, length - at)];
        random.nextBytes(noise);
        raw.write(noise);
      }
    }
  }

  @Test
  void leftoversOfACrashAreFinished() throws IOException {
    PartitionLog log = fixture.open(directory, SMALL, true);
    LogFixture.append(log, 0, "v");
    log.close();
    Path partition = directory.resolve("t-0");
    for (String name :
        List.of(
            "1.deleted",
            "00000000000000000002.log.cleaned",
            "3.tmp",
            "00000000000000000077.index")) {
      Files.writeString(partition.resolve(name), "x");
    }
    fixture.open(directory, SMALL, true).abandon();
    try (Stream<Path> all = Files.list(partition)) {
      assertThat(all.map(f -> f.getFileName().toString()))
          .noneMatch(
              n -> n.matches(".*(deleted|cleaned|tmp)") || n.startsWith("00000000000000000077"));
    }
  }

  @Test
  void aReaderKeepsItsBytesWhileTheSegmentGoes() throws IOException {
    PartitionLog log = fixture.open(directory, SMALL, true);
    LogFixture.append(log, 0, "kept");
    try (LogSlice slice = log.read(0, 1000, ReadBound.LOG_END, true).records()) {
      log.truncateFullyAndStartAt(50);
      assertThat(slice.toMemory().records().iterator().next().valueSize()).isEqualTo(4);
    }
    assertThat(log.logStartOffset()).isEqualTo(50);
    assertThat(log.logEndOffset()).isEqualTo(50);
    log.abandon();
  }
}
