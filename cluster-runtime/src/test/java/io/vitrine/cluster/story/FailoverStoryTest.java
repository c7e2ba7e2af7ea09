package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * M01, M02, M05, M07–M16, M25–M30, M35, M43: the same story, equal ZooKeeper trees at each step,
 * and replicas equal byte for byte: on our brokers, and on clusters of ours and Apache Kafka's
 * together, where each of them replicates from the other and each is the controller in turn.
 */
class FailoverStoryTest extends SameTrees {
  static final List<Arguments> CLUSTERS =
      List.of(
          Arguments.of(VITRINE, VITRINE, VITRINE),
          Arguments.of(VITRINE, VITRINE, KAFKA),
          Arguments.of(KAFKA, VITRINE, VITRINE),
          Arguments.of(VITRINE, KAFKA, KAFKA),
          Arguments.of(KAFKA, KAFKA, VITRINE));

  FailoverStoryTest() {
    super(FailoverStory::new);
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @FieldSource("CLUSTERS")
  void leavesTheTreesThatApacheKafkaLeaves(
      Brand first, Brand second, Brand third, @TempDir Path directory) throws Exception {
    assertSameOn(directory, first, second, third);
  }
}
