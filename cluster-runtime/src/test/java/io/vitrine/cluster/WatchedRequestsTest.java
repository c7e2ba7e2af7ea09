package io.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.event.ClusterEvent.AwaitedSample;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.PipelineView;
import io.vitrine.cluster.wire.WireExchange;
import io.vitrine.cluster.wire.WireField;
import io.vitrine.cluster.wire.WireFilter;
import io.vitrine.cluster.wire.WireTrace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker, watched by its snapshot and its wire trace while real clients use it. */
class WatchedRequestsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TopicPartition WATCHED = new TopicPartition("watched", 0);

  @TempDir Path directory;

  @Test
  void whatClientsAskIsSeenByteForByteAndWhatWaitsSaysWhatFor() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.start(LocalClusterSettings.in(directory).withBrokers(1).withAnyPorts())) {
      cluster.awaitServing(90, TimeUnit.SECONDS);
      cluster
          .execute(new ClusterCommand.CreateTopic("watched", 1, 1, Map.of()))
          .get(60, TimeUnit.SECONDS);
      String servers = cluster.snapshot().bootstrapServers();
      WireTrace trace = cluster.wireTrace().orElseThrow();
      try (KafkaProducer<String, String> producer =
              new KafkaProducer<>(
                  Map.of("bootstrap.servers", servers, "client.id", "writer", "acks", "all"),
                  new StringSerializer(),
                  new StringSerializer());
          KafkaConsumer<String, String> consumer =
              new KafkaConsumer<>(
                  Map.of(
                      "bootstrap.servers",
                      servers,
                      "client.id",
                      "reader",
                      "fetch.max.wait.ms",
                      "20000"),
                  new StringDeserializer(),
                  new StringDeserializer())) {
        send(producer, "unseen");
        assertThat(trace.seen()).isZero();

        trace.turn(true);
        send(producer, "the-value");
        WireExchange produce = over(trace, "Produce", "writer");
        List<WireField> request = trace.decoder().request(produce);
        WireField value = find(request, "value");
        assertThat(value.note()).contains("\"the-value\"");
        assertThat(new String(produce.request().head())).contains("the-value");
        assertThat(find(trace.decoder().answer(produce), "error_code").note()).isEqualTo("NONE");
        assertThat(produce.times().totalNanos()).isPositive();

        consumer.assign(List.of(WATCHED));
        consumer.seek(WATCHED, 1);
        consumer.poll(PATIENCE);
        WireExchange fetch = over(trace, "Fetch", "reader");
        assertThat(find(trace.decoder().answer(fetch), "value").note()).contains("\"the-value\"");

        consumer.poll(Duration.ofMillis(100));
        await().atMost(PATIENCE).until(() -> waits(cluster, new AwaitedSample("watched-0", 2, 3)));
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    trace
                        .newest(new WireFilter(OptionalInt.of(1), "Fetch", "reader", false), 1)
                        .stream()
                        .anyMatch(each -> each.state() == WireExchange.State.UNDER_WAY));
        PipelineView pipeline = broker(cluster).pipeline();
        assertThat(pipeline.threads().networkThreads()).hasSize(3);
        assertThat(pipeline.threads().ioThreads()).hasSize(8);
        assertThat(pipeline.apis().get("Produce").count()).isGreaterThanOrEqualTo(2);

        trace.turn(false);
        long seen = trace.seen();
        send(producer, "unseen again");
        assertThat(trace.seen()).isEqualTo(seen);
      }
    }
  }

  private static boolean waits(LocalCluster cluster, AwaitedSample wanted) {
    return broker(cluster).pipeline().threads().waitingRoom().stream()
        .anyMatch(
            item ->
                item.purgatory().equals("Fetch")
                    && item.follower() < 0
                    && item.timeoutMs() == 20_000
                    && item.awaited().equals(List.of(wanted)));
  }

  private static BrokerView broker(LocalCluster cluster) {
    return cluster.snapshot().broker(1).orElseThrow();
  }

  private static void send(KafkaProducer<String, String> producer, String value) throws Exception {
    producer.send(new ProducerRecord<>("watched", 0, "key", value)).get(60, TimeUnit.SECONDS);
  }

  private static WireExchange over(WireTrace trace, String api, String client) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                trace.newest(new WireFilter(OptionalInt.of(1), api, client, false), 10).stream()
                    .filter(each -> each.state() == WireExchange.State.OVER)
                    .filter(each -> each.clientId().equals(client))
                    .filter(each -> has(trace.decoder().answer(each), api))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** The first fetch of a session may be one without records. */
  private static boolean has(List<WireField> answer, String api) {
    return !api.equals("Fetch") || all(answer).anyMatch(field -> field.name().equals("value"));
  }

  private static WireField find(List<WireField> fields, String name) {
    return all(fields).filter(field -> field.name().equals(name)).findFirst().orElseThrow();
  }

  private static Stream<WireField> all(List<WireField> fields) {
    return fields.stream().flatMap(field -> Stream.concat(Stream.of(field), all(field.children())));
  }
}
