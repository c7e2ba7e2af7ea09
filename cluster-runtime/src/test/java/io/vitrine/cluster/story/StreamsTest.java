package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka Streams, unchanged, counts and joins exactly once while brokers are killed. {@link
 * StreamsAndConnect} does it for as long as one likes, with Kafka Connect beside it.
 */
class StreamsTest {
  private static final Duration TIME = Duration.ofSeconds(12);
  private static final Path STREAMS = Path.of("target", "streams").toAbsolutePath();

  @Test
  void everyResultIsThereOnce(@TempDir Path directory) throws Exception {
    assertThat(STREAMS).as("copied by the build").isNotEmptyDirectory();
    String classPath = STREAMS + "/*" + File.pathSeparator + System.getProperty("java.class.path");
    List<String> story = new ArrayList<>();
    try (StoryCluster cluster = StoryCluster.of(Brand.VITRINE, directory)) {
      StreamsAndConnect.run(cluster, directory, classPath, Optional.empty(), TIME, 1, story::add);
    } catch (Exception | AssertionError e) {
      throw new AssertionError("after\n" + String.join("\n", story), e);
    }
  }
}
