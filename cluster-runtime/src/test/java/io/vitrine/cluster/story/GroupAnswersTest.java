package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
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
  void everyAnswerIsApacheKafkas(@TempDir Path directory) throws Exception {
    assertThat(BothBrands.answerAlike(directory, 1, SETTINGS, GroupAnswersTest::answers))
        .hasSizeGreaterThan(450);
  }

  private static Map<String, String> answers(
      StoryCluster cluster, AskedCluster asked, Map<ApiKeys, short[]> versions) throws Exception {
    asked.create(cluster.bootstrap(), GroupRequests.TOPICS);
    asked.awaitCoordinators(CoordinatorType.GROUP, "g-1", "g-2", "g-3");
    asked.awaitGroups();
    return asked.ask(GroupRequests.all(), versions);
  }
}
