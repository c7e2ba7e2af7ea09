package io.vitrine.cluster.story;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.protocol.ApiKeys;

/** Fetch as consumers, followers and nobody send it, with and without sessions. */
final class FetchRequests {
  private static final int FIRST_WITH_TOPIC_IDS = 13;
  private static final int FIRST_WITH_REPLICA_STATE = 15;
  private static final int FIRST_WITH_SESSIONS = 7;
  private static final int MAX_BYTES = 1 << 20;
  private static final int FINAL_EPOCH = -1;

  private FetchRequests() {}

  static RequestTable all() {
    RequestTable table = new RequestTable();
    offsets(table);
    sizes(table);
    misdirected(table);
    epochs(table);
    sessions(table);
    followers(table);
    return table;
  }

  private static void offsets(RequestTable table) {
    one(table, "from the beginning", "data", 0, 0);
    one(table, "from within a batch", "data", 0, 4);
    one(table, "from far in", "data", 0, 40);
    one(table, "beyond the end", "data", 0, 1_000_000);
    one(table, "before the beginning", "data", 0, -1);
    one(table, "far before the beginning", "data", 0, -7);
    one(table, "an empty partition", "data", 4, 0);
    one(table, "beyond an empty partition", "data", 4, 1);
    one(table, "a compacted topic", "compacted", 0, 0);
    one(table, "a zstd topic", "zstd", 0, 0);
    one(table, "under min ISR", "min2", 0, 0);
    one(table, "an internal topic", "__consumer_offsets", 0, 0);
    table.ask(
        "committed records only",
        ApiKeys.FETCH,
        (asked, version) ->
            request(asked, version, "data", partition(0, 0)).setIsolationLevel((byte) 1));
    table.ask(
        "no such isolation",
        ApiKeys.FETCH,
        (asked, version) ->
            request(asked, version, "data", partition(0, 0)).setIsolationLevel((byte) 7));
  }

  private static void sizes(RequestTable table) {
    changed(table, "one byte in all", request -> request.setMaxBytes(1));
    changed(table, "no byte in all", request -> request.setMaxBytes(0));
    changed(table, "fewer than no bytes", request -> request.setMaxBytes(-1));
    changed(table, "one batch and a half in all", request -> request.setMaxBytes(150));
    changed(table, "waits in vain", request -> request.setMinBytes(MAX_BYTES).setMaxWaitMs(20));
    changed(table, "waits less than nothing", request -> request.setMaxWaitMs(-5));
    for (int bytes : new int[] {0, 1, 150, -1}) {
      table.ask(
          bytes + " bytes of each partition",
          ApiKeys.FETCH,
          (asked, version) ->
              request(
                  asked,
                  version,
                  "data",
                  partition(0, 0).setPartitionMaxBytes(bytes),
                  partition(2, 0).setPartitionMaxBytes(bytes)));
    }
    table.ask(
        "two partitions in turn",
        ApiKeys.FETCH,
        (asked, version) -> request(asked, version, "data", partition(2, 0), partition(0, 0)));
    table.ask(
        "the same partition twice",
        ApiKeys.FETCH,
        (asked, version) -> request(asked, version, "data", partition(2, 0), partition(2, 3)));
    table.ask(
        "nothing at all", ApiKeys.FETCH, (asked, version) -> empty().setSessionEpoch(FINAL_EPOCH));
  }

  private static void misdirected(RequestTable table) {
    one(table, "unknown topic", "nowhere", 0, 0);
    one(table, "unknown partition", "data", 99, 0);
    one(table, "negative partition", "data", -1, 0);
    one(table, "no replica here", "away", 0, 0);
    one(table, "a follower", "data", 3, 0);
    one(table, "beyond a follower's end", "data", 3, 1_000_000);
    table.ask(
        "good and bad together",
        ApiKeys.FETCH,
        (asked, version) -> {
          FetchRequestData request =
              request(asked, version, "data", partition(1, 0), partition(2, 0), partition(99, 0));
          request.topics().add(topic(asked, version, "nowhere", partition(0, 0)));
          request.topics().add(topic(asked, version, "away", partition(0, 0)));
          return request;
        });
  }

  private static void epochs(RequestTable table) {
    for (int epoch : new int[] {0, 3, -5}) {
      table.ask(
          "current leader epoch " + epoch,
          ApiKeys.FETCH,
          (asked, version) ->
              request(
                  asked,
                  version,
                  "data",
                  partition(2, 0).setCurrentLeaderEpoch(epoch),
                  partition(1, 0).setCurrentLeaderEpoch(epoch),
                  partition(3, 0).setCurrentLeaderEpoch(epoch)));
      table.ask(
          "last fetched epoch " + epoch,
          ApiKeys.FETCH,
          (asked, version) ->
              request(
                  asked,
                  version,
                  "data",
                  partition(2, 3).setLastFetchedEpoch(epoch),
                  partition(0, 1_000_000).setLastFetchedEpoch(epoch),
                  partition(4, 0).setLastFetchedEpoch(epoch)));
    }
  }

