package io.vitrine.cluster.handler;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.metadata.PartitionMetadata;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.ElectLeadersResponse;

/**
 * Elections by hand, preferred or unclean; answered once this broker's metadata show the leaders.
 *
 * <p>When all partitions are asked for, those that need no election are left out of the answer.
 */
public final class ElectLeadersHandler implements ApiHandler {
  private final Controller controller;
  private final MetadataWait wait;

  public ElectLeadersHandler(Controller controller, MetadataWait wait) {
    this.controller = controller;
    this.wait = wait;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ELECT_LEADERS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 2;
  }

  @Override
  public void handle(Request request) {
    ElectLeadersRequest body = request.body(ElectLeadersRequest.class);
    boolean all = body.data().topicPartitions() == null;
    ElectionType type =
        request.apiVersion() == 0
            ? ElectionType.PREFERRED
            : ElectionType.valueOf(body.data().electionType());
    controller
        .electLeaders(type, all ? Optional.empty() : Optional.of(asked(body)))
        .whenComplete(
            (results, error) -> {
              if (error != null) {
                Errors code = Errors.forException(Failures.cause(error));
                request.respond(
                    new ElectLeadersResponse(
                        0,
                        code.code(),
                        all ? List.of() : failed(asked(body), code),
                        request.apiVersion()));
                return;
              }
              answerWhenKnown(request, type, results, all, body.data().timeoutMs());
            });
  }

  private void answerWhenKnown(
      Request request,
      ElectionType type,
      Map<TopicPartition, ApiError> results,
      boolean all,
      int timeoutMs) {
    Set<TopicPartition> elected = new HashSet<>();
    results.forEach(
        (partition, result) -> {
          if (result.isSuccess()) {
            elected.add(partition);
          }
        });
    wait.until(image -> allLed(image, elected, type), timeoutMs)
        .thenAccept(
            known -> {
              Map<TopicPartition, ApiError> answer = new HashMap<>(results);
              if (!known) {
                elected.forEach(
                    partition ->
                        answer.put(
                            partition,
                            new ApiError(
                                Errors.REQUEST_TIMED_OUT,
                                "elected, but not all brokers were told in time")));
              }
              if (all) {
                answer.values().removeIf(each -> each.error() == Errors.ELECTION_NOT_NEEDED);
              }
              request.respond(
                  new ElectLeadersResponse(
                      0, Errors.NONE.code(), describe(answer), request.apiVersion()));
            });
  }

  private static boolean allLed(
      MetadataImage image, Set<TopicPartition> partitions, ElectionType type) {
    return partitions.stream()
        .allMatch(p -> image.partition(p).map(found -> led(found, type)).orElse(false));
  }

  /** A preferred election took the lead from another replica: that one's does not count. */
  private static boolean led(PartitionMetadata partition, ElectionType type) {
    return type == ElectionType.PREFERRED
        ? partition.leader() == partition.replicas().get(0)
        : partition.leader() >= 0;
  }

  private static Set<TopicPartition> asked(ElectLeadersRequest body) {
    Set<TopicPartition> partitions = new HashSet<>();
    body.data()
        .topicPartitions()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(number -> partitions.add(new TopicPartition(topic.topic(), number))));
    return partitions;
  }

  private static List<ReplicaElectionResult> failed(Set<TopicPartition> partitions, Errors error) {
    Map<TopicPartition, ApiError> results = new HashMap<>();
    partitions.forEach(partition -> results.put(partition, new ApiError(error, error.message())));
    return describe(results);
  }

  private static List<ReplicaElectionResult> describe(Map<TopicPartition, ApiError> results) {
    Map<String, ReplicaElectionResult> topics = new HashMap<>();
    results.forEach(
        (partition, result) ->
            topics
                .computeIfAbsent(
                    partition.topic(), topic -> new ReplicaElectionResult().setTopic(topic))
                .partitionResult()
                .add(
                    new PartitionResult()
                        .setPartitionId(partition.partition())
                        .setErrorCode(result.error().code())
                        .setErrorMessage(result.message())));
    return new ArrayList<>(topics.values());
  }
}
