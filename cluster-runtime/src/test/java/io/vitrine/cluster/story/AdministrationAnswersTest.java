package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M65, M75: settings of topics and brokers, limits of clients and credentials of users are
 * described, refused and changed as by Apache Kafka, in every version, every setting of it
 * included; ZooKeeper holds the same afterwards.
 */
class AdministrationAnswersTest {
  private static final List<NewTopic> TOPICS =
      List.of(
          topic("data", Map.of()),
          topic("compacted", Map.of("cleanup.policy", "compact,delete")),
          topic("small", Map.of("max.message.bytes", "1000")));

  private static NewTopic topic(String name, Map<String, String> configs) {
    return new NewTopic(name, Map.of(0, List.of(1))).configs(configs);
  }

  @Test
  void everyAnswerIsApacheKafkas(@TempDir Path directory) throws Exception {
    assertThat(BothBrands.answerAlike(directory, 1, Map.of(), AdministrationAnswersTest::answers))
        .hasSizeGreaterThan(500);
  }

  private static Map<String, String> answers(
      StoryCluster cluster, AskedCluster asked, Map<ApiKeys, short[]> versions) throws Exception {
    Map<String, String> answers = new LinkedHashMap<>();
    asked.create(cluster.bootstrap(), TOPICS);
    answers.putAll(asked.ask(ConfigRequests.descriptions(), versions));
    answers.putAll(asked.ask(ConfigRequests.changes(), versions));
    theSettingsAreInForce(asked);
    asked
        .ask(ConfigRequests.descriptions(), versions)
        .forEach((request, answer) -> answers.put(request + ", after changes", answer));
    answers.putAll(asked.ask(QuotaRequests.all(), versions));
    answers.putAll(asked.ask(OperatorRequests.all(), versions));
    answers.putAll(asked.ask(SecurityRequests.all(), versions));
    answers.putAll(asked.ask(SecurityRequests.logins(), versions));
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      answers.putAll(tree.dump());
    }
    return answers;
  }

  /** A broker hears of a change a moment after it was answered. */
  private static void theSettingsAreInForce(AskedCluster asked) {
    DescribeConfigsRequestData request = new DescribeConfigsRequestData();
    request
        .resources()
        .add(
            new DescribeConfigsResource()
                .setResourceType(ConfigResource.Type.BROKER.id())
                .setResourceName("1")
                .setConfigurationKeys(List.of(ConfigRequests.LAST.getKey())));
    asked.until(
        1,
        ApiKeys.DESCRIBE_CONFIGS,
        (short) 4,
        request,
        answer ->
            answer
                .at("/results/0/configs/0/value")
                .asText()
                .equals(ConfigRequests.LAST.getValue()));
  }
}
