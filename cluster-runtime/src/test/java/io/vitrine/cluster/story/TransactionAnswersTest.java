package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
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
  void everyAnswerIsApacheKafkas(@TempDir Path directory) throws Exception {
    assertThat(BothBrands.answerAlike(directory, 1, SETTINGS, TransactionAnswersTest::answers))
        .hasSizeGreaterThan(350);
  }

  private static Map<String, String> answers(
      StoryCluster cluster, AskedCluster asked, Map<ApiKeys, short[]> versions) throws Exception {
    asked.create(cluster.bootstrap(), GroupRequests.TOPICS);
    theCoordinatorsAreThere(asked);
    Map<String, String> answers = new LinkedHashMap<>();
    answers.putAll(asked.ask(TransactionRequests.all(), versions));
    answers.putAll(asked.ask(OpenTransactionRequests.opened(), versions));
    theyHaveEnded(asked);
    answers.putAll(asked.ask(OpenTransactionRequests.ended(), versions));
    return answers;
  }

  private static void theCoordinatorsAreThere(AskedCluster asked) {
    asked.awaitCoordinators(CoordinatorType.GROUP, "any");
    asked.awaitCoordinators(CoordinatorType.TRANSACTION, "any");
    asked.awaitGroups();
    asked.awaitProducerIds("a");
    asked.awaitProducerIds("b");
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
