package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M59: what members, consumers and administrators of groups ask, in every version, is answered
 * alike by Apache Kafka and by us, field by field.
 */
class GroupAnswersTest {
  private static final Map<String, String> SETTINGS =
      Map.of("offsets.topic.replication.factor", "1");

  @Test
  void everyAnswerIsApacheKafkas(@TempDir Path ours, @TempDir Path theirs) throws Exception {
    Map<ApiKeys, short[]> versions = new TreeMap<>();
    Map<String, String> actual = answers(Brand.VITRINE, ours, versions);
    Map<String, String> expected = answers(Brand.KAFKA, theirs, versions);

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    assertThat(AnswersTest.differences(expected, actual)).isEmpty();
    assertThat(expected).hasSizeGreaterThan(450);
  }

  /**
   * @param versions of each API; filled by who is asked first
   */
  private static Map<String, String> answers(
      Brand brand, Path directory, Map<ApiKeys, short[]> versions) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(brand, directory, 1, SETTINGS)) {
      cluster.start(1);
      try (AskedCluster asked = new AskedCluster(cluster.bootstrap())) {
        if (versions.isEmpty()) {
          versions.putAll(asked.versions());
        }
        asked.create(
            cluster.bootstrap(),
            List.of(
                new NewTopic("data", Map.of(0, List.of(1), 1, List.of(1))),
                new NewTopic("other", Map.of(0, List.of(1)))));
        theCoordinatorIsThere(asked);
        return asked.ask(GroupRequests.all(), versions);
      }
    }
  }

  /** The first who asks for it has the offsets topic made; then its partitions are loaded. */
  private static void theCoordinatorIsThere(AskedCluster asked) {
    for (String group : List.of("g-1", "g-2", "g-3")) {
      asked.until(
          1,
          ApiKeys.FIND_COORDINATOR,
          (short) 0,
          new FindCoordinatorRequestData().setKey(group),
          answer -> answer.get("errorCode").asInt() == 0);
    }
    asked.until(
        1,
        ApiKeys.LIST_GROUPS,
        (short) 0,
        new ListGroupsRequestData(),
        answer -> answer.get("errorCode").asInt() == 0);
  }
}
