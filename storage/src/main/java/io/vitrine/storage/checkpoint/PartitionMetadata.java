package io.vitrine.storage.checkpoint;

import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * {@code partition.metadata}: the topic id of a partition directory, KIP-516.
 *
 * <p>Text of 43 bytes: {@code version: 0}, a line end, {@code topic_id: } and 22 characters.
 */
public final class PartitionMetadata {
  private static final String NAME = "partition.metadata";
  private static final int MAX_BYTES = 4096;

  private PartitionMetadata() {}

  /** The id a directory belongs to; empty when none was ever written. */
  public static Optional<Uuid> read(FileAccess files, Path directory) throws IOException {
    Path path = directory.resolve(NAME);
    if (!files.exists(path)) {
      return Optional.empty();
    }
    String[] lines =
        new String(files.readSmall(path, MAX_BYTES), StandardCharsets.UTF_8).split("\n");
    if (lines.length < 2 || !lines[0].equals("version: 0") || !lines[1].startsWith("topic_id: ")) {
      throw new IOException(path + " is not of version 0 with a topic_id");
    }
    try {
      return Optional.of(Uuid.fromString(lines[1].substring("topic_id: ".length()).trim()));
    } catch (IllegalArgumentException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  public static void write(FileAccess files, Path directory, Uuid topicId) throws IOException {
    String text = "version: 0\ntopic_id: " + topicId;
    files.replace(directory.resolve(NAME), text.getBytes(StandardCharsets.UTF_8));
  }
}
