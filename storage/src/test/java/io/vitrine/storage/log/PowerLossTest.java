package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.index.AbortedTransaction;
import io.vitrine.storage.testing.PowerLossFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * M53, M76: the power goes, and what was not forced to the device is lost in part or turns to
 * zeros. Below the recovery point everything is there and found by offset and by time; behind it is
 * what was once written.
 */
class PowerLossTest {
  private static final int CASES = 60;
  private static final int STEPS = 50;
  private static final LogSettings SMALL =
      LogSettings.defaults()
          .with(s -> s.segmentBytes(600).indexIntervalBytes(100).segmentIndexBytes(240));

  private final PowerLossFiles files = new PowerLossFiles();
  private final Map<Long, String> appended = new TreeMap<>();
  private final Map<Long, List<String>> everWritten = new TreeMap<>();
  private int written;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, CASES);
  }

  @ParameterizedTest(name = "case {0}")
  @MethodSource("seeds")
  void keepsWhatWasFlushed(long seed, @TempDir Path directory) throws IOException {
    Random random = new Random(seed);
    LogFixture fixture = new LogFixture();
    fixture.files = files;
    PartitionLog log = fixture.open(directory, SMALL, true);
    long known = 0;
    for (int step = 0; step < STEPS; step++) {
      step(log, fixture, random);
      if (random.nextInt(10) == 0) {
        known = log.recoveryPoint();
      }
      known = Math.min(known, log.recoveryPoint());
    }
    log.abandon();
    files.losePower(random);

    Map<Long, String> found = reopened(directory, known);
    Map<Long, String> flushed = new TreeMap<>(appended);
    long below = known;
    flushed.keySet().removeIf(offset -> offset >= below);
    assertThat(found).containsAllEntriesOf(flushed);
    // A cut that was not flushed may be undone: whoever leads makes the replica cut again. And a
    // segment may be lost before one that is kept, as with Kafka: offsets may be missing anyhow.
    found.forEach((offset, value) -> assertThat(value).isIn(everWritten.get(offset)));
    assertThat(reopened(directory, known)).isEqualTo(found);
  }

  @ParameterizedTest(name = "case {0}")
  @MethodSource("seeds")
  void keepsEverythingAfterACleanStop(long seed, @TempDir Path directory) throws IOException {
    Random random = new Random(seed);
    LogFixture fixture = new LogFixture();
    fixture.files = files;
    PartitionLog log = fixture.open(directory, SMALL, true);
    for (int step = 0; step < STEPS; step++) {
      step(log, fixture, random);
    }
    log.close();
    files.losePower(random);
    PartitionLog again = new LogFixture().open(directory, SMALL, true);
    assertThat(LogFixture.values(again, 0)).containsExactlyElementsOf(appended.values());
    foundByTime(again, appended.keySet());
    again.close();
    assertThat(LogCheck.soundRecords(directory.resolve("t-0"))).hasSize(appended.size());
  }

  @ParameterizedTest(name = "case {0}")
  @MethodSource("seeds")
  void keepsTheAbortedTransactionsOfWhatWasFlushed(long seed, @TempDir Path directory)
      throws IOException {
    LogFixture fixture = new LogFixture();
    fixture.files = files;
    PartitionLog log = fixture.open(directory, SMALL, true);
    int aborted = 1 + (int) (seed % 5);
    for (int i = 0; i < aborted; i++) {
      abortTransaction(log, i);
    }
    log.roll();
    fixture.scheduler.advance(1);
    long known = log.recoveryPoint();
    assertThat(known).isEqualTo(2L * aborted);
    List<AbortedTransaction> before = log.abortedTransactions(0, known);
    assertThat(before).hasSize(aborted);
    append(log);
    if (seed % 2 == 0) {
      log.close();
    } else {
      log.abandon();
    }
    files.losePower(new Random(seed));

    PartitionLog again =
        new LogFixture()
            .open(directory, SMALL, new PartitionLog.Checkpointed(0, known, known), seed % 2 == 0);
    assertThat(again.abortedTransactions(0, known)).isEqualTo(before);
    again.close();
  }

  private static void abortTransaction(PartitionLog log, int sequence) {
    log.appendAsLeader(
        MemoryRecords.withTransactionalRecords(
            0L,
            Compression.NONE,
            7L,
            (short) 0,
            sequence,
            0,
            new SimpleRecord(LogFixture.NOW_MS, LogFixture.bytes("k"), LogFixture.bytes("v"))),
        0,
        Origin.CLIENT);
    log.appendAsLeader(
        MemoryRecords.withEndTransactionMarker(
            7L, (short) 0, new EndTransactionMarker(ControlRecordType.ABORT, 0)),
        0,
        Origin.COORDINATOR);
  }

  private void step(PartitionLog log, LogFixture fixture, Random random) {
    switch (random.nextInt(12)) {
      case 0 -> log.flush();
      case 1 -> fixture.scheduler.advance(1);
      case 2 -> log.assignEpochStart(log.epochEntries().size(), log.logEndOffset());
      case 3 -> {
        log.truncateTo(Math.max(0, log.logEndOffset() - random.nextInt(4)));
        appended.keySet().removeIf(offset -> offset >= log.logEndOffset());
      }
      default -> append(log);
    }
  }

  /** One record a batch, so that a log can be cut at any offset. */
  private void append(PartitionLog log) {
    long offset = log.logEndOffset();
    String value = "value " + offset + ", written " + ++written;
    appended.put(offset, value);
    everWritten.computeIfAbsent(offset, at -> new ArrayList<>()).add(value);
    log.appendAsLeader(
        MemoryRecords.withRecords(
            Compression.NONE,
            new SimpleRecord(
                LogFixture.NOW_MS + offset, LogFixture.bytes("k"), LogFixture.bytes(value))),
        Math.max(0, log.epochEntries().size() - 1),
        Origin.CLIENT);
  }

  private static Map<Long, String> reopened(Path directory, long recoveryPoint) throws IOException {
    LogFixture fixture = new LogFixture();
    PartitionLog log =
        fixture.open(directory, SMALL, new PartitionLog.Checkpointed(0, recoveryPoint, 0), false);
    assertThat(fixture.failures).isEmpty();
    Map<Long, String> found = LogFixture.records(log, 0);
    foundByTime(log, found.keySet());
    log.close();
    assertThat(LogCheck.soundRecords(directory.resolve("t-0"))).hasSize(found.size());
    return found;
  }

  private static void foundByTime(PartitionLog log, Iterable<Long> offsets) throws IOException {
    for (long offset : offsets) {
      assertThat(log.offsetForTimestamp(LogFixture.NOW_MS + offset))
          .as("looked up by time")
          .hasValueSatisfying(at -> assertThat(at.offset()).isEqualTo(offset));
    }
  }
}
