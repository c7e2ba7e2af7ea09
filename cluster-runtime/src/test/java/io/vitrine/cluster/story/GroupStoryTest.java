package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M59: members that join, rejoin, fall silent, leave and return hear the same of Apache Kafka and
 * of us.
 */
class GroupStoryTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "offsets.topic.replication.factor", "1",
          "group.min.session.timeout.ms", "500");

  @Test
  void theStoryOfAGroupIsTheSame(@TempDir Path directory) throws Exception {
    List<String> actual = tell(Brand.VITRINE, directory.resolve("vitrine"));
    List<String> expected = tell(Brand.KAFKA, directory.resolve("kafka"));

    assertThat(actual).containsExactlyElementsOf(expected);
  }

  private static List<String> tell(Brand brand, Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(brand, directory, 1, SETTINGS)) {
      cluster.start(1);
      try (GroupStory story = new GroupStory(cluster.bootstrap())) {
        return story.tell();
      }
    }
  }
}
