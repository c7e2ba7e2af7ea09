package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The replicas of a topic as files: segments equal byte for byte on all of three brokers. */
final class Replicas {
  private static final int BROKERS = 3;

  private Replicas() {}

  /** Waits until followers have what their leader has, and compares. */
  static void areEqual(StoryCluster cluster, String topic, int partitions) throws IOException {
    for (int p = 0; p < partitions; p++) {
      Path first = cluster.replica(1, topic, p);
      for (int id = 2; id <= BROKERS; id++) {
        Path other = cluster.replica(id, topic, p);
        await(other + " holds as many bytes as " + first)
            .atMost(Duration.ofSeconds(30))
            .until(() -> bytes(first) == bytes(other));
        areEqual(first, other);
      }
    }
  }

  private static void areEqual(Path first, Path other) throws IOException {
    List<Path> segments = files(first, ".log");
    assertThat(segments).as("segments in " + first).isNotEmpty();
    assertThat(files(other, ".log").stream().map(Path::getFileName))
        .as("segments in " + other)
        .containsExactlyElementsOf(segments.stream().map(Path::getFileName).toList());
    for (Path segment : segments) {
      assertThat(Files.mismatch(segment, other.resolve(segment.getFileName())))
          .as("first differing byte of " + segment + " and its copy in " + other)
          .isEqualTo(-1);
    }
  }

  /** Waits until a broker has no replica of a topic; what waits to be unlinked does not count. */
  static void areGone(StoryCluster cluster, int brokerId, String topic) {
    Pattern replica = Pattern.compile(Pattern.quote(topic) + "-\\d+");
    await("no replica of " + topic + " on broker " + brokerId)
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              try (Stream<Path> all = Files.list(cluster.logDirectory(brokerId))) {
                return all.noneMatch(d -> replica.matcher(d.getFileName().toString()).matches());
              }
            });
  }

  /** Files of a directory with this suffix, by name. */
  static List<Path> files(Path directory, String suffix) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static long bytes(Path directory) throws IOException {
    long sum = 0;
    for (Path segment : files(directory, ".log")) {
      sum += Files.size(segment);
    }
    return sum;
  }
}
