package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;

/** Looks at the files of a closed log with Kafka's eyes. */
public final class LogCheck {
  private static final int INDEX_ENTRY = 8;
  private static final int TIME_ENTRY = 12;

  private LogCheck() {}

  /**
   * Checks every file of a partition directory: batches are sound and follow each other, index
   * entries point to the batches they mean, nothing lies about.
   *
   * @return the values by offset
   */
  public static Map<Long, String> soundRecords(Path directory) throws IOException {
    Map<Long, String> values = new TreeMap<>();
    long next = 0;
    for (Path file : files(directory)) {
      String name = file.getFileName().toString();
      assertThat(name)
          .matches("\\d{20}\\.(log|index|timeindex|txnindex|snapshot)(\\.deleted)?|[a-z.-]+");
      if (name.endsWith(".log")) {
        next = check(directory, name.substring(0, 20), next, values);
      }
    }
    return values;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static long check(Path directory, String base, long next, Map<Long, String> values)
      throws IOException {
    Map<Integer, Long> lastOffsets = new HashMap<>();
    long after = next;
    assertThat(Long.parseLong(base)).as("base of " + base).isGreaterThanOrEqualTo(next);
    Path log = directory.resolve(base + ".log");
    try (FileRecords records = FileRecords.open(log.toFile(), false)) {
      int position = 0;
      for (RecordBatch batch : records.batches()) {
        batch.ensureValid();
        assertThat(batch.baseOffset()).as("batch in " + base).isGreaterThanOrEqualTo(after);
        lastOffsets.put(position, batch.lastOffset());
        for (Record record : batch) {
          values.put(record.offset(), text(record));
        }
        position += batch.sizeInBytes();
        after = batch.nextOffset();
      }
      assertThat((long) position).as("bytes of " + base).isEqualTo(Files.size(log));
    }
    checkIndex(directory, base, lastOffsets);
    checkTimeIndex(directory, base, after);
    return after;
  }

  private static void checkIndex(Path directory, String base, Map<Integer, Long> lastOffsets)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(base + ".index")));
    assertThat(bytes.remaining() % INDEX_ENTRY).isZero();
    while (bytes.hasRemaining()) {
      long offset = Long.parseLong(base) + bytes.getInt();
      assertThat(lastOffsets).as("index of " + base).containsEntry(bytes.getInt(), offset);
    }
  }

  private static void checkTimeIndex(Path directory, String base, long end) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(base + ".timeindex")));
    assertThat(bytes.remaining() % TIME_ENTRY).isZero();
    long timestamp = -1;
    while (bytes.hasRemaining()) {
      long now = bytes.getLong();
      assertThat(now).as("time index of " + base).isGreaterThan(timestamp);
      assertThat(Long.parseLong(base) + bytes.getInt()).isLessThan(end);
      timestamp = now;
    }
  }

  /** A record in words: key and value. */
  private static String text(Record record) {
    return text(record.key()) + "=" + text(record.value());
  }

  private static String text(ByteBuffer bytes) {
    return bytes == null ? "null" : StandardCharsets.UTF_8.decode(bytes).toString();
  }
}
