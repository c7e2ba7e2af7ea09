package io.vitrine.cluster.handler;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.controller.ReplicaAssignment;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.quota.MutationBudget;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.zookeeper.TopicNode;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ReassignmentInProgressException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Partitions added to topics: written to ZooKeeper, where the controller sees them; answered once
 * this broker's metadata show a leader for every partition. Only the controller's broker does so.
 */
public final class CreatePartitionsHandler implements ApiHandler {
  private static final short FIRST_WITH_QUOTA_ERROR = 3;

  private final Controller controller;
  private final MetadataCache metadata;
  private final TopicStore topics;
  private final MetadataWait wait;
  private final Quotas quotas;
  private final Authorizer authorizer;

  public CreatePartitionsHandler(
      Controller controller,
      MetadataCache metadata,
      TopicStore topics,
      MetadataWait wait,
      Quotas quotas,
      Authorizer authorizer) {
    this.controller = controller;
    this.metadata = metadata;
    this.topics = topics;
    this.wait = wait;
    this.quotas = quotas;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.CREATE_PARTITIONS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 3;
  }

  @Override
  public void handle(Request request) {
    CreatePartitionsRequest body = request.body(CreatePartitionsRequest.class);
    Set<String> seen = new HashSet<>();
    Set<String> twice = new HashSet<>();
    body.data().topics().stream()
        .map(CreatePartitionsTopic::name)
        .filter(name -> !seen.add(name))
        .forEach(twice::add);
    boolean active = controller.isActive();
    MutationBudget budget = quotas.mutations(request, FIRST_WITH_QUOTA_ERROR);
    PartitionsAsked asked = new PartitionsAsked();
    Map<String, CompletableFuture<ApiError>> results = new TreeMap<>();
    for (CreatePartitionsTopic topic : body.data().topics()) {
      results.computeIfAbsent(
          topic.name(),
          name -> {
            if (!active) {
              return done(new ApiError(Errors.NOT_CONTROLLER, null));
            }
            if (twice.contains(name)) {
              return done(new ApiError(Errors.INVALID_REQUEST, "Duplicate topic in request."));
            }
            if (!authorizer.authorize(request, AclOperation.ALTER, ResourceType.TOPIC, name)) {
              return done(
                  new ApiError(
                      Errors.TOPIC_AUTHORIZATION_FAILED, "The topic authorization is failed."));
            }
            int known = metadata.image().partitions(name).size();
            ApiError tooMany = asked.add(topic.count() - known);
            return tooMany.isFailure()
                ? done(tooMany)
                : add(topic, body.data().validateOnly(), body.data().timeoutMs(), budget);
          });
    }
    CompletableFuture.allOf(results.values().toArray(CompletableFuture[]::new))
        .thenRun(
            () -> {
              CreatePartitionsResponseData response = new CreatePartitionsResponseData();
              results.forEach(
                  (topic, result) ->
                      response
                          .results()
                          .add(
                              new CreatePartitionsTopicResult()
                                  .setName(topic)
                                  .setErrorCode(result.join().error().code())
                                  .setErrorMessage(result.join().message())));
              quotas.answer(request, new CreatePartitionsResponse(response), budget);
            });
  }

  private CompletableFuture<ApiError> add(
      CreatePartitionsTopic topic, boolean validateOnly, int timeoutMs, MutationBudget budget) {
    return topics
        .markedForDeletion(topic.name())
        .thenCombine(
            topics.topic(topic.name()),
            (marked, node) -> {
              TopicNode extended = extended(topic, marked, node);
              if (!validateOnly) {
                budget.spend(topic.count() - node.orElseThrow().assignment().size());
              }
              return extended;
            })
        .thenCompose(
            node -> validateOnly ? done(ApiError.NONE) : written(topic.name(), node, timeoutMs))
        .exceptionally(error -> ApiError.fromThrowable(Failures.cause(error)));
  }

  private CompletableFuture<ApiError> written(String topic, TopicNode node, int timeoutMs) {
    return topics
        .setAssignment(topic, node)
        .thenCompose(
            done ->
                timeoutMs <= 0
                    ? CompletableFuture.completedFuture(false)
                    : wait.until(image -> led(image, topic, node.assignment().size()), timeoutMs))
        .thenApply(known -> known ? ApiError.NONE : new ApiError(Errors.REQUEST_TIMED_OUT, null));
  }

