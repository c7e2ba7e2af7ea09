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
 * M12, M15, M16, M22, M58: replicas that move, partitions added and a topic deleted meanwhile leave
 * equal ZooKeeper trees at each step, on our brokers and on both brands together.
 */
class ReassignmentStoryTest extends SameTrees {
  static final List<Arguments> CLUSTERS =
      List.of(
          Arguments.of(VITRINE, VITRINE, VITRINE),
          Arguments.of(KAFKA, VITRINE, VITRINE),
          Arguments.of(VITRINE, KAFKA, KAFKA));

  ReassignmentStoryTest() {
    super(ReassignmentStory::new);
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @FieldSource("CLUSTERS")
  void leavesTheTreesThatApacheKafkaLeaves(
      Brand first, Brand second, Brand third, @TempDir Path directory) throws Exception {
    assertSameOn(directory, first, second, third);
  }
}
