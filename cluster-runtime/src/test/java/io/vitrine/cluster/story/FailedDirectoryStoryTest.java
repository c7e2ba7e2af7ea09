package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M24, M30: one of two log directories fails, the same story on three brokers of either kind,
 * equally seen by Kafka's own clients.
 */
class FailedDirectoryStoryTest {

  @Test
  void aFailedDirectoryIsSeenAsOnApacheKafka(@TempDir Path directory) throws Exception {
    Map<String, List<String>> actual;
    try (StoryCluster ours =
        StoryCluster.of(
            Brand.VITRINE, directory.resolve("vitrine"), 2, FailedDirectoryStory.SETTINGS)) {
      actual = FailedDirectoryStory.tell(ours);
    }
    Map<String, List<String>> expected;
    try (StoryCluster kafka =
        StoryCluster.of(
            Brand.KAFKA, directory.resolve("kafka"), 2, FailedDirectoryStory.SETTINGS)) {
      expected = FailedDirectoryStory.tell(kafka);
    }

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    SoftAssertions.assertSoftly(
        all ->
            expected.forEach(
                (chapter, lines) ->
                    all.assertThat(actual.get(chapter))
                        .as(chapter)
                        .containsExactlyElementsOf(lines)));
  }
}
