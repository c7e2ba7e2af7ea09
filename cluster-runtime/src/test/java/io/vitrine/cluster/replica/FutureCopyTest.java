package io.vitrine.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.LogManager;
import io.vitrine.storage.LogManagerSettings;
import io.vitrine.storage.LogObserver;
import io.vitrine.storage.StorageEnvironment;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.ReadBound;
import io.vitrine.storage.testing.ManualClock;
import io.vitrine.storage.testing.ManualScheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A future log comes after its log whatever becomes of that meanwhile. */
@Timeout(60)
class FutureCopyTest {
  private static final TopicPartition TP = new TopicPartition("orders", 0);

  @TempDir Path base;

  private LogManager open() {
    return LogManager.open(
        LogManagerSettings.defaults(List.of(base.resolve("a"), base.resolve("b"))),
        topic -> LogSettings.defaults().with(to -> to.segmentBytes(1_000).indexIntervalBytes(100)),
        new StorageEnvironment(
            new ManualClock(Instant.ofEpochMilli(1_700_000_000_000L)),
            System::nanoTime,
            new ManualScheduler(),
            new Random(1),
            new RealFiles(),
            new LogObserver() {},
            "test-"));
  }

  private PartitionLog future(LogManager logs) {
    logs.preferDirectory(TP, base.resolve("b"));
    return logs.getOrCreateFuture(TP);
  }

  private static void append(PartitionLog log, int epoch, int records, long seed) {
    SimpleRecord[] batch = new SimpleRecord[records];
    for (int i = 0; i < records; i++) {
      byte[] value = new byte[8];
      ByteBuffer.wrap(value).putLong(seed + i);
      batch[i] = new SimpleRecord(1_000L, value);
    }
    log.appendAsLeader(MemoryRecords.withRecords(Compression.NONE, batch), epoch, Origin.CLIENT);
  }

  private static List<Long> batchEnds(PartitionLog log, long from) throws IOException {
    List<Long> ends = new ArrayList<>();
    for (long offset = from; offset < log.logEndOffset(); ) {
      try (var slice = log.read(offset, 1, ReadBound.LOG_END, true).records()) {
        offset = slice.toMemory().batches().iterator().next().nextOffset();
        ends.add(offset);
      }
    }
    return ends;
  }

  private static String content(PartitionLog log) throws IOException {
    StringBuilder text = new StringBuilder("starts " + log.logStartOffset() + "\n");
    long offset = log.logStartOffset();
    while (offset < log.logEndOffset()) {
      try (var slice = log.read(offset, 1 << 20, ReadBound.LOG_END, true).records()) {
        for (var batch : slice.toMemory().batches()) {
          text.append(batch.baseOffset())
              .append(' ')
              .append(batch.partitionLeaderEpoch())
              .append(' ')
              .append(batch.checksum())
              .append('\n');
          offset = batch.nextOffset();
        }
      }
    }
    return text.append(log.epochEntries()).append(" ends ").append(offset).toString();
  }

  @Test
  void whereTheEpochsPartTheFutureLogIsCut() throws IOException {
    try (LogManager logs = open()) {
      PartitionLog current = logs.getOrCreate(TP, Optional.of(Uuid.randomUuid()), true);
      append(current, 0, 10, 1);
      append(current, 1, 10, 100);
      PartitionLog future = future(logs);
      bring(current, future);
      // As long as before, but other records from offset 10 on.
      current.truncateTo(10);
      append(current, 2, 10, 200);
      assertThat(future.logEndOffset()).isEqualTo(current.logEndOffset());
      assertThat(FutureCopy.isComplete(current, future)).isFalse();
      bring(current, future);
      assertThat(content(future)).isEqualTo(content(current));
    }
  }

  @Test
  void whatTheLogHasDeletedIsSkipped() throws IOException {
    try (LogManager logs = open()) {
      PartitionLog current = logs.getOrCreate(TP, Optional.empty(), true);
      append(current, 0, 10, 1);
      PartitionLog future = future(logs);
      bring(current, future);
      append(current, 0, 10, 11);
      append(current, 0, 10, 21);
      current.updateHighWatermark(30);
      // In the middle of a batch: the future log begins with that batch.
      current.deleteRecordsBefore(25);
      bring(current, future);
      assertThat(future.logStartOffset()).isEqualTo(25);
      assertThat(content(future)).isEqualTo(content(current));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void itComesAfterARandomLifeOfTheLog(long seed) throws IOException {
    Random random = new Random(seed);
    try (LogManager logs = open()) {
      PartitionLog current = logs.getOrCreate(TP, Optional.of(Uuid.randomUuid()), true);
      append(current, 0, 5, seed);
      PartitionLog future = future(logs);
      int epoch = 0;
      for (int i = 0; i < 300; i++) {
        switch (random.nextInt(8)) {
          case 0 -> {
            // To the end of a batch, as where leaders' logs part.
            List<Long> ends = batchEnds(current, current.highWatermark());
            if (!ends.isEmpty()) {
              current.truncateTo(ends.get(random.nextInt(ends.size())));
            }
            epoch += 1 + random.nextInt(2);
          }
          case 1 -> {
            long most = current.logEndOffset() - current.highWatermark();
            current.updateHighWatermark(
                current.highWatermark() + (long) (random.nextDouble() * most));
          }
          case 2 -> {
            if (random.nextInt(4) == 0) {
              long most = current.highWatermark() - current.logStartOffset();
              current.deleteRecordsBefore(
                  current.logStartOffset() + (long) (random.nextDouble() * most));
            }
          }
          case 3, 4 -> append(current, epoch, 1 + random.nextInt(5), random.nextLong());
          default -> step(current, future, 100 + random.nextInt(400));
        }
      }
      bring(current, future);
      assertThat(future.logEndOffset()).isEqualTo(current.logEndOffset());
      assertThat(future.logStartOffset()).isEqualTo(current.logStartOffset());
      assertThat(content(future)).isEqualTo(content(current));
      String before = content(current);
      PartitionLog moved = logs.replaceWithFuture(TP);
      assertThat(content(moved)).isEqualTo(before);
    }
  }

  private static void bring(PartitionLog current, PartitionLog future) {
    for (int i = 0; i < 1_000 && !FutureCopy.isComplete(current, future); i++) {
      step(current, future, 300);
    }
    assertThat(FutureCopy.isComplete(current, future)).isTrue();
    step(current, future, 300);
  }

  private static void step(PartitionLog current, PartitionLog future, int maxBytes) {
    try {
      FutureCopy.step(current, future, maxBytes);
    } catch (OffsetOutOfRangeException e) {
      throw new AssertionError("nobody changes the log during a step", e);
    }
  }
}
