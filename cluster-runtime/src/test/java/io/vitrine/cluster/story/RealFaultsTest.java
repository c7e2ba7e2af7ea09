package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE_PROCESS;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M05, M11, M12, M38, M53: brokers as processes under SIGKILL, SIGSTOP, SIGTERM and cut, reset and
 * slow links while an idempotent producer works: nothing acknowledged is lost, nothing doubled,
 * order kept. {@link RealFaults} does it for as long as one likes.
 */
class RealFaultsTest {
  private static final Duration TIME = Duration.ofSeconds(45);

  @Test
  void nothingIsLostAndNothingDoubled(@TempDir Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.linked(VITRINE_PROCESS, directory)) {
      RealFaults.run(cluster, 1, TIME, line -> {});
    }
  }
}
