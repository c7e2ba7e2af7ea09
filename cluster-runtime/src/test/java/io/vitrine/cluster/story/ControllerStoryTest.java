package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M16, M25, M31: the automatic rebalance, an unclean election allowed on a running cluster, and a
 * deletion that waits leave the ZooKeeper trees that Apache Kafka's controller leaves.
 */
class ControllerStoryTest {

  @Test
  void ourControllerLeavesTheTreesThatApacheKafkasLeaves(@TempDir Path directory) throws Exception {
    SameTrees.assertSameOnBoth(VITRINE, ControllerStory.SETTINGS, ControllerStory::new, directory);
  }
}
