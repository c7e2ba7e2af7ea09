package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M52: users who may do everything with topics, groups, transactions or the cluster, or nothing at
 * all, send the requests of all tables, and are answered and refused as by Apache Kafka.
 */
class SecuredAnswersTest {

  @Test
  void everyAnswerIsApacheKafkas(@TempDir Path directory) throws Exception {
    assertThat(BothBrands.tellAlike(directory, SecuredAnswersTest::tell)).hasSizeGreaterThan(3_000);
  }

  private static Map<String, String> tell(Brand brand, Path directory) throws Exception {
    try (SecuredAnswersStory story = new SecuredAnswersStory(brand, directory)) {
      return story.tell();
    }
  }
}
