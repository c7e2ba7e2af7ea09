package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M52: the same users with the same ACLs call the same things on both systems, and are allowed and
 * refused alike; the ACLs leave the same nodes in ZooKeeper.
 */
class PermissionsTest {

  @Test
  void usersMayDoWhatTheyMayAtApacheKafka(@TempDir Path directory) throws Exception {
    CompletableFuture<Map<String, String>> expected =
        CompletableFuture.supplyAsync(() -> tell(KAFKA, directory.resolve("kafka")));
    Map<String, String> actual = tell(VITRINE, directory.resolve("vitrine"));
    assertThat(actual).containsExactlyInAnyOrderEntriesOf(expected.get());
  }

  private static Map<String, String> tell(Brand brand, Path directory) {
    try (PermissionsStory story = new PermissionsStory(brand, directory)) {
      return story.tell();
    } catch (Exception e) {
      throw new AssertionError(brand + " did not come to the end", e);
    }
  }
}
