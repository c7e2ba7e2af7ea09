package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * M59: Apache Kafka coordinates on from the {@code __consumer_offsets} we left, and we from what it
 * left: members, their shares, offsets, groups that are gone.
 */
class OffsetsTopicSwapTest {
  private static final TopicPartition DATA = new TopicPartition("data", 0);
  private static final String MEMBERS = "with-a-member";

  @ParameterizedTest(name = "{0}, then {1}")
  @CsvSource({"VITRINE, KAFKA", "KAFKA, VITRINE"})
  void coordinatesWhatTheOtherLeft(Brand first, Brand second, @TempDir Path directory)
      throws Exception {
    Map<String, String> settings = Map.of("offsets.topic.replication.factor", "1");
    try (StoryCluster cluster = StoryCluster.of(first, directory, 1, settings)) {
      cluster.start(1, first);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
        admin.createTopics(List.of(new NewTopic("data", 1, (short) 1))).all().get();
      }
      Map<String, String> left;
      String member;
      try (RawConnection connection = new RawConnection(cluster.bootstrap())) {
        awaitCoordinator(connection);
        member = becomeStable(connection);
        commit(cluster, "simple", 5);
        commit(cluster, "simple", 7);
        commit(cluster, "gone", 1);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
          admin.deleteConsumerGroups(List.of("gone")).all().get();
        }
        left = seen(cluster, connection);
      }
      cluster.stop(1);

      cluster.start(1, second);
      try (RawConnection connection = new RawConnection(cluster.bootstrap())) {
        awaitCoordinator(connection);
        assertThat(heartbeat(connection, member)).as("the member goes on").isZero();
        assertThat(seen(cluster, connection)).isEqualTo(left);
        commit(cluster, "simple", 6);
        left = seen(cluster, connection);
      }
      cluster.stop(1);

      cluster.start(1, first);
      try (RawConnection connection = new RawConnection(cluster.bootstrap())) {
        awaitCoordinator(connection);
        assertThat(heartbeat(connection, member)).as("the member goes on").isZero();
        assertThat(seen(cluster, connection)).isEqualTo(left);
      }
    }
  }

  private static void awaitCoordinator(RawConnection connection) {
    await("every partition has its coordinator")
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              for (String group : List.of(MEMBERS, "simple", "gone")) {
                JsonNode found =
                    connection
                        .ask(
                            ApiKeys.FIND_COORDINATOR,
                            (short) 0,
                            new FindCoordinatorRequestData().setKey(group))
                        .orElseThrow();
                if (found.get("errorCode").asInt() != 0
                    || describe(connection, group).get("errorCode").asInt() != 0) {
                  return false;
                }
              }
              return true;
            });
  }

  private static JsonNode describe(RawConnection connection, String group) throws Exception {
    return connection
        .ask(
            ApiKeys.DESCRIBE_GROUPS,
            (short) 5,
            new DescribeGroupsRequestData().setGroups(List.of(group)))
        .orElseThrow()
        .at("/groups/0");
  }

  /** A static member alone in its group, with its share; it heartbeats no more for a minute. */
  private static String becomeStable(RawConnection connection) throws Exception {
    JoinGroupRequestData join =
        new JoinGroupRequestData()
            .setGroupId(MEMBERS)
            .setMemberId("")
            .setGroupInstanceId("instance")
            .setProtocolType("story")
            .setSessionTimeoutMs(60_000)
            .setRebalanceTimeoutMs(60_000);
    join.protocols()
        .add(
            new JoinGroupRequestProtocol()
                .setName("a")
                .setMetadata("wish".getBytes(StandardCharsets.UTF_8)));
    String id =
        connection.ask(ApiKeys.JOIN_GROUP, (short) 9, join).orElseThrow().get("memberId").asText();
    connection.ask(
        ApiKeys.SYNC_GROUP,
        (short) 3,
        new SyncGroupRequestData()
            .setGroupId(MEMBERS)
            .setGenerationId(1)
            .setMemberId(id)
            .setGroupInstanceId("instance")
            .setAssignments(
                List.of(
                    new SyncGroupRequestAssignment()
                        .setMemberId(id)
                        .setAssignment("share".getBytes(StandardCharsets.UTF_8)))));
    return id;
  }

  private static int heartbeat(RawConnection connection, String member) throws Exception {
    return connection
        .ask(
            ApiKeys.HEARTBEAT,
            (short) 3,
            new HeartbeatRequestData()
                .setGroupId(MEMBERS)
                .setGenerationId(1)
                .setMemberId(member)
                .setGroupInstanceId("instance"))
        .orElseThrow()
        .get("errorCode")
        .asInt();
  }

  private static void commit(StoryCluster cluster, String group, long offset) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", cluster.bootstrap(), "group.id", group),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(DATA));
      consumer.commitSync(Map.of(DATA, new OffsetAndMetadata(offset, "note of " + offset)));
    }
  }

  /** What clients are told of the groups. */
  private static Map<String, String> seen(StoryCluster cluster, RawConnection connection)
      throws Exception {
    Map<String, String> seen = new TreeMap<>();
    for (String group : List.of(MEMBERS, "simple", "gone")) {
      seen.put(group, describe(connection, group).toString());
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      Map<String, String> listed = new HashMap<>();
      admin
          .listConsumerGroups()
          .all()
          .get()
          .forEach(each -> listed.put(each.groupId(), each.state().toString()));
      seen.put("all", new TreeMap<>(listed).toString());
      seen.put(
          "offsets",
          admin
              .listConsumerGroupOffsets("simple")
              .partitionsToOffsetAndMetadata()
              .get()
              .toString());
    }
    return seen;
  }
}
