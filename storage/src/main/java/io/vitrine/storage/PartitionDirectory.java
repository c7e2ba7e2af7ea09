package io.vitrine.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/** Names of partition directories. */
final class PartitionDirectory {
  private static final int MAX_NAME = 255;

  private PartitionDirectory() {}

  /** The partition a directory is of; empty for anything that is not {@code <topic>-<number>}. */
  static Optional<TopicPartition> parse(Path path) {
    String name = path.getFileName().toString();
    int dash = name.lastIndexOf('-');
    if (dash < 1 || dash == name.length() - 1 || !Files.isDirectory(path)) {
      return Optional.empty();
    }
    String number = name.substring(dash + 1);
    if (number.length() > 9 || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    return Optional.of(new TopicPartition(name.substring(0, dash), Integer.parseInt(number)));
  }

  /** {@code <topic>-<number>.<32 hex digits>-delete}, the topic cut so that it fits a file name. */
  static String deletedName(TopicPartition partition) {
    String unique =
        "-"
            + partition.partition()
            + "."
            + UUID.randomUUID().toString().replace("-", "")
            + "-delete";
    String topic = partition.topic();
    return topic.substring(0, Math.min(topic.length(), MAX_NAME - unique.length())) + unique;
  }
}
