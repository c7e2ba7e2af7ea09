package io.vitrine.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {
  private final AtomicLong nowMs = new AtomicLong(5_000);
  private final FetchSessions sessions = new FetchSessions(2, nowMs::get, new Random(3));
  private final Uuid id = Uuid.randomUuid();
  private final Map<Uuid, String> names = Map.of(id, "orders");

  private FetchRequest request(
      int replicaId, FetchMetadata metadata, List<TopicIdPartition> forgotten, int... partitions) {
    return request((short) 17, replicaId, metadata, forgotten, partitions);
  }

  private FetchRequest request(
      short version,
      int replicaId,
      FetchMetadata metadata,
      List<TopicIdPartition> forgotten,
      int... partitions) {
    Map<TopicPartition, FetchRequest.PartitionData> asked = new LinkedHashMap<>();
    for (int partition : partitions) {
      asked.put(
          new TopicPartition("orders", partition),
          new FetchRequest.PartitionData(id, 7, 0, 100, Optional.empty()));
    }
    return new FetchRequest.Builder(version, version, replicaId, -1, 500, 1, asked)
        .metadata(metadata)
        .removed(forgotten)
        .build(version);
  }

  private static LinkedHashMap<TopicIdPartition, PartitionData> answers(
      FetchContext context, long highWatermark) {
    LinkedHashMap<TopicIdPartition, PartitionData> found = new LinkedHashMap<>();
    for (FetchItem item : context.items()) {
      found.put(
          item.partition(),
          new PartitionData()
              .setPartitionIndex(item.partition().partition())
              .setHighWatermark(highWatermark)
              .setLogStartOffset(0)
              .setRecords(MemoryRecords.EMPTY));
    }
    return found;
  }

  private FetchResponse full(int replicaId, int... partitions) {
    FetchContext context =
        sessions.open(request(replicaId, FetchMetadata.INITIAL, List.of(), partitions), names);
    return context.answer(answers(context, 7), List.of());
  }

  private FetchContext next(int session, int epoch, List<TopicIdPartition> forgotten, int... p) {
    return sessions.open(request(-1, new FetchMetadata(session, epoch), forgotten, p), names);
  }

  private static int partitionsIn(FetchResponse response) {
    return response.data().responses().stream().mapToInt(t -> t.partitions().size()).sum();
  }

  @Test
  void anIncrementalAnswerHoldsOnlyNews() {
    FetchResponse first = full(-1, 0, 1);
    assertThat(first.sessionId()).isNotZero();
    assertThat(partitionsIn(first)).isEqualTo(2);

    FetchContext second = next(first.sessionId(), 1, List.of());
    assertThat(second.items()).hasSize(2);
    assertThat(partitionsIn(second.answer(answers(second, 7), List.of()))).isZero();

    FetchContext third = next(first.sessionId(), 2, List.of());
    assertThat(partitionsIn(third.answer(answers(third, 8), List.of()))).isEqualTo(2);

    FetchContext fourth = next(first.sessionId(), 3, List.of());
    LinkedHashMap<TopicIdPartition, PartitionData> found = answers(fourth, 8);
    found.values().iterator().next().setErrorCode(Errors.NOT_LEADER_OR_FOLLOWER.code());
    assertThat(partitionsIn(fourth.answer(found, List.of()))).isEqualTo(1);

    FetchContext fifth = next(first.sessionId(), 4, List.of());
    assertThat(partitionsIn(fifth.answer(answers(fifth, 8), List.of())))
        .as("good again after an error is news")
        .isEqualTo(1);
  }

  @Test
  void whoGotRecordsGoesToTheEnd() {
    FetchResponse first = full(-1, 0, 1);
    FetchContext second = next(first.sessionId(), 1, List.of());
    LinkedHashMap<TopicIdPartition, PartitionData> found = answers(second, 7);
    found
        .values()
        .iterator()
        .next()
        .setRecords(MemoryRecords.readableRecords(ByteBuffer.allocate(80)));
    second.answer(found, List.of());
    FetchContext third = next(first.sessionId(), 2, List.of());
    assertThat(third.items())
        .extracting(item -> item.partition().partition())
        .containsExactly(1, 0);
  }

  @Test
  void partitionsAreAddedChangedAndForgotten() {
    FetchResponse first = full(-1, 0, 1);
    TopicIdPartition zero = new TopicIdPartition(id, new TopicPartition("orders", 0));
    FetchContext second = next(first.sessionId(), 1, List.of(zero), 2);
    assertThat(second.items())
        .extracting(item -> item.partition().partition())
        .containsExactly(1, 2);
  }

  @Test
  void wrongEpochsUnknownSessionsAndChangedUseOfIdsAreRefused() {
    FetchResponse first = full(-1, 0);
    int session = first.sessionId();
    assertThat(refusal(next(session, 5, List.of()))).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
    assertThat(refusal(next(session + 1, 1, List.of())))
        .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    FetchRequest byName = request((short) 12, -1, new FetchMetadata(session, 1), List.of());
    assertThat(refusal(sessions.open(byName, Map.of())))
        .isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
  }

  private static Errors refusal(FetchContext context) {
    assertThat(context.items()).isEmpty();
    return context.answer(new LinkedHashMap<>(), List.of()).error();
  }

  @Test
  void theFinalEpochEndsTheSession() {
    FetchResponse first = full(-1, 0);
    FetchMetadata last = new FetchMetadata(first.sessionId(), FetchMetadata.FINAL_EPOCH);
    FetchContext context = sessions.open(request(-1, last, List.of(), 0), names);
    assertThat(context.answer(answers(context, 7), List.of()).sessionId()).isZero();
    assertThat(sessions.size()).isZero();
  }

  @Test
  void anUnknownTopicIdIsLookedUpAgainLater() {
    FetchContext context =
        sessions.open(request(-1, FetchMetadata.INITIAL, List.of(), 0), Map.of());
    assertThat(context.items().get(0).partition().topic()).isNull();
    int session = context.answer(answers(context, -1), List.of()).sessionId();
    assertThat(next(session, 1, List.of()).items().get(0).partition().topic()).isEqualTo("orders");
  }

  @Test
  void aFullHouseYieldsToFollowersAndToTheLargerAfterTwoMinutes() {
    full(-1, 0);
    full(-1, 0, 1);
    assertThat(full(-1, 0, 1, 2).sessionId()).as("young ones yield to nobody").isZero();
    assertThat(full(3, 0).sessionId()).as("but to a follower").isNotZero();
    nowMs.addAndGet(120_001);
    assertThat(full(-1, 0).sessionId()).as("idle ones make room").isNotZero();
    assertThat(sessions.size()).isEqualTo(2);
  }
}
