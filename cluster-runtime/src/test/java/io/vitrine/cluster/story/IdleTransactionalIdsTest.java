package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A transactional id nobody uses is forgotten, on both systems, also by whoever loads the log. */
class IdleTransactionalIdsTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "transaction.state.log.num.partitions", "1",
          "transaction.state.log.replication.factor", "1",
          "transaction.state.log.min.isr", "1",
          "transactional.id.expiration.ms", "1000",
          "transaction.remove.expired.transaction.cleanup.interval.ms", "200");

  @ParameterizedTest
  @EnumSource(names = {"VITRINE", "KAFKA"})
  void anIdleIdBeginsAnew(Brand brand, @TempDir Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(brand, directory, 1, SETTINGS)) {
      cluster.start(1);
      int[] first = new int[1];
      try (AskedCluster asked = new AskedCluster(cluster.bootstrap())) {
        asked.until(
            1,
            ApiKeys.FIND_COORDINATOR,
            (short) 3,
            new FindCoordinatorRequestData().setKey("idle").setKeyType((byte) 1),
            answer -> answer.get("errorCode").asInt() == 0);
        first[0] = begun(asked);
        asked.until(
            1,
            ApiKeys.DESCRIBE_TRANSACTIONS,
            (short) 0,
            new DescribeTransactionsRequestData().setTransactionalIds(List.of("idle")),
            answer ->
                answer.at("/transactionStates/0/errorCode").asInt()
                    == Errors.TRANSACTIONAL_ID_NOT_FOUND.code());
      }
      cluster.stop(1);
      cluster.start(1);
      try (AskedCluster asked = new AskedCluster(cluster.bootstrap())) {
        assertThat(begun(asked)).as("producer id").isNotEqualTo(first[0]);
      }
    }
  }

  /** A producer begins with the id, in its first epoch; its producer id. */
  private static int begun(AskedCluster asked) {
    int[] producerId = new int[1];
    asked.until(
        1,
        ApiKeys.INIT_PRODUCER_ID,
        (short) 4,
        new InitProducerIdRequestData().setTransactionalId("idle").setTransactionTimeoutMs(60_000),
        answer -> {
          producerId[0] = answer.get("producerId").asInt();
          return answer.get("errorCode").asInt() == 0 && answer.get("producerEpoch").asInt() == 0;
        });
    return producerId[0];
  }
}
