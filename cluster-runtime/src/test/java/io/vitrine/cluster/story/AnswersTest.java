package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
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
  void everyAnswerIsApacheKafkas(@TempDir Path directory) throws Exception {
    assertThat(
            BothBrands.answerAlike(
                directory, 2, StorySettings.WITHOUT_RETENTION, AnswersTest::answers))
        .hasSizeGreaterThan(2_000);
  }

  @Test
  void topicsAskedForAreCreated(@TempDir Path directory) throws Exception {
    BothBrands.answerAlike(
        directory, 1, Map.of("auto.create.topics.enable", "true"), AnswersTest::creations);
  }

  private static Map<String, String> creations(
      StoryCluster cluster, AskedCluster asked, Map<ApiKeys, short[]> versions) throws Exception {
    asked.until(
        1,
        ApiKeys.METADATA,
        (short) 12,
        new MetadataRequestData().setTopics(null),
        answer -> !answer.get("brokers").isEmpty());
    return asked.ask(LookUpRequests.creations(), versions);
  }

  private static Map<String, String> answers(
      StoryCluster cluster, AskedCluster asked, Map<ApiKeys, short[]> versions) throws Exception {
    Map<String, String> answers = new LinkedHashMap<>();
    asked.create(cluster.bootstrap(), TOPICS);
    answers.putAll(asked.ask(ProduceRequests.all(), versions));
    theFollowerKnowsTheHighWatermark(asked);
    answers.putAll(asked.ask(FetchRequests.all(), versions));
    // A broker fetches its block of ids when it is asked for the first.
    asked.awaitProducerIds(null);
    answers.putAll(asked.ask(LookUpRequests.all(), versions));
    answers.putAll(asked.ask(LookUpRequests.deletions(), versions));
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
}
