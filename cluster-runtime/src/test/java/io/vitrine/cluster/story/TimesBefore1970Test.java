package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.utils.Crc32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M47, M48: a record with a time before 1970 is taken as by Apache Kafka, and read alike from
 * version 4 of Fetch on. The older formats cannot say such a time: there its partition alone is
 * refused, where Apache Kafka refuses all that was asked for.
 */
class TimesBefore1970Test {
  private static final long TIME_MS = -5;
  private static final short PRODUCE_VERSION = 9;
  private static final short FIRST_WITH_OUR_FORMAT = 4;
  private static final short LAST_WITH_NAMES = 12;
  private static final int BASE_TIMESTAMP_AT = 27;
  private static final int MAX_TIMESTAMP_AT = 35;
  private static final int CHECKSUM_AT = 17;
  private static final int CHECKED_FROM = 21;

  @Test
  void theirPartitionAloneIsRefusedInOlderVersions(@TempDir Path ours, @TempDir Path theirs)
      throws Exception {
    Map<Short, JsonNode> actual = answers(Brand.VITRINE, ours);
    Map<Short, JsonNode> expected = answers(Brand.KAFKA, theirs);

    for (short version = 0; version <= LAST_WITH_NAMES; version++) {
      if (version < FIRST_WITH_OUR_FORMAT) {
        short unknown = Errors.UNKNOWN_SERVER_ERROR.code();
        assertThat(errors(expected.get(version))).containsExactly(unknown, unknown);
        assertThat(errors(actual.get(version))).containsExactly(unknown, (short) 0);
      } else {
        assertThat(errors(actual.get(version))).containsExactly((short) 0, (short) 0);
        assertThat(partitions(actual.get(version)))
            .as("version %d", version)
            .isEqualTo(partitions(expected.get(version)));
      }
    }
  }

  private static JsonNode partitions(JsonNode answer) {
    return answer.at("/responses/0/partitions");
  }

  private static List<Short> errors(JsonNode answer) {
    List<Short> errors = new ArrayList<>();
    partitions(answer).forEach(each -> errors.add(each.get("errorCode").shortValue()));
    return errors;
  }

  /** The answer to Fetch of a record from before 1970 and one from after, by version. */
  private static Map<Short, JsonNode> answers(Brand brand, Path directory) throws Exception {
    Map<Short, JsonNode> answers = new LinkedHashMap<>();
    try (StoryCluster cluster = StoryCluster.of(brand, directory)) {
      cluster.start(1);
      try (AskedCluster asked = new AskedCluster(cluster.bootstrap());
          RawConnection connection = new RawConnection(cluster.bootstrap())) {
        asked.create(
            cluster.bootstrap(),
            List.of(new NewTopic("times", Map.of(0, List.of(1), 1, List.of(1)))));
        JsonNode produced =
            connection.ask(ApiKeys.PRODUCE, PRODUCE_VERSION, production()).orElseThrow();
        assertThat(produced.at("/responses/0/partitionResponses"))
            .hasSize(2)
            .allSatisfy(each -> assertThat(each.get("errorCode").asInt()).isZero());
        for (short version = 0; version <= LAST_WITH_NAMES; version++) {
          answers.put(version, connection.ask(ApiKeys.FETCH, version, fetch()).orElseThrow());
        }
      }
    }
    return answers;
  }

  private static ProduceRequestData production() {
    TopicProduceData topic = new TopicProduceData().setName("times");
    topic.partitionData().add(new PartitionProduceData().setIndex(0).setRecords(before1970()));
    topic.partitionData().add(new PartitionProduceData().setIndex(1).setRecords(batch()));
    ProduceRequestData request = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(10_000);
    request.topicData().add(topic);
    return request;
  }

  private static MemoryRecords batch() {
    return MemoryRecords.withRecords(
        Compression.NONE, new SimpleRecord(ProduceRequests.TIME_MS, new byte[] {1}));
  }

  /** Kafka's builder refuses such times: the batch is changed, and its checksum with it. */
  private static MemoryRecords before1970() {
    ByteBuffer bytes = batch().buffer().duplicate();
    assertThat(bytes.remaining()).isGreaterThan(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
    bytes.putLong(BASE_TIMESTAMP_AT, TIME_MS);
    bytes.putLong(MAX_TIMESTAMP_AT, TIME_MS);
    bytes.putInt(
        CHECKSUM_AT, (int) Crc32C.compute(bytes, CHECKED_FROM, bytes.remaining() - CHECKED_FROM));
    return MemoryRecords.readableRecords(bytes);
  }

  private static FetchRequestData fetch() {
    FetchTopic topic = new FetchTopic().setTopic("times");
    for (int partition = 0; partition < 2; partition++) {
      topic
          .partitions()
          .add(new FetchPartition().setPartition(partition).setPartitionMaxBytes(1 << 20));
    }
    FetchRequestData request =
        new FetchRequestData()
            .setMaxWaitMs(0)
            .setMinBytes(1)
            .setMaxBytes(1 << 20)
            .setSessionEpoch(-1);
    request.topics().add(topic);
    return request;
  }
}
