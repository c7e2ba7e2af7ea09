package io.vitrine.cluster.handler;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.protocol.server.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.ApiError;

/** Reassignments begun, replaced or cancelled (KIP-455); answered once ZooKeeper holds them. */
public final class AlterPartitionReassignmentsHandler implements ApiHandler {
  private final Controller controller;

  public AlterPartitionReassignmentsHandler(Controller controller) {
    this.controller = controller;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 0;
  }

  @Override
  public void handle(Request request) {
    controller
        .alterReassignments(wishes(request.body(AlterPartitionReassignmentsRequest.class)))
        .whenComplete(
            (results, error) ->
                request.respond(
                    new AlterPartitionReassignmentsResponse(
                        error == null ? describe(results) : failed(error))));
  }

  private static Map<TopicPartition, Optional<List<Integer>>> wishes(
      AlterPartitionReassignmentsRequest request) {
    Map<TopicPartition, Optional<List<Integer>>> wishes = new HashMap<>();
    request
        .data()
        .topics()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        partition ->
                            wishes.put(
                                new TopicPartition(topic.name(), partition.partitionIndex()),
                                Optional.ofNullable(partition.replicas()))));
    return wishes;
  }

  private static AlterPartitionReassignmentsResponseData describe(
      Map<TopicPartition, ApiError> results) {
    return new AlterPartitionReassignmentsResponseData()
        .setResponses(
            ByTopic.group(
                results,
                topic -> new ReassignableTopicResponse().setName(topic),
                (topic, partition, result) ->
                    topic
                        .partitions()
                        .add(
                            new ReassignablePartitionResponse()
                                .setPartitionIndex(partition)
                                .setErrorCode(result.error().code())
                                .setErrorMessage(result.message()))));
  }

  private static AlterPartitionReassignmentsResponseData failed(Throwable error) {
    ApiError why = ByTopic.refusal(error);
    return new AlterPartitionReassignmentsResponseData()
        .setErrorCode(why.error().code())
        .setErrorMessage(why.message());
  }
}
