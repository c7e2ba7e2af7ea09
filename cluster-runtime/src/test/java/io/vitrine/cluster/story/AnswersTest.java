package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M41–M43, M47–M50: the same requests, valid, on the edge and invalid, in every version we serve,
 * are answered alike by Apache Kafka and by us, field by field.
 */
class AnswersTest {
  /** Broker 1 leads, broker 2 leads, or broker 1 has no replica at all. */
  private static final List<NewTopic> TOPICS =
      List.of(
          new NewTopic(
              "data",
              Map.of(
                  0, List.of(1, 2),
                  1, List.of(2, 1),
                  2, List.of(1, 2),
                  3, List.of(2, 1),
                  4, List.of(1, 2))),
          new NewTopic("away", Map.of(0, List.of(2))),
          topic("alone", Map.of()),
          topic("compacted", Map.of("cleanup.policy", "compact")),
          topic("small", Map.of("max.message.bytes", "1000")),
          topic("min2", Map.of("min.insync.replicas", "2")),
          topic("zstd", Map.of("compression.type", "zstd")),
          topic("appendtime", Map.of("message.timestamp.type", "LogAppendTime")),
          topic("__consumer_offsets", Map.of("cleanup.policy", "compact")));

  private static NewTopic topic(String name, Map<String, String> configs) {
    return new NewTopic(name, Map.of(0, List.of(1))).configs(configs);
  }

  @Test
  void everyAnswerIsApacheKafkas(@TempDir Path ours, @TempDir Path theirs) throws Exception {
    Map<ApiKeys, short[]> versions = new TreeMap<>();
    Map<String, String> actual = answers(Brand.VITRINE, ours, versions);
    Map<String, String> expected = answers(Brand.KAFKA, theirs, versions);

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    assertThat(expected).hasSizeGreaterThan(2_000);
    assertThat(differences(expected, actual)).isEmpty();
  }

  @Test
  void topicsAskedForAreCreated(@TempDir Path ours, @TempDir Path theirs) throws Exception {
    Map<ApiKeys, short[]> versions = new TreeMap<>();
    Map<String, String> actual = creations(Brand.VITRINE, ours, versions);
    Map<String, String> expected = creations(Brand.KAFKA, theirs, versions);

    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    assertThat(differences(expected, actual)).isEmpty();
  }

  private static Map<String, String> creations(
      Brand brand, Path directory, Map<ApiKeys, short[]> versions) throws Exception {
    try (StoryCluster cluster =
        StoryCluster.of(brand, directory, 1, Map.of("auto.create.topics.enable", "true"))) {
      cluster.start(1);
      try (AskedCluster asked = new AskedCluster(cluster.bootstrap())) {
        if (versions.isEmpty()) {
          versions.putAll(asked.versions());
        }
        asked.until(
            1,
            ApiKeys.METADATA,
            (short) 12,
            new MetadataRequestData().setTopics(null),
            answer -> !answer.get("brokers").isEmpty());
        return asked.ask(LookUpRequests.creations(), versions);
      }
    }
  }

  /**
   * @param versions of each API; filled by who is asked first
   */
  private static Map<String, String> answers(
      Brand brand, Path directory, Map<ApiKeys, short[]> versions) throws Exception {
    Map<String, String> answers = new LinkedHashMap<>();
    try (StoryCluster cluster =
        StoryCluster.of(brand, directory, 1, StorySettings.WITHOUT_RETENTION)) {
      cluster.start(1);
      cluster.start(2);
      try (AskedCluster asked = new AskedCluster(cluster.bootstrap())) {
        if (versions.isEmpty()) {
          versions.putAll(asked.versions());
        }
        asked.create(cluster.bootstrap(), TOPICS);
        answers.putAll(asked.ask(ProduceRequests.all(), versions));
        theFollowerKnowsTheHighWatermark(asked);
        answers.putAll(asked.ask(FetchRequests.all(), versions));
        producerIdsAreAtHand(asked);
        answers.putAll(asked.ask(LookUpRequests.all(), versions));
        answers.putAll(asked.ask(LookUpRequests.deletions(), versions));
      }
    }
    return answers;
  }

  /** Until then what a follower answers depends on the time. */
  private static void theFollowerKnowsTheHighWatermark(AskedCluster asked) {
    ListOffsetsTopic latest = new ListOffsetsTopic().setName("data");
    latest.partitions().add(new ListOffsetsPartition().setPartitionIndex(3).setTimestamp(-1));
    ListOffsetsRequestData request = new ListOffsetsRequestData().setReplicaId(-1);
    request.topics().add(latest);
    long[] end = new long[1];
    asked.until(
        2,
        ApiKeys.LIST_OFFSETS,
        (short) 1,
        request,
        answer -> {
          end[0] = answer.at("/topics/0/partitions/0/offset").asLong();
          return end[0] > 0;
        });
    FetchTopic topic = new FetchTopic().setTopic("data");
    topic.partitions().add(new FetchPartition().setPartition(3).setPartitionMaxBytes(1));
    FetchRequestData fetch = new FetchRequestData().setMaxWaitMs(0).setMinBytes(0).setMaxBytes(1);
    fetch.topics().add(topic);
    asked.until(
        1,
        ApiKeys.FETCH,
        (short) 11,
        fetch,
        answer -> answer.at("/responses/0/partitions/0/highWatermark").asLong() == end[0]);
  }

  /** A broker fetches its block of ids when it is asked for the first. */
  private static void producerIdsAreAtHand(AskedCluster asked) {
    asked.until(
        1,
        ApiKeys.INIT_PRODUCER_ID,
        (short) 4,
        new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(60_000),
        answer -> answer.get("errorCode").asInt() == 0);
  }

  static Map<String, String> differences(Map<String, String> expected, Map<String, String> actual) {
    Map<String, String> differences = new LinkedHashMap<>();
    expected.forEach(
        (request, answer) -> {
          if (!answer.equals(actual.get(request))) {
            differences.put(
                request,
                "\n  Apache Kafka: " + answer + "\n  ours:         " + actual.get(request) + "\n");
          }
        });
    return differences;
  }
}
