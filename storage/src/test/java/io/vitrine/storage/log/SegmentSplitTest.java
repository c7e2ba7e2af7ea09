package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.file.FaultyFiles;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.file.FileFault;
import io.vitrine.storage.file.FileOperation;
import io.vitrine.storage.file.RealFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M60, M76: segments with offsets too far from their base for an index, as Kafka before 1.1 could
 * leave, are split where Apache Kafka 3.9.2's loader splits them, with the same files; a crash at
 * any step of it loses nothing.
 */
class SegmentSplitTest {
  private static final long FAR = Integer.MAX_VALUE + 10L;
  private static final LogSettings SMALL =
      LogSettings.defaults().with(s -> s.indexIntervalBytes(100).preallocate(false));

  @TempDir private Path directory;

  @Test
  void inTwo() throws IOException {
    assertThat(bothRecover(0, Map.of(0L, plain(0, 1, 2, 3, FAR, FAR + 1))))
        .containsExactly(0L, FAR);
  }

  @Test
  void atTheFirstRecordWhereTheBaseHasNone() throws IOException {
    assertThat(bothRecover(0, Map.of(0L, plain(5, 6, FAR, FAR + 5, FAR + 6))))
        .containsExactly(5L, FAR);
  }

  @Test
  void inManyBetweenOthers() throws IOException {
    assertThat(
            bothRecover(
                0,
                Map.of(
                    0L,
                    plain(0, 1, 2),
                    3L,
                    plain(3, 4, FAR + 4, 2 * FAR + 10, 2 * FAR + 11, 3 * FAR + 20),
                    4 * FAR,
                    plain(4 * FAR, 4 * FAR + 1))))
        .containsExactly(0L, 3L, FAR + 4, 2 * FAR + 10, 3 * FAR + 20, 4 * FAR);
  }

  @Test
  void withARecoveryPointInTheMiddle() throws IOException {
    assertThat(bothRecover(FAR + 1, Map.of(0L, plain(0, 1, 2, FAR, FAR + 1, FAR + 2))))
        .containsExactly(0L, FAR);
  }

  @Test
  void withTransactionsThatReachAcross() throws IOException {
    List<MemoryRecords> batches = new ArrayList<>(plain(0, 1));
    batches.add(transactional(2, 0));
    batches.add(transactional(FAR, 1));
    batches.add(marker(FAR + 1, ControlRecordType.ABORT));
    batches.add(transactional(FAR + 2, 2));
    assertThat(bothRecover(0, Map.of(0L, batches))).containsExactly(0L, FAR);
  }

  @Test
  void keepsAbortedTransactionsAfterACleanStop() throws IOException {
    // Kafka forgets them here: it trusts the indexes of the parts, of which there is none for them.
    List<MemoryRecords> batches = new ArrayList<>(plain(0, 1));
    batches.add(transactional(FAR, 0));
    batches.add(marker(FAR + 1, ControlRecordType.ABORT));
    write(directory.resolve("t-0"), Map.of(0L, batches));
    PartitionLog log = new LogFixture().open(directory, SMALL, true);
    assertThat(log.segments()).extracting(SegmentInfo::baseOffset).containsExactly(0L, FAR);
    assertThat(log.abortedTransactions(FAR, FAR + 2)).hasSize(1);
    assertThat(log.logEndOffset()).isEqualTo(FAR + 2);
    log.close();
  }

  @Test
  void cutsATornTailAfterwards() throws IOException {
    Path partition = directory.resolve("t-0");
    write(partition, Map.of(0L, plain(0, 1, FAR, FAR + 1)));
    Files.write(LogFiles.of(partition, 0, ".log"), new byte[30], StandardOpenOption.APPEND);
    LogFixture fixture = new LogFixture();
    PartitionLog log = fixture.open(directory, SMALL, false);
    assertThat(LogFixture.values(log, 0)).containsExactly("0", "1", "" + FAR, "" + (FAR + 1));
    assertThat(fixture.events).contains("recovered to " + (FAR + 2) + ", cut 30");
    log.close();
  }

  @Test
  void damageIsCutAndNotSplit() throws IOException {
    // Offsets that fall again were never written by a log.
    write(directory.resolve("t-0"), Map.of(0L, plain(0, 1, FAR, 2, 3)));
    PartitionLog log = new LogFixture().open(directory, SMALL, false);
    assertThat(log.segments()).extracting(SegmentInfo::baseOffset).containsExactly(0L);
    assertThat(log.logEndOffset()).isEqualTo(2);
    log.close();
  }

