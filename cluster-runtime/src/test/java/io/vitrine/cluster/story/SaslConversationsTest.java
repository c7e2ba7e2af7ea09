package io.vitrine.cluster.story;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M51: clients of SaslHandshake 0 and 1 that keep to the order, and others that do not, hear from
 * us what they hear from Apache Kafka, and are let go of at the same point.
 */
class SaslConversationsTest {

  @Test
  void everyFrameIsAnsweredAsByApacheKafka(@TempDir Path directory) throws Exception {
    BothBrands.tellAlike(directory, SaslConversationsTest::tell);
  }

  private static Map<String, String> tell(Brand brand, Path directory) throws Exception {
    try (SaslConversations conversations = new SaslConversations(brand, directory)) {
      return conversations.tell();
    }
  }
}
