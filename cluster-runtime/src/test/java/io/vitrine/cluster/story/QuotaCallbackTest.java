package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code client.quota.callback.class}: an operator's own code holds clients back as long as at
 * Apache Kafka; it hears of the cluster, and of its own settings while the broker runs.
 */
class QuotaCallbackTest {
  private static final String CLASS = "client.quota.callback.class";

  @Test
  void itDecidesAsAtApacheKafka(@TempDir Path directory) throws Exception {
    List<Double> ours = told(Brand.VITRINE, directory.resolve("vitrine"));
    List<Double> theirs = told(Brand.KAFKA, directory.resolve("kafka"));

    assertThat(theirs.get(0)).isGreaterThan(1_000);
    assertThat(ours.get(0)).isCloseTo(theirs.get(0), within(QuotaStoryTest.TOLERANCE_MS));
    assertThat(ours.get(1)).isEqualTo(theirs.get(1)).isZero();
  }

  /** For how long a producer is held back, and then when a setting was changed. */
  private static List<Double> told(Brand brand, Path directory) throws Exception {
    List<Double> heldBackMs = new ArrayList<>();
    Map<String, String> settings =
        Map.of(
            CLASS, PartitionQuotas.class.getName(), PartitionQuotas.BYTES_PER_PARTITION, "10000");
    try (StoryCluster cluster = StoryCluster.of(brand, directory, 1, settings)) {
      cluster.start(1);
      String bootstrap = cluster.bootstrap();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
        admin.createTopics(List.of(new NewTopic(QuotaStoryTest.TOPIC, 1, (short) 1))).all().get();
        heldBackMs.add(QuotaStoryTest.write(bootstrap, "writer"));
        admin
            .incrementalAlterConfigs(
                Map.of(
                    new ConfigResource(ConfigResource.Type.BROKER, "1"),
                    List.of(
                        new AlterConfigOp(
                            new ConfigEntry(PartitionQuotas.BYTES_PER_PARTITION, "1000000000"),
                            AlterConfigOp.OpType.SET))))
            .all()
            .get();
        await("the change is in force")
            .atMost(Duration.ofSeconds(60))
            .until(() -> QuotaStoryTest.write(bootstrap, "another") == 0);
        heldBackMs.add(QuotaStoryTest.write(bootstrap, "last"));
      }
    }
    return heldBackMs;
  }

  @Test
  void aClassThatDecidesNothingIsNamed() {
    assertThatThrownBy(
            () ->
                BrokerConfig.parse(Map.of("zookeeper.connect", "h:1", CLASS, "java.lang.String"))
                    .clientQuotaCallback())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(CLASS);
    assertThatThrownBy(
            () -> BrokerConfig.parse(Map.of("zookeeper.connect", "h:1", CLASS, "no.such.Class")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(CLASS);
  }
}
