package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code inter.broker.protocol.version}: the same story at levels that differ in what brokers say
 * to each other and write, with equal ZooKeeper trees at each step on Apache Kafka, on ours, and on
 * both together.
 */
class LevelStoryTest {
  @ParameterizedTest
  @ValueSource(strings = {"2.4", "2.6", "2.7", "3.0"})
  void leavesTheTreesThatApacheKafkaLeaves(String level, @TempDir Path directory) throws Exception {
    Map<String, String> settings = settings(level);
    Map<String, Map<String, String>> expected;
    try (StoryCluster kafka = StoryCluster.of(KAFKA, directory.resolve("kafka"), 1, settings)) {
      expected = new LevelStory(kafka).tell();
    }
    try (StoryCluster ours = StoryCluster.of(VITRINE, directory.resolve("ours"), 1, settings)) {
      areEqual(new LevelStory(ours).tell(), expected);
    }
  }

  private static void areEqual(
      Map<String, Map<String, String>> actual, Map<String, Map<String, String>> expected) {
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (chapter, nodes) ->
            assertThat(actual.get(chapter)).as(chapter).containsExactlyInAnyOrderEntriesOf(nodes));
  }

  private static Map<String, String> settings(String level) {
    Map<String, String> settings = new HashMap<>();
    settings.put("inter.broker.protocol.version", level);
    if (level.startsWith("0.")) {
      settings.put("log.message.format.version", level);
    }
    return settings;
  }
}
