package io.vitrine.cluster.story;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/** What clients ask besides reading and writing records: metadata, offsets, epochs, ids. */
final class LookUpRequests {
  private static final int CONSUMER = -1;
  private static final int DEBUGGING_CONSUMER = -2;

  private LookUpRequests() {}

  static RequestTable all() {
    RequestTable table = new RequestTable();
    metadata(table);
    listOffsets(table);
    epochEnds(table);
    producerIds(table);
    others(table);
    return table;
  }

  /** Last, since records go. */
  static RequestTable deletions() {
    RequestTable table = new RequestTable();
    for (long offset : new long[] {2, 1, 0, -7, 1_000_000, -1}) {
      for (String topic : List.of("data", "compacted", "nowhere", "__consumer_offsets")) {
        table.ask(
            "before " + offset + " of " + topic,
            ApiKeys.DELETE_RECORDS,
            (asked, version) -> deleteRecords(topic, offset, 0, 99));
      }
    }
    table.ask(
        "led elsewhere",
        ApiKeys.DELETE_RECORDS,
        (asked, version) -> deleteRecords("data", 1, 1, 3));
    table.ask(
        "two replicas", ApiKeys.DELETE_RECORDS, (asked, version) -> deleteRecords("data", 1, 2));
    return table;
  }

  /** Where brokers create topics that are asked for: a new one in every version. */
  static RequestTable creations() {
    RequestTable table = new RequestTable();
    table.ask(
        "new topics",
        ApiKeys.METADATA,
        (asked, version) -> topics("new-" + version, "no/topic", "also-new-" + version));
    names(table, "more replicas than brokers", "__consumer_offsets");
    table.ask(
        "creation not wanted",
        ApiKeys.METADATA,
        (asked, version) -> topics("unwanted").setAllowAutoTopicCreation(false));
    return table;
  }

  private static DeleteRecordsRequestData deleteRecords(
      String topic, long before, int... partitions) {
    DeleteRecordsTopic deleted = new DeleteRecordsTopic().setName(topic);
    for (int partition : partitions) {
      deleted
          .partitions()
          .add(new DeleteRecordsPartition().setPartitionIndex(partition).setOffset(before));
    }
    return new DeleteRecordsRequestData().setTimeoutMs(10_000).setTopics(List.of(deleted));
  }

  // ---- metadata ------------------------------------------------------------------------------

  private static void metadata(RequestTable table) {
    names(table, "no topic");
    names(table, "one topic", "data");
    names(table, "several topics", "data", "away", "min2", "__consumer_offsets");
    names(table, "the same topic twice", "data", "data");
    names(table, "unknown topics", "nowhere", "__transaction_state");
    names(table, "illegal names", "no/topic", "", ".", "x".repeat(250));
    names(table, "good and bad together", "data", "nowhere", "no/topic");
    table.ask(
        "all topics",
        ApiKeys.METADATA,
        (asked, version) -> new MetadataRequestData().setTopics(null));
    table.ask(
        "no creation",
        ApiKeys.METADATA,
        (asked, version) -> topics("data", "nowhere").setAllowAutoTopicCreation(false));
    table.ask(
        "operations on topics",
        ApiKeys.METADATA,
        (asked, version) ->
            topics("data", "nowhere").setIncludeTopicAuthorizedOperations(version >= 8));
    table.ask(
        "operations on the cluster",
        ApiKeys.METADATA,
        (asked, version) ->
            topics("data").setIncludeClusterAuthorizedOperations(version >= 8 && version <= 10));
    table.ask(
        "by id",
        ApiKeys.METADATA,
        (asked, version) -> byId(asked.topicId("data"), asked.topicId("min2")));
    table.ask(
        "by an unknown id",
        ApiKeys.METADATA,
        (asked, version) -> byId(asked.topicId("nowhere"), asked.topicId("data")));
    table.ask("by the zero id", ApiKeys.METADATA, (asked, version) -> byId(Uuid.ZERO_UUID));
    table.ask(
        "by id and by name",
        ApiKeys.METADATA,
        (asked, version) -> {
          MetadataRequestData request = byId(asked.topicId("data"));
          request.topics().add(new MetadataRequestTopic().setName("min2"));
          return request;
        });
  }

  private static void names(RequestTable table, String what, String... names) {
    table.ask(what, ApiKeys.METADATA, (asked, version) -> topics(names));
  }

  private static MetadataRequestData topics(String... names) {
    List<MetadataRequestTopic> topics = new ArrayList<>();
    for (String name : names) {
      topics.add(new MetadataRequestTopic().setName(name));
    }
    return new MetadataRequestData().setTopics(topics);
  }

  private static MetadataRequestData byId(Uuid... ids) {
    List<MetadataRequestTopic> topics = new ArrayList<>();
    for (Uuid id : ids) {
      topics.add(new MetadataRequestTopic().setName(null).setTopicId(id));
    }
    return new MetadataRequestData().setTopics(topics);
  }

  // ---- offsets -------------------------------------------------------------------------------

