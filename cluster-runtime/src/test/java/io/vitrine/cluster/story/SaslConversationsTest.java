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
 * M51: clients of SaslHandshake 0 and 1 that keep to the order, and others that do not, hear from
 * us what they hear from Apache Kafka, and are let go of at the same point.
 */
class SaslConversationsTest {

  @Test
  void everyFrameIsAnsweredAsByApacheKafka(@TempDir Path directory) throws Exception {
    CompletableFuture<Map<String, String>> expected =
        CompletableFuture.supplyAsync(() -> tell(KAFKA, directory.resolve("kafka")));
    Map<String, String> actual = tell(VITRINE, directory.resolve("vitrine"));
    assertThat(AnswersTest.differences(expected.get(), actual)).isEmpty();
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.get().keySet());
  }

  private static Map<String, String> tell(Brand brand, Path directory) {
    try (SaslConversations conversations = new SaslConversations(brand, directory)) {
      return conversations.tell();
    } catch (Exception e) {
      throw new AssertionError(brand + " did not come to the end", e);
    }
  }
}
