package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.testing.ManualScheduler;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kafka.log.UnifiedLog;
import kafka.server.BrokerTopicStats;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogOffsetsListener;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * M60–M62, M35: the same appends, rolls, truncations and clean close through Apache Kafka 3.9.2's
 * log and ours leave equal files, byte for byte.
 */
class KafkaDifferentialTest {
  private static final int HISTORIES = 60;
  private static final List<String> COMPARED =
      List.of(".log", ".index", ".timeindex", ".snapshot", "leader-epoch-checkpoint");

  static Stream<Long> seeds() {
    return Stream.iterate(1L, seed -> seed + 1).limit(HISTORIES);
  }

  @ParameterizedTest(name = "history {0}")
  @MethodSource("seeds")
  void leavesKafkasFiles(long seed, @TempDir Path directory) throws Exception {
    Random random = new Random(seed);
    LogSettings settings = settings(random);
    Path ours = directory.resolve("ours");
    Path theirs = Files.createDirectories(directory.resolve("theirs").resolve("t-0"));
    UnifiedLog kafka = kafka(theirs.toFile(), settings);
    PartitionLog log = new LogFixture().open(ours, settings, true);
    int epoch = 0;
    int sequence = 0;
    short producerEpoch = 0;
    for (int step = 0; step < 80; step++) {
      int choice = random.nextInt(100);
      if (choice < 88) {
        boolean idempotent = random.nextInt(3) == 0;
        MemoryRecords records = batch(random, idempotent, producerEpoch, sequence);
        if (idempotent) {
          sequence += count(records);
        }
        MemoryRecords copy = LogFixture.copy(records);
        kafka.appendAsLeader(
            records,
            epoch,
            kafka.appendAsLeader$default$3(),
            kafka.appendAsLeader$default$4(),
            kafka.appendAsLeader$default$5(),
            kafka.appendAsLeader$default$6());
        log.appendAsLeader(copy, epoch, Origin.CLIENT);
      } else if (choice < 93) {
        epoch += 1 + random.nextInt(2);
        kafka.maybeAssignEpochStartOffset(epoch, kafka.logEndOffset());
        log.assignEpochStart(epoch, log.logEndOffset());
      } else if (choice < 96) {
        kafka.roll(scala.Option.empty());
        log.roll();
      } else if (log.logEndOffset() > 0) {
        long to = log.logEndOffset() - random.nextInt((int) Math.min(40, log.logEndOffset()));
        kafka.truncateTo(to);
        log.truncateTo(to);
        sequence = 0;
        producerEpoch++;
        epoch++;
      }
      assertThat(log.logEndOffset()).as("end after step " + step).isEqualTo(kafka.logEndOffset());
    }
    kafka.close();
    log.close();

    assertThat(names(ours.resolve("t-0"))).containsExactlyElementsOf(names(theirs));
    for (String name : names(theirs)) {
      assertThat(ours.resolve("t-0").resolve(name))
          .as(name + " of history " + seed)
          .hasSameBinaryContentAs(theirs.resolve(name));
    }
  }

  private static LogSettings settings(Random random) {
    return LogSettings.defaults()
        .with(
            s ->
                s.segmentBytes(2_000 + random.nextInt(20_000))
                    .segmentIndexBytes(random.nextInt(4) == 0 ? 96 : 10 << 20)
                    .indexIntervalBytes(random.nextInt(3) == 0 ? 4096 : random.nextInt(600))
                    .retentionMs(-1));
  }

  private static MemoryRecords batch(
      Random random, boolean idempotent, short producerEpoch, int sequence) {
    CompressionType[] types = {
      CompressionType.NONE,
      CompressionType.NONE,
      CompressionType.GZIP,
      CompressionType.LZ4,
      CompressionType.SNAPPY,
      CompressionType.ZSTD
    };
    SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(12)];
    for (int i = 0; i < records.length; i++) {
      byte[] value = new byte[random.nextInt(150)];
      random.nextBytes(value);
      records[i] =
          new SimpleRecord(
              // Kafka forgets producers whose last record is old by its own clock.
              System.currentTimeMillis() + random.nextInt(100_000),
              random.nextInt(5) == 0 ? null : LogFixture.bytes("k" + random.nextInt(20)),
              random.nextInt(8) == 0 ? null : value);
    }
    Compression compression = Compression.of(types[random.nextInt(types.length)]).build();
    return idempotent
        ? MemoryRecords.withIdempotentRecords(compression, 7L, producerEpoch, sequence, records)
        : MemoryRecords.withRecords(compression, records);
  }

  private static int count(MemoryRecords records) {
    return records.batches().iterator().next().countOrNull();
  }

  private static UnifiedLog kafka(File directory, LogSettings settings) {
    Properties properties = new Properties();
    properties.put("segment.bytes", Integer.toString(settings.segmentBytes()));
    properties.put("segment.index.bytes", Integer.toString(settings.segmentIndexBytes()));
    properties.put("index.interval.bytes", Integer.toString(settings.indexIntervalBytes()));
    properties.put("retention.ms", "-1");
    return UnifiedLog.apply(
        directory,
        new LogConfig(properties),
        0L,
        0L,
        new EpochFilesOnly(),
        new BrokerTopicStats(false),
        Time.SYSTEM,
        300_000,
        new ProducerStateManagerConfig(86_400_000, false),
        600_000,
        new LogDirFailureChannel(1),
        true,
        scala.Option.empty(),
        true,
        new ConcurrentHashMap<>(),
        false,
        LogOffsetsListener.NO_OP_OFFSETS_LISTENER);
  }

  private static List<String> names(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> COMPARED.stream().anyMatch(name::endsWith))
          .sorted()
          .forEach(names::add);
    }
    return names;
  }

  /**
   * Flushes in the background would race with the end of a history; what they do is not compared.
   */
  private static final class EpochFilesOnly implements Scheduler {
    @Override
    public void startup() {}

    @Override
    public void shutdown() {}

    @Override
    public ScheduledFuture<?> schedule(String name, Runnable task, long delayMs, long periodMs) {
      if (name.startsWith("leader-epoch-cache-flush")) {
        task.run();
      }
      return new ManualScheduler().schedule(task, 1, TimeUnit.DAYS);
    }

    @Override
    public void resizeThreadPool(int newSize) {}
  }
}