  private static void listOffsets(RequestTable table) {
    long first = ProduceRequests.TIME_MS;
    for (long timestamp :
        new long[] {-1, -2, -3, -4, -5, -6, -100, 0, 1, first, first + 1, first + 2, first + 3}) {
      for (int replica : new int[] {CONSUMER, DEBUGGING_CONSUMER, 2}) {
        table.ask(
            "time " + timestamp + " for " + replica,
            ApiKeys.LIST_OFFSETS,
            (asked, version) ->
                offsets("data", timestamp, -1, 0, 1, 2, 3, 4, 99).setReplicaId(replica));
      }
      table.ask(
          "time " + timestamp + " among committed",
          ApiKeys.LIST_OFFSETS,
          (asked, version) ->
              offsets("data", timestamp, -1, 0, 2)
                  .setReplicaId(CONSUMER)
                  .setIsolationLevel((byte) (version >= 2 ? 1 : 0)));
      table.ask(
          "time " + timestamp + " in other topics",
          ApiKeys.LIST_OFFSETS,
          (asked, version) -> {
            ListOffsetsRequestData request = offsets("compacted", timestamp, -1, 0);
            for (String topic :
                List.of("away", "alone", "min2", "zstd", "nowhere", "no/topic", "")) {
              request.topics().addAll(offsets(topic, timestamp, -1, 0).topics());
            }
            return request.setReplicaId(CONSUMER);
          });
    }
    for (int epoch : new int[] {0, 3, -5}) {
      table.ask(
          "in epoch " + epoch,
          ApiKeys.LIST_OFFSETS,
          (asked, version) -> offsets("data", -1, epoch, 0, 1, 3).setReplicaId(CONSUMER));
    }
    table.ask(
        "one partition twice",
        ApiKeys.LIST_OFFSETS,
        (asked, version) -> offsets("data", -1, -1, 0, 2, 0).setReplicaId(CONSUMER));
    table.ask(
        "nothing at all",
        ApiKeys.LIST_OFFSETS,
        (asked, version) -> new ListOffsetsRequestData().setReplicaId(CONSUMER));
  }

  private static ListOffsetsRequestData offsets(
      String topic, long timestamp, int epoch, int... partitions) {
    ListOffsetsTopic asked = new ListOffsetsTopic().setName(topic);
    for (int partition : partitions) {
      asked
          .partitions()
          .add(
              new ListOffsetsPartition()
                  .setPartitionIndex(partition)
                  .setTimestamp(timestamp)
                  .setCurrentLeaderEpoch(epoch));
    }
    ListOffsetsRequestData request = new ListOffsetsRequestData();
    request.topics().add(asked);
    return request;
  }

  private static void epochEnds(RequestTable table) {
    for (int epoch : new int[] {0, 1, 5, -1, -2}) {
      for (int current : new int[] {-1, 0, 3, -5}) {
        table.ask(
            "end of epoch " + epoch + " in " + current,
            ApiKeys.OFFSET_FOR_LEADER_EPOCH,
            (asked, version) -> {
              OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
              request.topics().add(epochs("data", epoch, current, 0, 1, 2, 3, 4, 99));
              request.topics().add(epochs("away", epoch, current, 0));
              request.topics().add(epochs("nowhere", epoch, current, 0));
              return version < 3 ? request : request.setReplicaId(CONSUMER);
            });
      }
    }
    table.ask(
        "a follower asks",
        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
        (asked, version) -> {
          OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
          request.topics().add(epochs("data", 0, -1, 2));
          return request.setReplicaId(2);
        });
  }

  private static OffsetForLeaderTopic epochs(
      String topic, int epoch, int current, int... partitions) {
    OffsetForLeaderTopic asked = new OffsetForLeaderTopic().setTopic(topic);
    for (int partition : partitions) {
      asked
          .partitions()
          .add(
              new OffsetForLeaderPartition()
                  .setPartition(partition)
                  .setLeaderEpoch(epoch)
                  .setCurrentLeaderEpoch(current));
    }
    return asked;
  }

  // ---- ids and versions ----------------------------------------------------------------------

  private static void producerIds(RequestTable table) {
    long[][] pairs = {{-1, -1}, {5, -1}, {-1, 5}, {7, 3}};
    for (long[] pair : pairs) {
      table.ask(
          "id " + pair[0] + ", epoch " + pair[1],
          ApiKeys.INIT_PRODUCER_ID,
          (asked, version) ->
              new InitProducerIdRequestData()
                  .setTransactionalId(null)
                  .setTransactionTimeoutMs(60_000)
                  .setProducerId(pair[0])
                  .setProducerEpoch((short) pair[1]));
    }
    table.ask(
        "an empty transactional id",
        ApiKeys.INIT_PRODUCER_ID,
        (asked, version) ->
            new InitProducerIdRequestData().setTransactionalId("").setTransactionTimeoutMs(60_000));
    table.ask(
        "no time-out",
        ApiKeys.INIT_PRODUCER_ID,
        (asked, version) ->
            new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(0));
  }

  private static void others(RequestTable table) {
    table.ask(
        "illegal client software",
        ApiKeys.API_VERSIONS,
        (asked, version) -> {
          if (version < 3) {
            throw new UnsupportedVersionException("nobody says who it is in version " + version);
          }
          return new ApiVersionsRequestData()
              .setClientSoftwareName("-no name-")
              .setClientSoftwareVersion("1");
        });
    for (boolean operations : new boolean[] {false, true}) {
      table.ask(
          "operations: " + operations,
          ApiKeys.DESCRIBE_CLUSTER,
          (asked, version) ->
              new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(operations));
    }
    table.ask(
        "controllers",
        ApiKeys.DESCRIBE_CLUSTER,
        (asked, version) -> new DescribeClusterRequestData().setEndpointType((byte) 2));
    table.ask(
        "no such endpoint type",
        ApiKeys.DESCRIBE_CLUSTER,
        (asked, version) -> new DescribeClusterRequestData().setEndpointType((byte) 9));
  }
}
