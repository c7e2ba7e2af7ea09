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
 * M02, M05, M07, M08: ZooKeeper of three, the loss of its quorum and its return, sessions that go
 * on and one that does not, a broker seen to be another only by its epoch, and an empty one in the
 * place of another, with equal ZooKeeper trees at each step.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionStoryTest {
  static final List<Arguments> CLUSTERS =
      List.of(Arguments.of(VITRINE, VITRINE, VITRINE), Arguments.of(KAFKA, VITRINE, VITRINE));

  private Map<String, Map<String, String>> expected;

  @BeforeAll
  void tellItOnApacheKafka(@TempDir Path directory) throws Exception {
    expected = tell(directory, KAFKA, KAFKA, KAFKA);
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @FieldSource("CLUSTERS")
  void leavesTheTreesThatApacheKafkaLeaves(
      Brand first, Brand second, Brand third, @TempDir Path directory) throws Exception {
    Map<String, Map<String, String>> actual = tell(directory, first, second, third);

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (chapter, nodes) ->
            assertThat(actual.get(chapter)).as(chapter).containsExactlyInAnyOrderEntriesOf(nodes));
  }

  private static Map<String, Map<String, String>> tell(
      Path directory, Brand first, Brand second, Brand third) throws Exception {
    try (StoryCluster cluster = StoryCluster.onEnsemble(directory, first, second, third)) {
      return new SessionStory(cluster).tell();
    }
  }
}
