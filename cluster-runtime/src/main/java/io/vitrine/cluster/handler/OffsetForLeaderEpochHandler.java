package io.vitrine.cluster.handler;

import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.protocol.server.Request;
import io.vitrine.storage.epoch.EpochEnd;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;

/** OffsetForLeaderEpoch v0–4: where a leader epoch ends, as the leader knows it. */
public final class OffsetForLeaderEpochHandler implements ApiHandler {
  private final ReplicaManager replicas;

  public OffsetForLeaderEpochHandler(ReplicaManager replicas) {
    this.replicas = replicas;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
  }

  @Override
  public short minVersion() {
    return ApiKeys.OFFSET_FOR_LEADER_EPOCH.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.OFFSET_FOR_LEADER_EPOCH.latestVersion();
  }

  @Override
  public void handle(Request request) {
    OffsetsForLeaderEpochRequest body = request.body(OffsetsForLeaderEpochRequest.class);
    OffsetForLeaderEpochResponseData data = new OffsetForLeaderEpochResponseData();
    for (OffsetForLeaderTopic topic : body.data().topics()) {
      OffsetForLeaderTopicResult result = new OffsetForLeaderTopicResult().setTopic(topic.topic());
      for (OffsetForLeaderPartition partition : topic.partitions()) {
        result.partitions().add(answer(topic.topic(), partition));
      }
      data.topics().add(result);
    }
    request.respond(new OffsetsForLeaderEpochResponse(data));
  }

  private EpochEndOffset answer(String topic, OffsetForLeaderPartition asked) {
    EpochEndOffset answer = new EpochEndOffset().setPartition(asked.partition());
    boolean epochTold = asked.currentLeaderEpoch() != RecordBatch.NO_PARTITION_LEADER_EPOCH;
    try {
      EpochEnd end =
          replicas.endOffsetForEpoch(
              new TopicPartition(topic, asked.partition()),
              epochTold ? Optional.of(asked.currentLeaderEpoch()) : Optional.empty(),
              asked.leaderEpoch());
      return answer.setLeaderEpoch(end.epoch()).setEndOffset(end.endOffset());
    } catch (ApiException e) {
      return answer.setErrorCode(Errors.forException(e).code());
    }
  }
}
