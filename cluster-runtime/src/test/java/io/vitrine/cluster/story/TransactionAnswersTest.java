package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What transactional producers, brokers and operators ask, in every version, is answered alike by
 * Apache Kafka and by us, field by field.
 */
class TransactionAnswersTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "transaction.state.log.num.partitions", "2",
          "transaction.state.log.replication.factor", "1",
          "transaction.state.log.min.isr", "1",
          "offsets.topic.replication.factor", "1");

  @Test
  void everyAnswerIsApacheKafkas(@TempDir Path ours, @TempDir Path theirs) throws Exception {
    Map<ApiKeys, short[]> versions = new TreeMap<>();
    Map<String, String> actual = answers(Brand.VITRINE, ours, versions);
    Map<String, String> expected = answers(Brand.KAFKA, theirs, versions);

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    assertThat(AnswersTest.differences(expected, actual)).isEmpty();
    assertThat(expected).hasSizeGreaterThan(350);
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
        theCoordinatorsAreThere(asked);
        Map<String, String> answers =
            new LinkedHashMap<>(asked.ask(TransactionRequests.all(), versions));
        answers.putAll(asked.ask(OpenTransactionRequests.opened(), versions));
        theyHaveEnded(asked);
        answers.putAll(asked.ask(OpenTransactionRequests.ended(), versions));
        return answers;
      }
    }
  }

  /** The first who asks for one has its topic made; then its partitions are loaded. */
  private static void theCoordinatorsAreThere(AskedCluster asked) {
    for (byte type : new byte[] {0, 1}) {
      asked.until(
          1,
          ApiKeys.FIND_COORDINATOR,
          (short) 3,
          new FindCoordinatorRequestData().setKey("any").setKeyType(type),
          answer -> answer.get("errorCode").asInt() == 0);
    }
    asked.until(
        1,
        ApiKeys.LIST_GROUPS,
        (short) 0,
        new ListGroupsRequestData(),
        answer -> answer.get("errorCode").asInt() == 0);
    for (String id : List.of("a", "b")) {
      asked.until(
          1,
          ApiKeys.INIT_PRODUCER_ID,
          (short) 4,
          new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(60_000),
          answer -> answer.get("errorCode").asInt() == 0);
    }
    asked.until(
        1,
        ApiKeys.LIST_TRANSACTIONS,
        (short) 0,
        new ListTransactionsRequestData(),
        answer ->
            answer.get("errorCode").asInt() == 0 && answer.get("transactionStates").size() == 2);
  }

  /** A transaction that is asked to end has ended when its markers are written. */
  private static void theyHaveEnded(AskedCluster asked) {
    asked.until(
        1,
        ApiKeys.LIST_TRANSACTIONS,
        (short) 0,
        new ListTransactionsRequestData().setStateFilters(List.of("PrepareCommit", "PrepareAbort")),
        answer -> answer.get("transactionStates").isEmpty());
    for (String group : OpenTransactionRequests.committedGroups()) {
      asked.until(
          1,
          ApiKeys.OFFSET_FETCH,
          (short) 7,
          OpenTransactionRequests.stableOffsets(group),
          answer -> answer.at("/topics/0/partitions/0/errorCode").asInt(-1) == 0);
    }
  }
}