  private static void sessions(RequestTable table) {
    table.ask(
        "begins a session",
        ApiKeys.FETCH,
        (asked, version) ->
            request(asked, version, "data", partition(2, 0), partition(4, 0), partition(99, 0))
                .setSessionEpoch(0));
    inSession(table, "nothing changed", 1, (request, asked) -> {});
    inSession(
        table,
        "one partition moves on",
        2,
        (request, asked) ->
            request.topics().add(topic(asked.cluster(), asked.version(), "data", partition(2, 3))));
    inSession(
        table,
        "one partition forgotten",
        3,
        (request, asked) ->
            request
                .forgottenTopicsData()
                .add(forgotten(asked.cluster(), asked.version(), "data", 2)));
    inSession(table, "the same epoch again", 3, (request, asked) -> {});
    inSession(table, "an epoch left out", 9, (request, asked) -> {});
    inSession(
        table,
        "one partition new",
        4,
        (request, asked) ->
            request.topics().add(topic(asked.cluster(), asked.version(), "data", partition(0, 0))));
    inSession(
        table,
        "all forgotten, one named as well",
        5,
        (request, asked) -> {
          request.topics().add(topic(asked.cluster(), asked.version(), "data", partition(2, 0)));
          request
              .forgottenTopicsData()
              .add(forgotten(asked.cluster(), asked.version(), "data", 0, 2, 4, 99));
        });
    inSession(table, "a session that ended", 6, (request, asked) -> {});
    table.ask(
        "no such session",
        ApiKeys.FETCH,
        (asked, version) ->
            request(asked, version, "data", partition(2, 0))
                .setSessionId(12345)
                .setSessionEpoch(1));
    table.ask(
        "an epoch without a session",
        ApiKeys.FETCH,
        (asked, version) -> request(asked, version, "data", partition(2, 0)).setSessionEpoch(1));
  }

  /** Whom a request of a session goes to. */
  private record Asked(AskedCluster cluster, short version) {}

  private static void inSession(
      RequestTable table,
      String name,
      int epoch,
      java.util.function.BiConsumer<FetchRequestData, Asked> change) {
    table.ask(
        "session: " + name,
        ApiKeys.FETCH,
        (asked, version) -> {
          JsonNode first = asked.answered("begins a session", version);
          FetchRequestData request = empty().setSessionEpoch(epoch);
          if (version >= FIRST_WITH_SESSIONS) {
            request.setSessionId(first.get("sessionId").asInt());
          }
          change.accept(request, new Asked(asked, version));
          return request;
        });
  }

  private static void followers(RequestTable table) {
    follower(table, "a follower of no broker", 9, 2, 3);
    follower(table, "a follower without a replica", 3, 0, 3);
    follower(table, "a debugging consumer", -2, 2, 0);
    follower(table, "a debugging consumer at a follower", -2, 3, 0);
    follower(table, "a follower at a follower", 2, 3, 0);
    follower(table, "a follower beyond the end", 2, 2, 1_000_000);
  }

  private static void follower(
      RequestTable table, String name, int id, int partition, long offset) {
    table.ask(
        name,
        ApiKeys.FETCH,
        (asked, version) -> {
          FetchRequestData request = request(asked, version, "data", partition(partition, offset));
          if (version < FIRST_WITH_REPLICA_STATE) {
            return request.setReplicaId(id);
          }
          return request.setReplicaState(new ReplicaState().setReplicaId(id).setReplicaEpoch(-1));
        });
  }

  private static void one(
      RequestTable table, String name, String topic, int partition, long offset) {
    table.ask(
        name,
        ApiKeys.FETCH,
        (asked, version) -> request(asked, version, topic, partition(partition, offset)));
  }

  private static void changed(RequestTable table, String name, Consumer<FetchRequestData> change) {
    table.ask(
        name,
        ApiKeys.FETCH,
        (asked, version) -> {
          FetchRequestData request =
              request(asked, version, "data", partition(2, 0), partition(0, 0));
          change.accept(request);
          return request;
        });
  }

  private static FetchRequestData request(
      AskedCluster asked, short version, String topic, FetchPartition... partitions) {
    FetchRequestData request = empty().setSessionEpoch(FINAL_EPOCH);
    request.topics().add(topic(asked, version, topic, partitions));
    return request;
  }

  private static FetchRequestData empty() {
    return new FetchRequestData()
        .setMaxWaitMs(0)
        .setMinBytes(1)
        .setMaxBytes(MAX_BYTES)
        .setIsolationLevel((byte) 0);
  }

  private static FetchTopic topic(
      AskedCluster asked, short version, String name, FetchPartition... partitions) {
    FetchTopic topic = new FetchTopic().setPartitions(List.of(partitions));
    return version < FIRST_WITH_TOPIC_IDS
        ? topic.setTopic(name)
        : topic.setTopicId(asked.topicId(name));
  }

  private static ForgottenTopic forgotten(
      AskedCluster asked, short version, String name, Integer... partitions) {
    ForgottenTopic topic = new ForgottenTopic().setPartitions(List.of(partitions));
    return version < FIRST_WITH_TOPIC_IDS
        ? topic.setTopic(name)
        : topic.setTopicId(asked.topicId(name));
  }

  private static FetchPartition partition(int index, long offset) {
    return new FetchPartition()
        .setPartition(index)
        .setFetchOffset(offset)
        .setPartitionMaxBytes(MAX_BYTES);
  }
}
