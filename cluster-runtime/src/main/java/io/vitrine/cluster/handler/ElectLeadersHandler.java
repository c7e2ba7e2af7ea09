package io.vitrine.cluster.handler;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.metadata.PartitionMetadata;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
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
 * <p>When all partitions are asked for, those that need no election are left out of the answer. A
 * broker that is not the controller says so of each partition.
 */
public final class ElectLeadersHandler implements ApiHandler {
  private final Controller controller;
  private final MetadataCache metadata;
  private final MetadataWait wait;
  private final Authorizer authorizer;

  public ElectLeadersHandler(
      Controller controller, MetadataCache metadata, MetadataWait wait, Authorizer authorizer) {
    this.controller = controller;
    this.metadata = metadata;
    this.wait = wait;
    this.authorizer = authorizer;
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
    if (!authorizer.authorizeCluster(request, AclOperation.ALTER)) {
      Errors denied = Errors.CLUSTER_AUTHORIZATION_FAILED;
      Set<TopicPartition> refused = body.data().topicPartitions() == null ? Set.of() : asked(body);
      request.respond(
          new ElectLeadersResponse(
              0, denied.code(), describe(failed(refused, denied)), request.apiVersion()));
      return;
    }
    boolean all = body.data().topicPartitions() == null;
    Set<TopicPartition> asked = all ? metadata.image().allPartitions() : asked(body);
    ElectionType type =
        request.apiVersion() == 0
            ? ElectionType.PREFERRED
            : ElectionType.valueOf(body.data().electionType());
    controller
        .electLeaders(type, asked)
        .whenComplete(
            (results, error) -> {
              if (error == null) {
                answerWhenKnown(request, type, results, all, body.data().timeoutMs());
              } else {
                respond(request, failed(asked, Errors.forException(Failures.cause(error))));
              }
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
    wait.until(image -> unknown(image, elected, type).isEmpty(), timeoutMs)
        .thenAccept(
            known -> {
              Map<TopicPartition, ApiError> answer = new HashMap<>(results);
              if (!known) {
                unknown(metadata.image(), elected, type)
                    .forEach(p -> answer.put(p, new ApiError(Errors.REQUEST_TIMED_OUT, null)));
              }
              if (all) {
                answer.values().removeIf(each -> each.error() == Errors.ELECTION_NOT_NEEDED);
              }
              respond(request, answer);
            });
  }

  private static void respond(Request request, Map<TopicPartition, ApiError> results) {
    request.respond(
        new ElectLeadersResponse(0, Errors.NONE.code(), describe(results), request.apiVersion()));
  }

  /** Those of the elected partitions whose new leader this broker has not heard of. */
  private static Set<TopicPartition> unknown(
      MetadataImage image, Set<TopicPartition> elected, ElectionType type) {
    Set<TopicPartition> unknown = new HashSet<>(elected);
    unknown.removeIf(p -> image.partition(p).map(found -> led(found, type)).orElse(false));
    return unknown;
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

  private static Map<TopicPartition, ApiError> failed(
      Set<TopicPartition> partitions, Errors error) {
    Map<TopicPartition, ApiError> results = new HashMap<>();
    partitions.forEach(partition -> results.put(partition, new ApiError(error, null)));
    return results;
  }

  private static List<ReplicaElectionResult> describe(Map<TopicPartition, ApiError> results) {
    return ByTopic.group(
        results,
        topic -> new ReplicaElectionResult().setTopic(topic),
        (topic, partition, result) ->
            topic
                .partitionResult()
                .add(
                    new PartitionResult()
                        .setPartitionId(partition)
                        .setErrorCode(result.error().code())
                        .setErrorMessage(result.message())));
  }
}
