package io.vitrine.storage;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** Names of partition directories. */
final class PartitionDirectory {
  private static final int MAX_NAME = 255;
  private static final String FUTURE = "-future";
  private static final String DELETE = "-delete";
  private static final String STRAY = "-stray";
  private static final Pattern MARKED =
      Pattern.compile("(\\S+-\\S+)\\.\\S+(-future|-delete|-stray)");

  private PartitionDirectory() {}

  /** What a directory's name says it is. */
  enum Kind {
    /** {@code <topic>-<number>}: the log that is served. */
    CURRENT,
    /** {@code …-future}: a copy on its way to become the log in this log directory. */
    FUTURE,
    /** {@code …-delete}: renamed away, to be unlinked. */
    DELETED,
    /** {@code …-stray}: set aside because no topic claims it; never served, never deleted. */
    STRAY
  }

  /** A partition and what a directory is to it. */
  record Name(TopicPartition partition, Kind kind) {}

  /** Reads a directory's name; empty for anything that Kafka does not name so. */
  static Optional<Name> parse(Path path) {
    String name = path.getFileName().toString();
    Kind kind = Kind.CURRENT;
    if (name.endsWith(FUTURE) || name.endsWith(DELETE) || name.endsWith(STRAY)) {
      Matcher marked = MARKED.matcher(name);
      if (!marked.matches()) {
        return Optional.empty();
      }
      name = marked.group(1);
      kind = kindOf(marked.group(2));
    }
    int dash = name.lastIndexOf('-');
    if (dash < 1 || dash == name.length() - 1) {
      return Optional.empty();
    }
    String number = name.substring(dash + 1);
    if (number.length() > 9 || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    return Optional.of(
        new Name(new TopicPartition(name.substring(0, dash), Integer.parseInt(number)), kind));
  }

  private static Kind kindOf(String suffix) {
    return switch (suffix) {
      case FUTURE -> Kind.FUTURE;
      case DELETE -> Kind.DELETED;
      default -> Kind.STRAY;
    };
  }

  /** {@code <topic>-<number>.<32 hex digits>-delete}, the topic cut so that it fits a file name. */
  static String deletedName(TopicPartition partition) {
    String unique = "-" + partition.partition() + "." + uniqueId() + DELETE;
    String topic = partition.topic();
    return topic.substring(0, Math.min(topic.length(), MAX_NAME - unique.length())) + unique;
  }

  /** {@code <topic>-<number>.<32 hex digits>-future}, never cut: it has to name its topic. */
  static String futureName(TopicPartition partition) {
    return partition + "." + uniqueId() + FUTURE;
  }

  /** Whether a future directory's name would be longer than file systems allow. */
  static boolean futureNameTooLong(TopicPartition partition) {
    return futureName(partition).length() > MAX_NAME;
  }

  private static String uniqueId() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
