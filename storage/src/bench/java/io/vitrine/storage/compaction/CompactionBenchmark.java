package io.vitrine.storage.compaction;

import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.log.LogFixture;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.OracleLog;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import kafka.log.LogToClean;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.SkimpyOffsetMap;
import org.apache.kafka.storage.internals.utils.Throttler;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One pass over 128 MiB of 100,000 keys in 8 segments, with the buffers of Kafka's defaults. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
public class CompactionBenchmark {
  private static final LogSettings SETTINGS =
      LogSettings.defaults().with(s -> s.segmentBytes(16 << 20).compact(true).delete(false));
  private static final int KEYS = 100_000;

  @Param({"vitrine", "kafka"})
  private String whose;

  private Path directory;
  private PartitionLog ours;
  private OracleLog theirs;
  private Cleaner cleaner;
  private kafka.log.Cleaner kafkas;

  @Setup(Level.Trial)
  public void makeCleaners() throws Exception {
    CleanerSettings settings = CleanerSettings.defaults();
    cleaner =
        new Cleaner(
            settings,
            new Throttle(Double.MAX_VALUE, System::nanoTime, nanos -> {}),
            new LogFixture().clock);
  }

  @Setup(Level.Iteration)
  public void fill() throws Exception {
    directory = Files.createTempDirectory("benchmark");
    LogFixture fixture = new LogFixture();
    boolean vitrine = whose.equals("vitrine");
    if (vitrine) {
      ours = fixture.open(directory, SETTINGS, true);
    } else {
      theirs = new OracleLog(directory, SETTINGS, fixture.clock);
      theirs.open(PartitionLog.Checkpointed.NOTHING, true);
      kafkas =
          new kafka.log.Cleaner(
              0,
              new SkimpyOffsetMap(128 << 20),
              256 << 10,
              1_048_588,
              0.9,
              new Throttler(Double.MAX_VALUE, 300, "cleaner", "bytes", theirs.time()),
              theirs.time(),
              partition -> null);
    }
    Random random = new Random(1);
    for (long bytes = 0; bytes < 128 << 20; ) {
      SimpleRecord[] records = new SimpleRecord[20];
      for (int i = 0; i < records.length; i++) {
        records[i] =
            new SimpleRecord(
                LogFixture.NOW_MS, LogFixture.bytes("key" + random.nextInt(KEYS)), new byte[200]);
      }
      MemoryRecords batch = MemoryRecords.withRecords(Compression.NONE, records);
      bytes += batch.sizeInBytes();
      if (vitrine) {
        ours.appendAsLeader(batch, 0, Origin.CLIENT);
      } else {
        theirs.appendAsLeader(batch, 0, AppendOrigin.CLIENT);
      }
    }
    if (vitrine) {
      ours.updateHighWatermark(ours.logEndOffset());
    } else {
      theirs.log().updateHighWatermark(theirs.log().logEndOffset());
    }
  }

  @Benchmark
  public Object clean() throws IOException {
    if (ours != null) {
      return cleaner.clean(DirtyLog.of(ours, OptionalLong.empty(), LogFixture.NOW_MS), () -> {});
    }
    return kafkas.doClean(
        LogToClean.apply(
            new TopicPartition("t", 0), theirs.log(), 0, theirs.log().lastStableOffset(), false),
        LogFixture.NOW_MS);
  }

  @TearDown(Level.Iteration)
  public void delete() throws IOException {
    if (ours != null) {
      ours.abandon();
      ours = null;
    } else {
      theirs.log().close();
    }
    new RealFiles().delete(directory);
  }
}
