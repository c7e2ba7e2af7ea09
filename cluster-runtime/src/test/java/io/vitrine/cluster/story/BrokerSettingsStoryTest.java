package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M25, M65: settings changed on running brokers, one or all, take effect at once and leave the
 * ZooKeeper trees that they leave at Apache Kafka.
 */
class BrokerSettingsStoryTest {

  @Test
  void changesTakeEffectAsAtApacheKafka(@TempDir Path directory) throws Exception {
    Map<String, Map<String, String>> actual = tell(VITRINE, directory.resolve("vitrine"));
    Map<String, Map<String, String>> expected = tell(KAFKA, directory.resolve("kafka"));

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (chapter, nodes) ->
            assertThat(actual.get(chapter)).as(chapter).containsExactlyInAnyOrderEntriesOf(nodes));
  }

  private static Map<String, Map<String, String>> tell(Brand brand, Path directory)
      throws Exception {
    try (StoryCluster cluster = StoryCluster.of(brand, directory)) {
      return new BrokerSettingsStory(cluster).tell();
    }
  }
}