  private static boolean led(MetadataImage image, String topic, int partitions) {
    var known = image.partitions(topic);
    return known.size() >= partitions
        && known.values().stream().allMatch(partition -> partition.leader() >= 0);
  }

  /** The topic's node with the partitions asked for, or an exception that says why not. */
  private TopicNode extended(
      CreatePartitionsTopic topic, boolean marked, Optional<TopicNode> node) {
    if (marked) {
      throw new InvalidTopicException("The topic is queued for deletion.");
    }
    TopicNode before =
        node.orElseThrow(
            () ->
                new UnknownTopicOrPartitionException(
                    "The topic '" + topic.name() + "' does not exist."));
    if (!before.adding().isEmpty() || !before.removing().isEmpty()) {
      throw new ReassignmentInProgressException(
          "A partition reassignment is in progress for the topic '" + topic.name() + "'.");
    }
    int existing = before.assignment().size();
    if (topic.count() < existing) {
      throw new InvalidPartitionsException(
          "Topic currently has "
              + existing
              + " partitions, which is higher than the requested "
              + topic.count()
              + ".");
    }
    if (topic.count() == existing) {
      throw new InvalidPartitionsException("Topic already has " + existing + " partitions.");
    }
    Map<Integer, Optional<String>> racks = new TreeMap<>();
    metadata.image().aliveBrokers().forEach((id, broker) -> racks.put(id, broker.rack()));
    List<Integer> first = before.assignment().get(0);
    Map<Integer, List<Integer>> assignment = new LinkedHashMap<>(before.assignment());
    assignment.putAll(
        topic.assignments() == null
            ? ReplicaAssignment.extend(racks, first, existing, topic.count())
            : byHand(topic, existing, first.size(), racks.keySet()));
    return new TopicNode(before.topicId(), assignment, Map.of(), Map.of());
  }

  private static Map<Integer, List<Integer>> byHand(
      CreatePartitionsTopic topic, int existing, int replicationFactor, Set<Integer> live) {
    List<List<Integer>> wanted = new ArrayList<>();
    Set<Integer> unknown = new TreeSet<>();
    for (CreatePartitionsAssignment each : topic.assignments()) {
      wanted.add(List.copyOf(each.brokerIds()));
      unknown.addAll(each.brokerIds());
    }
    unknown.removeAll(live);
    if (!unknown.isEmpty()) {
      throw new InvalidReplicaAssignmentException(
          "Unknown broker(s) in replica assignment: " + unknown + ".");
    }
    if (wanted.size() != topic.count() - existing) {
      throw new InvalidReplicaAssignmentException(
          "Increasing the number of partitions by "
              + (topic.count() - existing)
              + " but "
              + wanted.size()
              + " assignments provided.");
    }
    Map<Integer, List<Integer>> assignment = new TreeMap<>();
    for (List<Integer> replicas : wanted) {
      int number = existing + assignment.size();
      check(number, replicas);
      assignment.put(number, replicas);
    }
    assignment.forEach(
        (number, replicas) -> {
          if (replicas.size() != replicationFactor) {
            throw new InvalidReplicaAssignmentException(
                "Inconsistent replication factor between partitions, partition 0 has "
                    + replicationFactor
                    + " while partition "
                    + number
                    + " has "
                    + replicas.size()
                    + ".");
          }
        });
    return assignment;
  }

  private static void check(int number, List<Integer> replicas) {
    if (replicas.isEmpty()) {
      throw new InvalidReplicaAssignmentException(
          "Cannot have replication factor of 0 for partition id " + number + ".");
    }
    if (new HashSet<>(replicas).size() != replicas.size()) {
      throw new InvalidReplicaAssignmentException(
          "Duplicate brokers not allowed in replica assignment: "
              + replicas
              + " for partition id "
              + number
              + ".");
    }
  }

  private static CompletableFuture<ApiError> done(ApiError result) {
    return CompletableFuture.completedFuture(result);
  }
}
