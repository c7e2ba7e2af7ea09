package io.vitrine.storage.log;

import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.testing.ManualClock;
import io.vitrine.storage.testing.ManualScheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.SimpleRecord;

/** Logs and batches for tests. */
public final class LogFixture {
  static final TopicPartition PARTITION = new TopicPartition("t", 0);
  public static final long NOW_MS = 1_700_000_000_000L;

  public final ManualClock clock = new ManualClock(Instant.ofEpochMilli(NOW_MS));
  public final ManualScheduler scheduler = new ManualScheduler();
  public final List<String> events = new ArrayList<>();
  public final List<IOException> failures = new ArrayList<>();

  /** Through which files everything goes. */
  public FileAccess files = new RealFiles();

  public LogContext context() {
    return new LogContext(
        files,
        clock,
        scheduler,
        new Random(1),
        new DecompressionBuffers(),
        new LookupBuffers(),
        () -> 86_400_000,
        LogContext.Compaction.NONE,
        new LogContext.Listener() {
          @Override
          public void segmentRolled(TopicPartition partition, long baseOffset) {
            events.add("rolled " + baseOffset);
          }

          @Override
          public void segmentsDeleted(TopicPartition p, List<Long> bases, String reason) {
            events.add("deleted " + bases + " " + reason);
          }

          @Override
          public void recovered(TopicPartition p, long ms, long bytesCut, long end) {
            events.add("recovered to " + end + ", cut " + bytesCut);
          }
        },
        (directory, cause) -> failures.add(cause));
  }

  public PartitionLog open(Path directory, LogSettings settings, boolean clean) throws IOException {
    return open(directory, settings, PartitionLog.Checkpointed.NOTHING, clean);
  }

  public PartitionLog open(
      Path directory, LogSettings settings, PartitionLog.Checkpointed checkpointed, boolean clean)
      throws IOException {
    return PartitionLog.open(
        PARTITION, directory.resolve("t-0"), settings, checkpointed, clean, context());
  }

  public static MemoryRecords batch(String... values) {
    SimpleRecord[] records = new SimpleRecord[values.length];
    for (int i = 0; i < values.length; i++) {
      records[i] = new SimpleRecord(NOW_MS + i, bytes("k"), bytes(values[i]));
    }
    return MemoryRecords.withRecords(Compression.NONE, records);
  }

  public static AppendResult append(PartitionLog log, int epoch, String... values) {
    return log.appendAsLeader(batch(values), epoch, Origin.CLIENT);
  }

  /** All values from an offset on, read as a follower would. */
  public static List<String> values(PartitionLog log, long from) throws IOException {
    return List.copyOf(records(log, from).values());
  }

  /** All values from an offset on by their offsets, read as a follower would. */
  static Map<Long, String> records(PartitionLog log, long from) throws IOException {
    Map<Long, String> values = new TreeMap<>();
    long offset = from;
    while (offset < log.logEndOffset()) {
      long before = offset;
      try (LogSlice slice = log.read(offset, 1 << 20, ReadBound.LOG_END, true).records()) {
        for (Record record : slice.toMemory().records()) {
          if (record.offset() >= offset) {
            byte[] value = new byte[record.valueSize()];
            record.value().get(value);
            values.put(record.offset(), new String(value, StandardCharsets.UTF_8));
            offset = record.offset() + 1;
          }
        }
      }
      if (offset == before) {
        throw new AssertionError(
            "nothing to read at " + offset + " of a log that ends at " + log.logEndOffset());
      }
    }
    return values;
  }

  public static MemoryRecords copy(MemoryRecords records) {
    ByteBuffer bytes = records.buffer().duplicate();
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
    copy.put(bytes).flip();
    return MemoryRecords.readableRecords(copy);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
