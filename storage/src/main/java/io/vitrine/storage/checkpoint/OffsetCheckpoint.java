package io.vitrine.storage.checkpoint;

import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * A file of one offset a partition: recovery points, high watermarks, log start offsets.
 *
 * <p>Text: line 1 the version {@code 0}, line 2 the count, then {@code topic partition offset} a
 * line. Replaced as a whole; safe from any thread as long as one writes at a time.
 */
public final class OffsetCheckpoint {
  public static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";
  public static final String HIGH_WATERMARKS = "replication-offset-checkpoint";
  public static final String LOG_STARTS = "log-start-offset-checkpoint";

  /** First dirty offset of each compacted log. */
  public static final String CLEANED = "cleaner-offset-checkpoint";

  private static final int MAX_BYTES = 256 << 20;

  private final FileAccess files;
  private final Path path;

  public OffsetCheckpoint(FileAccess files, Path directory, String name) {
    this.files = files;
    this.path = directory.resolve(name);
  }

  /** What the file holds; empty when there is none. */
  public Map<TopicPartition, Long> read() throws IOException {
    if (!files.exists(path)) {
      return Map.of();
    }
    TextCheckpoint text = TextCheckpoint.parse(path, files.readSmall(path, MAX_BYTES), 3);
    Map<TopicPartition, Long> offsets =
        new TreeMap<>(Comparator.comparing(TopicPartition::toString));
    for (int line = 0; line < text.lines().size(); line++) {
      String topic = text.lines().get(line)[0];
      offsets.put(new TopicPartition(topic, text.integer(line, 1)), text.number(line, 2));
    }
    return offsets;
  }

  /** Replaces the file. */
  public void write(Map<TopicPartition, Long> offsets) throws IOException {
    StringBuilder text = new StringBuilder("0\n").append(offsets.size()).append('\n');
    offsets.forEach(
        (partition, offset) ->
            text.append(partition.topic())
                .append(' ')
                .append(partition.partition())
                .append(' ')
                .append(offset.longValue())
                .append('\n'));
    files.replace(path, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
