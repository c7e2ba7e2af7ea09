package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * M12, M15, M16, M22, M58: replicas that move, partitions added and a topic deleted meanwhile leave
 * equal ZooKeeper trees at each step, on our brokers and on both brands together.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReassignmentStoryTest {
  static final List<Arguments> CLUSTERS =
      List.of(
          Arguments.of(VITRINE, VITRINE, VITRINE),
          Arguments.of(KAFKA, VITRINE, VITRINE),
          Arguments.of(VITRINE, KAFKA, KAFKA));

  private Map<String, Map<String, String>> expected;

  @BeforeAll
  void tellItOnApacheKafka(@TempDir Path directory) throws Exception {
    try (StoryCluster kafka = StoryCluster.of(KAFKA, directory)) {
      expected = new ReassignmentStory(kafka).tell();
    }
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @FieldSource("CLUSTERS")
  void leavesTheTreesThatApacheKafkaLeaves(
      Brand first, Brand second, Brand third, @TempDir Path directory) throws Exception {
    Map<String, Map<String, String>> actual;
    try (StoryCluster cluster = StoryCluster.mixed(directory, first, second, third)) {
      actual = new ReassignmentStory(cluster).tell();
    }

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (chapter, nodes) ->
            assertThat(actual.get(chapter)).as(chapter).containsExactlyInAnyOrderEntriesOf(nodes));
  }
}
