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
 * M15, M16, M22, M25, M31: what the controller's admin requests answer to everything that can be
 * wrong with them is what Apache Kafka's answer.
 */
class AdminAnswersStoryTest {

  @Test
  void ourControllerAnswersAsApacheKafkasDoes(@TempDir Path directory) throws Exception {
    Map<String, List<String>> expected = tell(Brand.KAFKA, directory.resolve("kafka"));
    Map<String, List<String>> actual = tell(Brand.VITRINE, directory.resolve("vitrine"));

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    SoftAssertions.assertSoftly(
        all ->
            expected.forEach(
                (chapter, lines) ->
                    all.assertThat(actual.get(chapter))
                        .as(chapter)
                        .containsExactlyElementsOf(lines)));
  }

  private static Map<String, List<String>> tell(Brand brand, Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(brand, directory, 1, AdminAnswersStory.SETTINGS)) {
      return AdminAnswersStory.tell(cluster);
    }
  }
}
