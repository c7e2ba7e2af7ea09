package io.vitrine.console.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.LocalCluster;
import io.vitrine.cluster.LocalClusterSettings;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Work;
import io.vitrine.storage.inspect.Lookup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M60, M64–M66: what is shown of a running broker's directory is what the broker does there. */
class StorageOnClusterTest {
  private static final TopicPartition KEPT = new TopicPartition("kept", 0);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path data;
  private LocalCluster cluster;
  private final StorageModel model =
      new StorageModel(new Work(Runnable::run, Runnable::run), () -> {});

  @BeforeEach
  void open() throws Exception {
    cluster =
        LocalCluster.start(
            LocalClusterSettings.in(data)
                .withBrokers(1)
                .withAnyPorts()
                .withBrokerOverrides(
                    Map.of(
                        "log.retention.check.interval.ms", "3600000",
                        "log.initial.task.delay.ms", "3600000")));
    cluster.awaitServing(60, TimeUnit.SECONDS);
    cluster
        .execute(new ClusterCommand.CreateTopic("kept", 1, 1, Map.of("segment.bytes", "4096")))
        .get(60, TimeUnit.SECONDS);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.snapshot().bootstrapServers(),
                ProducerConfig.LINGER_MS_CONFIG,
                0),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = 0; i < 200; i++) {
        producer.send(new ProducerRecord<>("kept", "key " + i, "value " + i)).get();
      }
    }
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private PartitionDetail look() {
    model.take(new Frame(cluster.snapshot(), List.of(), System.nanoTime(), false), true);
    if (model.detail().isEmpty()) {
      model.reload();
      model.choose(KEPT);
    }
    return model.detail().orElse(null);
  }

  @Test
  void retentionIsSeenRenamingFilesOfALogThatWasReadFromItsBeginning() throws Exception {
    await().atMost(PATIENCE).until(() -> look() != null && look().partition().inUse().size() > 3);
    PartitionDetail before = look();
    assertThat(before.brokerId()).isEqualTo(1);
    assertThat(Lookup.offset(before.partition(), 150).offset()).hasValue(150);
    assertThat(Lookup.key(before.partition(), "key 42", () -> true).offset()).hasValue(42);
    long active = before.active().orElseThrow().baseOffset();
    cluster.execute(new ClusterCommand.RollSegment(KEPT)).get(60, TimeUnit.SECONDS);
    await()
        .atMost(PATIENCE)
        .until(() -> look().active().orElseThrow().baseOffset() == 200 && active < 200);

    cluster
        .execute(new ClusterCommand.SetTopicConfig("kept", "retention.ms", Optional.of("0")))
        .get(60, TimeUnit.SECONDS);
    // The broker hears of the setting in its own time.
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              cluster.execute(new ClusterCommand.TendLogs()).get(60, TimeUnit.SECONDS);
              PartitionDetail now = look();
              return now != null
                  && now.ordered().get(0).state().equals("deleted")
                  && now.partition().inUse().size() == 1;
            });
    assertThat(look().active().orElseThrow().baseOffset()).isEqualTo(200);
    assertThat(Lookup.offset(look().partition(), 150).offset()).isEmpty();
  }
}
