package io.vitrine.cluster.story;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transactions over several partitions while brokers are killed and stopped: whole or not at all.
 * {@link Transfers} does it for as long as one likes.
 */
class TransfersTest {
  private static final Duration TIME = Duration.ofSeconds(45);

  @Test
  void theSumNeverChanges(@TempDir Path directory) throws Exception {
    List<String> story = new ArrayList<>();
    try (StoryCluster cluster = StoryCluster.of(Brand.VITRINE, directory, 1, Transfers.SETTINGS)) {
      Transfers.run(cluster, false, 1, TIME, story::add);
    } catch (Exception | AssertionError e) {
      throw new AssertionError("after\n" + String.join("\n", story), e);
    }
  }
}
