package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** M59: whoever is the controller, brokers of both kinds give producers ids nobody else gets. */
class ProducerIdsTest {
  private static final int BLOCK = 1_000;

  @ParameterizedTest(name = "{0} is the controller")
  @CsvSource({"VITRINE, KAFKA", "KAFKA, VITRINE"})
  void brokersOfBothKindsHaveBlocksOfTheirOwn(
      Brand controller, Brand other, @TempDir Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.mixed(directory, controller, other, other)) {
      cluster.start(1);
      cluster.start(2);
      try (AskedCluster asked = new AskedCluster(cluster.bootstrap())) {
        Set<Long> blocks = new HashSet<>();
        for (int broker = 1; broker <= 2; broker++) {
          asked.until(
              broker,
              ApiKeys.INIT_PRODUCER_ID,
              (short) 4,
              new InitProducerIdRequestData()
                  .setTransactionalId(null)
                  .setTransactionTimeoutMs(60_000),
              answer ->
                  answer.get("errorCode").asInt() == 0
                      && blocks.add(answer.get("producerId").asLong() / BLOCK));
        }
        assertThat(blocks).containsExactlyInAnyOrder(0L, 1L);
      }
    }
  }
}
