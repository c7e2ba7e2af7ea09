package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;

/** The same asked of Apache Kafka and of us, and what comes of it compared word by word. */
final class BothBrands {
  private BothBrands() {}

  /** What a running cluster is asked. */
  @FunctionalInterface
  interface Questions {
    /**
     * @param versions the first and last version of each API, the same for both brands
     * @return the answers by request
     */
    Map<String, String> ask(
        StoryCluster cluster, AskedCluster asked, Map<ApiKeys, short[]> versions) throws Exception;
  }

  /** Tells what one brand does. */
  @FunctionalInterface
  interface Story {
    Map<String, String> tell(Brand brand, Path directory) throws Exception;
  }

  /**
   * Asks a cluster of each brand, one after the other.
   *
   * @param brokers how many there are of each
   * @return what both answer
   */
  static Map<String, String> answerAlike(
      Path directory, int brokers, Map<String, String> settings, Questions questions)
      throws Exception {
    Map<ApiKeys, short[]> versions = new TreeMap<>();
    Map<Brand, Map<String, String>> answers = new TreeMap<>();
    for (Brand brand : new Brand[] {VITRINE, KAFKA}) {
      Path own = directory.resolve(brand.name());
      try (StoryCluster cluster = StoryCluster.of(brand, own, 1, settings)) {
        for (int id = 1; id <= brokers; id++) {
          cluster.start(id);
        }
        try (AskedCluster asked = new AskedCluster(cluster.bootstrap())) {
          if (versions.isEmpty()) {
            versions.putAll(asked.versions());
          }
          answers.put(brand, questions.ask(cluster, asked, versions));
        }
      }
    }
    assertThat(answers.get(VITRINE).keySet())
        .containsExactlyElementsOf(answers.get(KAFKA).keySet());
    assertThat(differences(answers.get(KAFKA), answers.get(VITRINE))).isEmpty();
    return answers.get(KAFKA);
  }

  /**
   * Lets both tell a story at the same time.
   *
   * @return what both tell
   */
  static Map<String, String> tellAlike(Path directory, Story story) throws Exception {
    CompletableFuture<Map<String, String>> expected =
        CompletableFuture.supplyAsync(() -> told(story, KAFKA, directory));
    Map<String, String> actual = told(story, VITRINE, directory);
    assertThat(differences(expected.get(), actual)).isEmpty();
    assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(expected.get().keySet());
    return actual;
  }

  private static Map<String, String> told(Story story, Brand brand, Path directory) {
    try {
      return story.tell(brand, directory.resolve(brand.name()));
    } catch (Exception e) {
      throw new AssertionError(brand + " did not come to the end", e);
    }
  }

  private static Map<String, String> differences(
      Map<String, String> expected, Map<String, String> actual) {
    Map<String, String> differences = new LinkedHashMap<>();
    expected.forEach(
        (request, answer) -> {
          if (!answer.equals(actual.get(request))) {
            differences.put(
                request,
                "\n  Apache Kafka: " + answer + "\n  ours:         " + actual.get(request) + "\n");
          }
        });
    return differences;
  }
}
