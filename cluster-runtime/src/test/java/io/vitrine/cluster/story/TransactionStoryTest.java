package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions: the same story on both systems, seen alike by producers, readers, operators. */
class TransactionStoryTest {

  @Test
  void transactionsEndAsOnApacheKafka(@TempDir Path directory) throws Exception {
    Map<String, List<String>> actual;
    try (StoryCluster ours =
        StoryCluster.of(
            Brand.VITRINE, directory.resolve("vitrine"), 1, TransactionStory.SETTINGS)) {
      actual = TransactionStory.tell(ours);
    }
    Map<String, List<String>> expected;
    try (StoryCluster kafka =
        StoryCluster.of(Brand.KAFKA, directory.resolve("kafka"), 1, TransactionStory.SETTINGS)) {
      expected = TransactionStory.tell(kafka);
    }

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    SoftAssertions.assertSoftly(
        all ->
            expected.forEach(
                (chapter, lines) ->
                    all.assertThat(actual.get(chapter)).as(chapter).isEqualTo(lines)));
  }
}
