package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * M60: each reason to begin a segment, where Apache Kafka 3.9.2's log begins one too, with the same
 * files.
 */
class RollsTest {
  private static final long NOW = LogFixture.NOW_MS;

  @TempDir private Path directory;

  @Test
  void whenTheBytesDoNotFit() throws IOException {
    LogPair pair = pair(s -> s.segmentBytes(200));
    append(pair, 5, 0);
    // A batch of one record of 20 bytes has 88: two fit.
    assertThat(rolledAt(pair)).containsExactly(0L, 2L, 4L);
  }

  @Test
  void whenTheFirstRecordIsOldByTheBatches() throws IOException {
    LogPair pair = pair(s -> s.segmentMs(1_000));
    append(pair, 2, 0);
    pair.clock().advance(Duration.ofMillis(5_000));
    // Time alone does nothing; a batch that is late by its own timestamp rolls.
    append(pair, 1, 0);
    append(pair, 1, 1_001);
    assertThat(rolledAt(pair)).containsExactly(0L, 3L);
  }

  @Test
  void whenTheOffsetIndexIsFull() throws IOException {
    LogPair pair = pair(s -> s.segmentIndexBytes(96).indexIntervalBytes(1));
    append(pair, 20, 0);
    assertThat(rolledAt(pair)).containsExactly(0L, 13L);
  }

  @Test
  void whenTheTimeIndexIsFull() throws IOException {
    LogPair pair = pair(s -> s.segmentIndexBytes(96).indexIntervalBytes(1));
    for (int i = 0; i < 12; i++) {
      append(pair, 1, i);
    }
    assertThat(rolledAt(pair)).containsExactly(0L, 8L);
  }

  @Test
  void whenAnOffsetIsTooFarFromTheBase() throws IOException {
    LogPair pair = pair(s -> s);
    append(pair, 2, 0);
    pair.appendAsFollower(batch(Integer.MAX_VALUE - 10L, NOW), 0);
    pair.appendAsFollower(batch(Integer.MAX_VALUE + 10L, NOW), 0);
    assertThat(rolledAt(pair)).containsExactly(0L, Integer.MAX_VALUE + 10L);
  }

  @ParameterizedTest(name = "segment.jitter.ms={0}: rolls after more than {1} ms")
  @CsvSource({"0,1000", "400,600", "1000,0", "5000,0"})
  void afterSegmentMsLessAJitterOfItsOwn(long jitterMs, long leastMs) throws IOException {
    PartitionLog log =
        new LogFixture()
            .open(
                directory,
                LogSettings.defaults().with(s -> s.segmentMs(1_000).segmentJitterMs(jitterMs)),
                true);
    Set<Long> ages = new TreeSet<>();
    long firstMs = NOW;
    for (long ms = NOW; ages.size() + log.segments().size() < 60 && ms < NOW + 40_000; ms += 10) {
      long base = log.activeBaseOffset();
      log.appendAsLeader(batch(0, ms), 0, Origin.CLIENT);
      if (log.activeBaseOffset() > base) {
        ages.add(ms - firstMs);
        firstMs = ms;
      }
    }
    log.close();
    // Looked at every 10 ms; the jitter is at most the time itself.
    assertThat(ages)
        .allSatisfy(age -> assertThat(age).isGreaterThan(leastMs).isBetween(1L, 1_010L));
    assertThat(ages).hasSizeBetween(jitterMs == 0 ? 1 : 10, jitterMs == 0 ? 1 : 60);
  }

  private LogPair pair(UnaryOperator<LogSettings.Builder> change) throws IOException {
    return new LogPair(
        directory, LogSettings.defaults().with(s -> change.apply(s.preallocate(false))));
  }

  private static void append(LogPair pair, int batches, long afterMs) {
    for (int i = 0; i < batches; i++) {
      pair.append(batch(0, NOW + afterMs), 0, Origin.CLIENT);
    }
  }

  private static MemoryRecords batch(long offset, long timestampMs) {
    return MemoryRecords.withRecords(
        offset, Compression.NONE, 0, new SimpleRecord(timestampMs, null, new byte[20]));
  }

  /** The bases of our segments, once all files were found equal to Kafka's. */
  private static List<Long> rolledAt(LogPair pair) throws IOException {
    List<Long> bases = pair.log.segments().stream().map(SegmentInfo::baseOffset).toList();
    pair.close();
    pair.filesAreEqual();
    return bases;
  }
}