  @Test
  void losesNothingAtAnyStep() throws IOException {
    Map<Long, List<MemoryRecords>> segments =
        Map.of(
            0L, plain(5, 6, FAR + 5, FAR + 6, 2 * FAR + 10), 3 * FAR, plain(3 * FAR, 3 * FAR + 1));
    List<FileOperation> steps = new ArrayList<>();
    FaultyFiles counted =
        new FaultyFiles(
            new RealFiles(), time -> {}, (fault, operation, file) -> steps.add(operation));
    counted.plan(FileFault.slowing(Duration.ZERO));
    Path place = Files.createTempDirectory(directory, "count");
    write(place.resolve("t-0"), segments);
    recovered(place, counted).close();
    assertThat(steps).hasSizeGreaterThan(30);
    for (int step = 1; step <= steps.size(); step++) {
      crash(segments, FileFault.stoppingAt(step), "stopped at step " + step);
      if (steps.get(step - 1) == FileOperation.WRITE) {
        crash(segments, FileFault.tearingAt(step, 17), "torn at step " + step);
      }
    }
  }

  private void crash(Map<Long, List<MemoryRecords>> segments, FileFault fault, String when)
      throws IOException {
    Path place = Files.createTempDirectory(directory, "crash");
    write(place.resolve("t-0"), segments);
    FaultyFiles files = new FaultyFiles(new RealFiles(), time -> {}, (f, operation, file) -> {});
    files.plan(fault);
    try {
      recovered(place, files).abandon();
    } catch (IOException e) {
      assertThat(e).as(when).hasMessageContaining(place.toString());
    }
    for (String which : List.of(when, when + ", again")) {
      PartitionLog log = recovered(place, new RealFiles());
      assertThat(LogFixture.values(log, 5)).as(which).hasSize(7);
      assertThat(log.logEndOffset()).as(which).isEqualTo(3 * FAR + 2);
      log.close();
    }
    assertThat(LogCheck.soundRecords(place.resolve("t-0"))).as(when).hasSize(7);
  }

  private static PartitionLog recovered(Path place, FileAccess files) throws IOException {
    LogFixture fixture = new LogFixture();
    fixture.files = files;
    return fixture.open(place, SMALL, false);
  }

  /** The bases after recovery by both, once all files were found equal. */
  private List<Long> bothRecover(long recoveryPoint, Map<Long, List<MemoryRecords>> segments)
      throws IOException {
    LogPair pair = new LogPair(directory, SMALL);
    pair.crashed(0);
    for (Path each : List.of(pair.ourDirectory(), pair.theirDirectory())) {
      write(each, segments);
      // Without them Kafka splits while it opens the segments, and leaves the old one beside.
      for (long base : segments.keySet()) {
        Files.write(LogFiles.of(each, base, LogFiles.INDEX), new byte[0]);
        Files.write(LogFiles.of(each, base, LogFiles.TIME_INDEX), new byte[0]);
      }
    }
    assertThat(pair.recovered(new PartitionLog.Checkpointed(0, recoveryPoint, 0)))
        .as("Kafka recovers it")
        .isTrue();
    List<Long> bases = pair.log.segments().stream().map(SegmentInfo::baseOffset).toList();
    pair.close();
    pair.filesAreEqual();
    return bases;
  }

  private static void write(Path partition, Map<Long, List<MemoryRecords>> segments)
      throws IOException {
    Files.createDirectories(partition);
    for (Map.Entry<Long, List<MemoryRecords>> each : segments.entrySet()) {
      Path log = LogFiles.of(partition, each.getKey(), LogFiles.LOG);
      try (FileChannel file =
          FileChannel.open(
              log,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        for (MemoryRecords batch : each.getValue()) {
          ByteBuffer bytes = batch.buffer().duplicate();
          while (bytes.hasRemaining()) {
            file.write(bytes);
          }
        }
      }
      Files.setLastModifiedTime(log, FileTime.fromMillis(LogFixture.NOW_MS));
    }
  }

  /** A batch of one record at each offset. */
  private static List<MemoryRecords> plain(long... offsets) {
    return LongStream.of(offsets)
        .mapToObj(
            offset ->
                MemoryRecords.withRecords(
                    offset,
                    Compression.NONE,
                    0,
                    new SimpleRecord(
                        LogFixture.NOW_MS + offset % 1_000,
                        LogFixture.bytes("k"),
                        LogFixture.bytes(Long.toString(offset)))))
        .toList();
  }

  private static MemoryRecords transactional(long offset, int sequence) {
    return MemoryRecords.withTransactionalRecords(
        offset,
        Compression.NONE,
        7L,
        (short) 0,
        sequence,
        0,
        new SimpleRecord(LogFixture.NOW_MS, LogFixture.bytes("k"), LogFixture.bytes("in")));
  }

  private static MemoryRecords marker(long offset, ControlRecordType type) {
    return MemoryRecords.withEndTransactionMarker(
        offset, LogFixture.NOW_MS, 0, 7L, (short) 0, new EndTransactionMarker(type, 0));
  }
}
