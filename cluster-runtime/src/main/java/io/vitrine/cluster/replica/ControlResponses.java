package io.vitrine.cluster.replica;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.LeaderAndIsrResponseData;
import org.apache.kafka.common.message.LeaderAndIsrResponseData.LeaderAndIsrPartitionError;
import org.apache.kafka.common.message.LeaderAndIsrResponseData.LeaderAndIsrTopicError;
import org.apache.kafka.common.message.StopReplicaResponseData;
import org.apache.kafka.common.message.StopReplicaResponseData.StopReplicaPartitionError;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.requests.StopReplicaResponse;

/** Puts the outcome of orders into the shape of their answers. */
final class ControlResponses {
  private static final short FIRST_WITH_TOPIC_IDS = 5;

  private ControlResponses() {}

  static LeaderAndIsrResponse leaderAndIsr(
      LeaderAndIsrRequest request, Map<TopicPartition, Errors> errors) {
    LeaderAndIsrResponseData data = new LeaderAndIsrResponseData();
    Map<String, Uuid> topicIds = request.topicIds();
    errors.forEach(
        (tp, error) -> {
          LeaderAndIsrPartitionError partition =
              new LeaderAndIsrPartitionError()
                  .setPartitionIndex(tp.partition())
                  .setErrorCode(error.code());
          if (request.version() < FIRST_WITH_TOPIC_IDS) {
            data.partitionErrors().add(partition.setTopicName(tp.topic()));
          } else {
            Uuid id = topicIds.getOrDefault(tp.topic(), Uuid.ZERO_UUID);
            LeaderAndIsrTopicError topic = data.topics().find(id);
            if (topic == null) {
              topic = new LeaderAndIsrTopicError().setTopicId(id);
              data.topics().add(topic);
            }
            topic.partitionErrors().add(partition);
          }
        });
    return new LeaderAndIsrResponse(data, request.version());
  }

  static StopReplicaResponse stopReplica(Errors error, Map<TopicPartition, Errors> errors) {
    StopReplicaResponseData data = new StopReplicaResponseData().setErrorCode(error.code());
    errors.forEach(
        (tp, each) ->
            data.partitionErrors()
                .add(
                    new StopReplicaPartitionError()
                        .setTopicName(tp.topic())
                        .setPartitionIndex(tp.partition())
                        .setErrorCode(each.code())));
    return new StopReplicaResponse(data);
  }
}
