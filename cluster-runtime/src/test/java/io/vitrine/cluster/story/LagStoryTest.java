package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE_PROCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * M28, M29: a follower that stands still (SIGSTOP) leaves the ISR and comes back, with the leader
 * epochs, partition epochs and order of the ISR that Apache Kafka gives.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "freezes processes by signals")
class LagStoryTest {

  @Test
  void theIsrShrinksAndGrowsAsApacheKafkas(@TempDir Path directory) throws Exception {
    Map<String, Map<String, String>> actual = tell(VITRINE_PROCESS, directory.resolve("vitrine"));
    Map<String, Map<String, String>> expected = tell(KAFKA, directory.resolve("kafka"));

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (chapter, nodes) ->
            assertThat(actual.get(chapter)).as(chapter).containsExactlyInAnyOrderEntriesOf(nodes));
  }

  private static Map<String, Map<String, String>> tell(Brand brand, Path directory)
      throws Exception {
    try (StoryCluster cluster = StoryCluster.of(brand, directory, 1, LagStory.SETTINGS)) {
      return new LagStory(cluster).tell();
    }
  }
}
