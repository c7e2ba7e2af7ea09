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
 * M52: users who may do everything with topics, groups, transactions or the cluster, or nothing at
 * all, send the requests of all tables, and are answered and refused as by Apache Kafka.
 */
class SecuredAnswersTest {

  @Test
  void everyAnswerIsApacheKafkas(@TempDir Path directory) throws Exception {
    CompletableFuture<Map<String, String>> expected =
        CompletableFuture.supplyAsync(() -> tell(KAFKA, directory.resolve("kafka")));
    Map<String, String> actual = tell(VITRINE, directory.resolve("vitrine"));
    assertThat(AnswersTest.differences(expected.get(), actual)).isEmpty();
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.get().keySet());
    assertThat(actual).hasSizeGreaterThan(3_000);
  }

  private static Map<String, String> tell(Brand brand, Path directory) {
    try (SecuredAnswersStory story = new SecuredAnswersStory(brand, directory)) {
      return story.tell();
    } catch (Exception e) {
      throw new AssertionError(brand + " did not come to the end", e);
    }
  }
}
