package io.vitrine.cluster.story;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M52: the same users with the same ACLs call the same things on both systems, and are allowed and
 * refused alike; the ACLs leave the same nodes in ZooKeeper.
 */
class PermissionsTest {

  @Test
  void usersMayDoWhatTheyMayAtApacheKafka(@TempDir Path directory) throws Exception {
    BothBrands.tellAlike(directory, PermissionsTest::tell);
  }

  private static Map<String, String> tell(Brand brand, Path directory) throws Exception {
    try (PermissionsStory story = new PermissionsStory(brand, directory)) {
      return story.tell();
    }
  }
}
