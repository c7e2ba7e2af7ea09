package io.vitrine.cluster.story;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Whole transactions, request by request, with what comes too early, too late, or from a stranger
 * in between. Transaction {@code open-<n>} is begun by version n of InitProducerId and gets version
 * n of everything else; {@code group-<n>} has its offsets. Even ones are committed, odd ones
 * aborted.
 */
final class OpenTransactionRequests {
  private static final short FIRST_BATCHED = 4;
  private static final short FIRST_WITH_MEMBERS = 3;
  private static final int TIMEOUT_MS = 600_000;

  /** The last version of EndTxn and TxnOffsetCommit. */
  private static final int LAST = 4;

  private OpenTransactionRequests() {}

  /** From the beginning to the wish to end. */
  static RequestTable opened() {
    RequestTable table = new RequestTable();
    table.ask(
        "begins",
        ApiKeys.INIT_PRODUCER_ID,
        (asked, version) ->
            new InitProducerIdRequestData()
                .setTransactionalId("open-" + version)
                .setTransactionTimeoutMs(TIMEOUT_MS));
    partitions(table);
    groups(table);
    offsets(table);
    for (String who : List.of("a stranger", "an old epoch", "a new epoch")) {
      end(table, "ends it: " + who, who, false);
      end(table, "ends it: " + who, who, true);
    }
    end(table, "ends it", "itself", false);
    return table;
  }

  /** Once all have ended. */
  static RequestTable ended() {
    RequestTable table = new RequestTable();
    end(table, "ends it again", "itself", false);
    end(table, "ends it the other way", "itself", true);
    commit(table, "after the end", "group-", "itself");
    for (String group : committedGroups()) {
      table.ask(
          "offsets of " + group,
          ApiKeys.OFFSET_FETCH,
          (asked, version) -> {
            if (version > LAST) {
              throw new UnsupportedVersionException("asked in other words");
            }
            return stableOffsets(group).setRequireStable(false);
          });
    }
    return table;
  }

  /** The groups whose offsets count in the end. */
  static List<String> committedGroups() {
    return IntStream.rangeClosed(0, LAST)
        .filter(OpenTransactionRequests::isCommitted)
        .mapToObj(version -> "group-" + version)
        .toList();
  }

  private static boolean isCommitted(int version) {
    return version % 2 == 0;
  }

  /** Asks for a group's offset, unless a transaction may still change it. */
  static OffsetFetchRequestData stableOffsets(String group) {
    return new OffsetFetchRequestData()
        .setGroupId(group)
        .setRequireStable(true)
        .setTopics(
            List.of(new OffsetFetchRequestTopic().setName("data").setPartitionIndexes(List.of(0))));
  }

  // ---- AddPartitionsToTxn --------------------------------------------------------------------

  private static void partitions(RequestTable table) {
    add(table, "adds partitions", false, List.of(topic("data", 0, 1)));
    add(table, "adds them again", false, List.of(topic("data", 0, 1)));
    add(table, "adds none", false, List.of());
    add(table, "adds good ones and bad", false, List.of(topic("other", 0), topic("nowhere", 0)));
    add(table, "verifies one in it", true, List.of(topic("data", 1)));
    add(
        table,
        "verifies one in it and one not",
        true,
        List.of(topic("data", 0), topic("other", 0)));
    table.ask(
        "adds to several transactions, not all of them its own",
        ApiKeys.ADD_PARTITIONS_TO_TXN,
        (asked, version) -> {
          if (version < FIRST_BATCHED) {
            throw new UnsupportedVersionException("one at a time");
          }
          AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
          request.transactions().add(transaction(asked, version, List.of(topic("data", 0))));
          request
              .transactions()
              .add(
                  transaction(asked, version, List.of(topic("data", 0)))
                      .setTransactionalId("nobody"));
          return request;
        });
  }

  private static AddPartitionsToTxnTopic topic(String name, Integer... partitions) {
    return new AddPartitionsToTxnTopic().setName(name).setPartitions(List.of(partitions));
  }

  private static void add(
      RequestTable table, String name, boolean verify, List<AddPartitionsToTxnTopic> topics) {
    table.ask(
        name,
        ApiKeys.ADD_PARTITIONS_TO_TXN,
        (asked, version) -> {
          AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
          if (version >= FIRST_BATCHED) {
            request.transactions().add(transaction(asked, version, topics).setVerifyOnly(verify));
            return request;
          }
          if (verify) {
            throw new UnsupportedVersionException("verified by brokers alone");
          }
          return request
              .setV3AndBelowTransactionalId("open-" + version)
              .setV3AndBelowProducerId(producer(asked, version))
              .setV3AndBelowProducerEpoch((short) 0)
              .setV3AndBelowTopics(collection(topics));
        });
  }

