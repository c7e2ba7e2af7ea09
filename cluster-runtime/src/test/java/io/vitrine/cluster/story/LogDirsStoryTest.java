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
 * M24, M64–M67: the same story on a broker with two log directories, equal answers to Kafka's own
 * admin client and equal directories after each step.
 */
class LogDirsStoryTest {

  @Test
  void ourBrokerAnswersAndKeepsItsDirectoriesAsApacheKafkaDoes(@TempDir Path directory)
      throws Exception {
    Map<String, List<String>> actual;
    try (StoryCluster ours =
        StoryCluster.of(Brand.VITRINE, directory.resolve("vitrine"), 2, LogDirsStory.SETTINGS)) {
      actual = LogDirsStory.tell(ours);
    }
    Map<String, List<String>> expected;
    try (StoryCluster kafka =
        StoryCluster.of(Brand.KAFKA, directory.resolve("kafka"), 2, LogDirsStory.SETTINGS)) {
      expected = LogDirsStory.tell(kafka);
    }

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    SoftAssertions.assertSoftly(
        all ->
            expected.forEach(
                (chapter, lines) ->
                    all.assertThat(actual.get(chapter))
                        .as(chapter)
                        .containsExactlyInAnyOrderElementsOf(lines)));
  }
}
