package io.vitrine.storage.log;

import io.vitrine.storage.file.RealFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.FetchIsolation;
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

/** Appends and reads of one log, Kafka's and ours, same batches, page cache, no fsync. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class LogBenchmark {
  private static final int FILLED_BYTES = 64 << 20;

  @Param({"vitrine", "kafka"})
  private String whose;

  private final Random random = new Random(1);
  private Path directory;
  private ByteBuffer small;
  private ByteBuffer large;
  private PartitionLog ours;
  private OracleLog theirs;
  private long end;

  @Setup(Level.Iteration)
  public void fill() throws IOException {
    directory = Files.createTempDirectory("benchmark");
    LogSettings settings = LogSettings.defaults();
    small = batch(1, 100);
    large = batch(64, 1_000);
    if (whose.equals("vitrine")) {
      LogFixture fixture = new LogFixture();
      fixture.files = new RealFiles();
      ours = fixture.open(directory, settings, true);
    } else {
      theirs = new OracleLog(directory, settings, new LogFixture().clock);
      theirs.open(PartitionLog.Checkpointed.NOTHING, true);
    }
    for (int filled = 0; filled < FILLED_BYTES; filled += large.capacity()) {
      append(large);
    }
    end = ours == null ? theirs.log().logEndOffset() : ours.logEndOffset();
  }

  private static ByteBuffer batch(int count, int size) {
    SimpleRecord[] records = new SimpleRecord[count];
    for (int i = 0; i < count; i++) {
      records[i] = new SimpleRecord(LogFixture.NOW_MS, LogFixture.bytes("key" + i), new byte[size]);
    }
    return MemoryRecords.withRecords(Compression.NONE, records).buffer();
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

  private Object append(ByteBuffer batch) {
    // A leader stamps its offset into the batch; producers send 0.
    batch.putLong(0, 0);
    MemoryRecords records = MemoryRecords.readableRecords(batch.duplicate());
    return ours != null
        ? ours.appendAsLeader(records, 0, Origin.CLIENT)
        : theirs.appendAsLeader(records, 0, AppendOrigin.CLIENT);
  }

  /** One record of 100 bytes. */
  @Benchmark
  public Object appendSmallBatch() {
    return append(small);
  }

  /** 64 records of 1,000 bytes. */
  @Benchmark
  public Object appendLargeBatch() {
    return append(large);
  }

  /** What a fetch of 1 MiB costs before the socket: the bytes stay in the file. */
  @Benchmark
  public Object read1MiB() {
    return read(random.nextLong(end - 2_000), 1 << 20);
  }

  /** A fetch of next to nothing at any offset: index lookup and scan. */
  @Benchmark
  public Object lookUpOffset() {
    return read(random.nextLong(end), 1);
  }

  private Object read(long offset, int bytes) {
    if (ours != null) {
      LogRead read = ours.read(offset, bytes, ReadBound.LOG_END, true);
      read.records().close();
      return read;
    }
    return theirs.log().read(offset, bytes, FetchIsolation.LOG_END, true);
  }
}
