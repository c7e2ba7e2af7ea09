package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A story that is told on Apache Kafka once, and must leave the same tree after each chapter on
 * every other cluster. Tests extend it and name the clusters.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SameTrees {
  private final Function<StoryCluster, Story> story;
  private Map<String, Map<String, String>> expected;

  SameTrees(Function<StoryCluster, Story> story) {
    this.story = story;
  }

  @BeforeAll
  final void tellItOnApacheKafka(@TempDir Path directory) throws Exception {
    try (StoryCluster kafka = StoryCluster.of(KAFKA, directory)) {
      expected = story.apply(kafka).tell();
    }
  }

  final void assertSameOn(Path directory, Brand first, Brand second, Brand third) throws Exception {
    Map<String, Map<String, String>> actual;
    try (StoryCluster cluster = StoryCluster.mixed(directory, first, second, third)) {
      actual = story.apply(cluster).tell();
    }
    assertSame(actual, expected);
  }

  /**
   * Tells a story on brokers of ours and on Apache Kafka's; it must leave the same trees.
   *
   * @param ours {@link Brand#VITRINE}, or as processes
   * @param settings more settings of each broker
   */
  static void assertSameOnBoth(
      Brand ours, Map<String, String> settings, Function<StoryCluster, Story> story, Path directory)
      throws Exception {
    assertSame(
        tell(ours, settings, story, directory.resolve("vitrine")),
        tell(KAFKA, settings, story, directory.resolve("kafka")));
  }

  private static Map<String, Map<String, String>> tell(
      Brand brand,
      Map<String, String> settings,
      Function<StoryCluster, Story> story,
      Path directory)
      throws Exception {
    try (StoryCluster cluster = StoryCluster.of(brand, directory, 1, settings)) {
      return story.apply(cluster).tell();
    }
  }

  private static void assertSame(
      Map<String, Map<String, String>> actual, Map<String, Map<String, String>> expected) {
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (chapter, nodes) ->
            assertThat(actual.get(chapter)).as(chapter).containsExactlyInAnyOrderEntriesOf(nodes));
  }
}
