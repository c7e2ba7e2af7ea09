package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
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
    asked.create(
        cluster.bootstrap(),
        List.of(
            new NewTopic("data", Map.of(0, List.of(1), 1, List.of(1))),
            new NewTopic("other", Map.of(0, List.of(1)))));
    asked.awaitCoordinators(CoordinatorType.GROUP, "g-1", "g-2", "g-3");
    asked.awaitGroups();
    return asked.ask(GroupRequests.all(), versions);
  }
}
