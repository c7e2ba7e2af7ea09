package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M01, M02, M05, M07–M16, M25, M28–M30, M35: the same story, equal ZooKeeper trees at each step.
 */
class FailoverStoryTest {

  @Test
  void ourClusterLeavesTheTreesThatApacheKafkaLeaves(@TempDir Path directory) throws Exception {
    Map<String, Map<String, String>> expected;
    try (StoryCluster kafka = StoryCluster.of(Brand.KAFKA, directory.resolve("kafka"))) {
      expected = FailoverStory.tell(kafka);
    }
    Map<String, Map<String, String>> actual;
    try (StoryCluster ours = StoryCluster.of(Brand.VITRINE, directory.resolve("vitrine"))) {
      actual = FailoverStory.tell(ours);
    }

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (chapter, nodes) ->
            assertThat(actual.get(chapter)).as(chapter).containsExactlyInAnyOrderEntriesOf(nodes));
  }
}
