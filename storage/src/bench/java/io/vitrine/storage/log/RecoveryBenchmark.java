package io.vitrine.storage.log;

import io.vitrine.storage.file.RealFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
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

/** Opening a log of 256 MiB in 16 segments that was not closed: all of it is read again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
public class RecoveryBenchmark {
  private static final LogSettings SETTINGS =
      LogSettings.defaults().with(s -> s.segmentBytes(16 << 20));

  @Param({"vitrine", "kafka"})
  private String whose;

  private Path directory;
  private OracleLog theirs;
  private PartitionLog opened;

  @Setup(Level.Iteration)
  public void fill() throws IOException {
    directory = Files.createTempDirectory("benchmark");
    PartitionLog log = new LogFixture().open(directory, SETTINGS, true);
    SimpleRecord[] records = new SimpleRecord[10];
    for (int i = 0; i < records.length; i++) {
      records[i] = new SimpleRecord(LogFixture.NOW_MS, LogFixture.bytes("key" + i), new byte[400]);
    }
    while (log.sizeBytes() < 256 << 20) {
      log.appendAsLeader(MemoryRecords.withRecords(Compression.NONE, records), 0, Origin.CLIENT);
    }
    log.abandon();
    theirs = new OracleLog(directory, SETTINGS, new LogFixture().clock);
  }

  @Benchmark
  public void recover() throws IOException {
    if (whose.equals("vitrine")) {
      opened = new LogFixture().open(directory, SETTINGS, false);
    } else {
      theirs.open(PartitionLog.Checkpointed.NOTHING, false);
    }
  }

  @TearDown(Level.Iteration)
  public void delete() throws IOException {
    if (opened != null) {
      opened.abandon();
      opened = null;
    } else {
      theirs.log().close();
    }
    new RealFiles().delete(directory);
  }
}
