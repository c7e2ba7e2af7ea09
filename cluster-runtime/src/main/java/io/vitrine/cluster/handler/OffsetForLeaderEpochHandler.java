package io.vitrine.cluster.handler;

import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import io.vitrine.storage.epoch.EpochEnd;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
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
import org.apache.kafka.common.resource.ResourceType;

/** OffsetForLeaderEpoch v0–4: where a leader epoch ends, as the leader knows it. */
public final class OffsetForLeaderEpochHandler implements ApiHandler {
  private final ReplicaManager replicas;
  private final Authorizer authorizer;

  public OffsetForLeaderEpochHandler(ReplicaManager replicas, Authorizer authorizer) {
    this.replicas = replicas;
    this.authorizer = authorizer;
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
    Set<String> visible = visible(request, body);
    for (OffsetForLeaderTopic topic : body.data().topics()) {
      OffsetForLeaderTopicResult result = new OffsetForLeaderTopicResult().setTopic(topic.topic());
      for (OffsetForLeaderPartition partition : topic.partitions()) {
        result
            .partitions()
            .add(
                visible.contains(topic.topic())
                    ? answer(topic.topic(), partition)
                    : new EpochEndOffset()
                        .setPartition(partition.partition())
                        .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code()));
      }
      data.topics().add(result);
    }
    request.respond(new OffsetsForLeaderEpochResponse(data));
  }

  /** Brokers see all topics, consumers those they may describe. */
  private Set<String> visible(Request request, OffsetsForLeaderEpochRequest body) {
    List<String> topics = body.data().topics().stream().map(OffsetForLeaderTopic::topic).toList();
    return authorizer.authorizeCluster(request, AclOperation.CLUSTER_ACTION, false)
        ? Set.copyOf(topics)
        : authorizer.authorized(request, AclOperation.DESCRIBE, ResourceType.TOPIC, topics);
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
