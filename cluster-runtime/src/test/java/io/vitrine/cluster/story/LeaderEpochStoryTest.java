package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE_PROCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * M36, M37, M38: without leader epochs our cluster loses the record, respectively parts, exactly
 * where Apache Kafka does at the level that has none; with them neither does.
 */
class LeaderEpochStoryTest {
  private static final Map<String, String> LEVEL_WITHOUT =
      Map.of("inter.broker.protocol.version", "0.10.2", "log.message.format.version", "0.10.2");

  static final List<Arguments> WITHOUT =
      List.of(Arguments.of(KAFKA, LEVEL_WITHOUT), Arguments.of(VITRINE_PROCESS, LEVEL_WITHOUT));
  static final List<Arguments> WITH =
      List.of(Arguments.of(KAFKA, Map.of()), Arguments.of(VITRINE_PROCESS, Map.of()));

  @ParameterizedTest(name = "{0}")
  @FieldSource("WITHOUT")
  void withoutEpochsAnAcknowledgedRecordIsLost(
      Brand brand, Map<String, String> settings, @TempDir Path directory) throws Exception {
    try (StoryCluster cluster = cluster(brand, settings, directory)) {
      assertThat(LeaderEpochStory.anAcknowledgedRecord(cluster))
          .containsExactly(List.of("m1"), List.of("m1"));
    }
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("WITH")
  void withEpochsItIsKept(Brand brand, Map<String, String> settings, @TempDir Path directory)
      throws Exception {
    try (StoryCluster cluster = cluster(brand, settings, directory)) {
      assertThat(LeaderEpochStory.anAcknowledgedRecord(cluster))
          .containsExactly(List.of("m1", "m2"), List.of("m1", "m2"));
    }
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("WITHOUT")
  void withoutEpochsReplicasPart(Brand brand, Map<String, String> settings, @TempDir Path directory)
      throws Exception {
    try (StoryCluster cluster = cluster(brand, settings, directory)) {
      assertThat(LeaderEpochStory.replicasThatPart(cluster))
          .containsExactly(List.of("m1", "m2"), List.of("m1", "m3"));
    }
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("WITH")
  void withEpochsTheyAreEqual(Brand brand, Map<String, String> settings, @TempDir Path directory)
      throws Exception {
    try (StoryCluster cluster = cluster(brand, settings, directory)) {
      assertThat(LeaderEpochStory.replicasThatPart(cluster))
          .containsExactly(List.of("m1", "m3"), List.of("m1", "m3"));
    }
  }

  private static StoryCluster cluster(Brand brand, Map<String, String> settings, Path directory)
      throws Exception {
    Map<String, String> all = new HashMap<>(settings);
    all.put("replica.high.watermark.checkpoint.interval.ms", "300");
    // A follower hears of the high watermark with its next fetch: the kill must come before that.
    all.put("replica.fetch.wait.max.ms", "3000");
    return StoryCluster.of(brand, directory, 1, all);
  }
}
