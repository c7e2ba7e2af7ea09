package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code inter.broker.protocol.version}: the same story at levels that differ in what brokers say
 * to each other and write, with equal ZooKeeper trees at each step on Apache Kafka, on ours, and on
 * both together.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LevelStoryTest {
  private final Map<String, Map<String, Map<String, String>>> kafkas = new HashMap<>();

  @ParameterizedTest(name = "{0}: {1}, {2}, {3}")
  @CsvSource({
    "0.11.0, VITRINE, VITRINE, VITRINE",
    "2.6, VITRINE, VITRINE, VITRINE",
    "2.6, VITRINE, KAFKA, VITRINE",
    "2.7, VITRINE, VITRINE, VITRINE",
    "3.0, VITRINE, VITRINE, VITRINE"
  })
  void leavesTheTreesThatApacheKafkaLeaves(
      String level, Brand first, Brand second, Brand third, @TempDir Path directory)
      throws Exception {
    Map<String, Map<String, String>> expected = toldByKafka(level, directory.resolve("kafka"));
    Map<String, Map<String, String>> actual;
    try (StoryCluster cluster =
        StoryCluster.mixed(directory.resolve("other"), first, second, third, settings(level))) {
      actual = new LevelStory(cluster).tell();
    }

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (chapter, nodes) ->
            assertThat(actual.get(chapter)).as(chapter).containsExactlyInAnyOrderEntriesOf(nodes));
  }

  /** Once for each level. */
  private Map<String, Map<String, String>> toldByKafka(String level, Path directory)
      throws Exception {
    Map<String, Map<String, String>> told = kafkas.get(level);
    if (told == null) {
      try (StoryCluster kafka = StoryCluster.of(KAFKA, directory, 1, settings(level))) {
        told = new LevelStory(kafka).tell();
      }
      kafkas.put(level, told);
    }
    return told;
  }

  private static Map<String, String> settings(String level) {
    Map<String, String> settings = new HashMap<>();
    // A session that ran out on a busy machine would be another story.
    settings.put("zookeeper.session.timeout.ms", "6000");
    settings.put("inter.broker.protocol.version", level);
    if (level.startsWith("0.")) {
      settings.put("log.message.format.version", level);
    }
    return settings;
  }
}
