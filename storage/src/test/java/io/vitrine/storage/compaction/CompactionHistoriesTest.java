package io.vitrine.storage.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.log.LogHistory;
import io.vitrine.storage.log.LogPair;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.ReadBound;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import kafka.log.LogCleanerManager;
import kafka.log.LogToClean;
import kafka.log.OffsetsToClean;
import kafka.log.UnifiedLog;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.storage.internals.log.SkimpyOffsetMap;
import org.apache.kafka.storage.internals.utils.Throttler;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * M68–M71, M73: generated lives of a compacted log through Apache Kafka 3.9.2's cleaner and ours,
 * several passes each, with transactions, tombstones that come of age and maps that are too small:
 * the same choice, the same files byte for byte.
 */
class CompactionHistoriesTest {
  private static final int HISTORIES = 200;
  private static final int PASSES = 4;
  private static final int STEPS = 60;
  private static final double LOAD_FACTOR = 0.9;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, HISTORIES);
  }

  @ParameterizedTest(name = "history {0}")
  @MethodSource("seeds")
  void isKafkas(long seed, @TempDir Path directory) throws Exception {
    Random random = new Random(seed);
    LogPair pair = new LogPair(directory, settings(random));
    LogHistory history = new LogHistory(random, pair, false);
    int slots = random.nextInt(3) == 0 ? 4 + random.nextInt(10) : 10_000;
    int buffer = 200 + random.nextInt(4_000);
    CleanerSettings settings =
        new CleanerSettings(
            true, 1, (long) slots * 24, 2 * buffer, LOAD_FACTOR, 1 << 20, Double.MAX_VALUE, 0);
    Cleaner ours =
        new Cleaner(
            settings,
            new Throttle(Double.MAX_VALUE, System::nanoTime, nanos -> {}),
            pair.fixture.clock);
    kafka.log.Cleaner theirs = kafkas(slots, buffer, pair);
    long checkpoint = -1;
    for (int pass = 0; pass < PASSES; pass++) {
      for (int step = 0; step < STEPS; step++) {
        history.step();
        checkpoint = Math.min(checkpoint, pair.log.logEndOffset());
      }
      pair.highWatermark(pair.log.logEndOffset());
      checkpoint = clean(pair, ours, theirs, checkpoint);
      pair.read(pair.log.logStartOffset(), 1 << 20, ReadBound.LAST_STABLE, true);
      pair.fixture.clock.advance(Duration.ofSeconds(random.nextInt(400)));
    }
    pair.restart();
    pair.close();
    pair.filesAreEqual();
  }

  private static LogSettings settings(Random random) {
    return LogHistory.settings(random, false)
        .with(
            s ->
                s.compact(true)
                    .segmentBytes(1_500 + random.nextInt(4_000))
                    .deleteRetentionMs(random.nextInt(300_000))
                    .minCompactionLagMs(random.nextInt(4) == 0 ? random.nextInt(100_000) : 0));
  }

  private static kafka.log.Cleaner kafkas(int slots, int buffer, LogPair pair) throws Exception {
    return new kafka.log.Cleaner(
        0,
        new SkimpyOffsetMap(slots * 24),
        buffer,
        1 << 20,
        LOAD_FACTOR,
        new Throttler(Double.MAX_VALUE, 300, "cleaner", "bytes", pair.kafka.time()),
        pair.kafka.time(),
        partition -> null);
  }

  /** One pass on both; where it begins and how far it may go is the same choice. */
  private static long clean(LogPair pair, Cleaner ours, kafka.log.Cleaner theirs, long checkpoint)
      throws Exception {
    UnifiedLog log = pair.kafka.log();
    long nowMs = pair.fixture.clock.millis();
    DirtyLog dirty =
        DirtyLog.of(
            pair.log, checkpoint < 0 ? OptionalLong.empty() : OptionalLong.of(checkpoint), nowMs);
    OffsetsToClean offsets =
        LogCleanerManager.cleanableOffsets(
            log, checkpoint < 0 ? scala.Option.empty() : scala.Some.apply(checkpoint), nowMs);
    LogToClean toClean =
        LogToClean.apply(
            new TopicPartition("t", 0),
            log,
            offsets.firstDirtyOffset(),
            offsets.firstUncleanableDirtyOffset(),
            false);
    assertThat(dirty.firstDirtyOffset()).isEqualTo(toClean.firstDirtyOffset());
    assertThat(dirty.firstUncleanableOffset()).isEqualTo(toClean.firstUncleanableOffset());
    assertThat(dirty.cleanBytes()).isEqualTo(toClean.cleanBytes());
    assertThat(dirty.dirtyBytes()).isEqualTo(toClean.cleanableBytes());
    assertThat(dirty.checkpointUnsound()).isEqualTo(offsets.forceUpdateCheckpoint());
    if (dirty.dirtyBytes() == 0) {
      return dirty.firstDirtyOffset();
    }
    Object expected = theirs.doClean(toClean, nowMs)._1();
    Cleaner.Result result = ours.clean(dirty, () -> {});
    assertThat(result.endOffset()).isEqualTo(expected);
    pair.filesOfSegmentsAreEqual();
    return result.endOffset();
  }
}
