package io.vitrine.cluster.handler;

import io.vitrine.cluster.controller.Assignment;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.protocol.server.Request;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.ListPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.ListPartitionReassignmentsResponse;

/** Reassignments under way, as the controller knows them (KIP-455). */
public final class ListPartitionReassignmentsHandler implements ApiHandler {
  private final Controller controller;

  public ListPartitionReassignmentsHandler(Controller controller) {
    this.controller = controller;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
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
        .listReassignments(asked(request.body(ListPartitionReassignmentsRequest.class)))
        .whenComplete(
            (found, error) ->
                request.respond(
                    new ListPartitionReassignmentsResponse(
                        error == null ? describe(found) : failed(error))));
  }

  private static Optional<Set<TopicPartition>> asked(ListPartitionReassignmentsRequest request) {
    if (request.data().topics() == null) {
      return Optional.empty();
    }
    Set<TopicPartition> partitions = new HashSet<>();
    request
        .data()
        .topics()
        .forEach(
            topic ->
                topic
                    .partitionIndexes()
                    .forEach(number -> partitions.add(new TopicPartition(topic.name(), number))));
    return Optional.of(partitions);
  }

  private static ListPartitionReassignmentsResponseData describe(
      Map<TopicPartition, Assignment> found) {
    return new ListPartitionReassignmentsResponseData()
        .setTopics(
            ByTopic.group(
                found,
                topic -> new OngoingTopicReassignment().setName(topic),
                (topic, partition, assignment) ->
                    topic
                        .partitions()
                        .add(
                            new OngoingPartitionReassignment()
                                .setPartitionIndex(partition)
                                .setReplicas(assignment.replicas())
                                .setAddingReplicas(assignment.adding())
                                .setRemovingReplicas(assignment.removing()))));
  }

  private static ListPartitionReassignmentsResponseData failed(Throwable error) {
    ApiError why = ByTopic.refusal(error);
    return new ListPartitionReassignmentsResponseData()
        .setErrorCode(why.error().code())
        .setErrorMessage(why.message());
  }
}