  private static AddPartitionsToTxnTransaction transaction(
      AskedCluster asked, short version, List<AddPartitionsToTxnTopic> topics) {
    return new AddPartitionsToTxnTransaction()
        .setTransactionalId("open-" + version)
        .setProducerId(producer(asked, version))
        .setProducerEpoch((short) 0)
        .setTopics(collection(topics));
  }

  /** A topic is an element of one collection at a time. */
  private static AddPartitionsToTxnTopicCollection collection(
      List<AddPartitionsToTxnTopic> topics) {
    AddPartitionsToTxnTopicCollection collection = new AddPartitionsToTxnTopicCollection();
    topics.forEach(topic -> collection.add(topic.duplicate()));
    return collection;
  }

  private static long producer(AskedCluster asked, int version) {
    return asked.answered("begins", (short) version).get("producerId").asLong();
  }

  // ---- AddOffsetsToTxn and TxnOffsetCommit ---------------------------------------------------

  private static void groups(RequestTable table) {
    for (String name : List.of("adds its group", "adds its group again")) {
      table.ask(
          name,
          ApiKeys.ADD_OFFSETS_TO_TXN,
          (asked, version) ->
              new AddOffsetsToTxnRequestData()
                  .setTransactionalId("open-" + version)
                  .setProducerId(producer(asked, version))
                  .setProducerEpoch((short) 0)
                  .setGroupId("group-" + version));
    }
  }

  private static void offsets(RequestTable table) {
    commit(table, "a stranger", "group-", "a stranger");
    commit(table, "an old epoch", "group-", "an old epoch");
    commit(table, "a new epoch", "group-", "a new epoch");
    table.ask(
        "commits offsets of no group",
        ApiKeys.TXN_OFFSET_COMMIT,
        (asked, version) -> commit(asked, version, "", "itself"));
    table.ask(
        "commits offsets, nobody's id",
        ApiKeys.TXN_OFFSET_COMMIT,
        (asked, version) ->
            commit(asked, version, "group-" + version, "itself").setTransactionalId("nobody"));
    table.ask(
        "commits offsets of an unknown topic and a known one",
        ApiKeys.TXN_OFFSET_COMMIT,
        (asked, version) -> {
          TxnOffsetCommitRequestData request = commit(asked, version, "group-" + version, "itself");
          return request.setTopics(
              List.of(request.topics().get(0), offsetOf("nowhere", 0, 1, "m")));
        });
    table.ask(
        "commits offsets with too much beside",
        ApiKeys.TXN_OFFSET_COMMIT,
        (asked, version) ->
            commit(asked, version, "group-" + version, "itself")
                .setTopics(List.of(offsetOf("data", 1, 5, "m".repeat(5_000)))));
    table.ask(
        "commits offsets of a member nobody knows",
        ApiKeys.TXN_OFFSET_COMMIT,
        (asked, version) -> {
          if (version < FIRST_WITH_MEMBERS) {
            throw new UnsupportedVersionException("members are not named");
          }
          return commit(asked, version, "group-" + version, "itself")
              .setGenerationId(3)
              .setMemberId("stranger");
        });
    commit(table, "itself", "group-", "itself");
  }

  private static void commit(RequestTable table, String name, String group, String who) {
    table.ask(
        "commits offsets: " + name,
        ApiKeys.TXN_OFFSET_COMMIT,
        (asked, version) -> commit(asked, version, group + version, who));
  }

  private static TxnOffsetCommitRequestData commit(
      AskedCluster asked, short version, String group, String who) {
    return new TxnOffsetCommitRequestData()
        .setTransactionalId("open-" + version)
        .setGroupId(group)
        .setProducerId(producer(asked, version) + strange(who))
        .setProducerEpoch(epoch(who))
        .setTopics(List.of(offsetOf("data", 0, 10 + version, "m")));
  }

  private static TxnOffsetCommitRequestTopic offsetOf(
      String topic, int partition, long offset, String metadata) {
    return new TxnOffsetCommitRequestTopic()
        .setName(topic)
        .setPartitions(
            List.of(
                new TxnOffsetCommitRequestPartition()
                    .setPartitionIndex(partition)
                    .setCommittedOffset(offset)
                    .setCommittedMetadata(metadata)));
  }

  private static int strange(String who) {
    return who.equals("a stranger") ? 1_000 : 0;
  }

  private static short epoch(String who) {
    return switch (who) {
      case "an old epoch" -> -1;
      case "a new epoch" -> 1;
      default -> 0;
    };
  }

  // ---- EndTxn --------------------------------------------------------------------------------

  private static void end(RequestTable table, String name, String who, boolean otherWay) {
    table.ask(
        name + (otherWay ? ", the other way" : ""),
        ApiKeys.END_TXN,
        (asked, version) ->
            new EndTxnRequestData()
                .setTransactionalId("open-" + version)
                .setProducerId(producer(asked, version) + strange(who))
                .setProducerEpoch(epoch(who))
                .setCommitted(isCommitted(version) != otherWay));
  }
}
