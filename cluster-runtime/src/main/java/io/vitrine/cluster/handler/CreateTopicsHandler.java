package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.controller.ReplicaAssignment;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.cluster.zookeeper.ZkException;
import io.vitrine.protocol.server.Request;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/**
 * New topics: checked, assigned, written to ZooKeeper, where the controller sees them; answered
 * once this broker's metadata show a leader for every partition (M15).
 *
 * <p>Only the controller's broker does so, the others answer NOT_CONTROLLER.
 */
public final class CreateTopicsHandler implements ApiHandler {
  private static final int UNSET = -1;

  private final Controller controller;
  private final BrokerConfig config;
  private final MetadataCache metadata;
  private final TopicStore topics;
  private final MetadataWait wait;
  private final Random random;

  public CreateTopicsHandler(
      Controller controller,
      BrokerConfig config,
      MetadataCache metadata,
      TopicStore topics,
      MetadataWait wait,
      Random random) {
    this.controller = controller;
    this.config = config;
    this.metadata = metadata;
    this.topics = topics;
    this.wait = wait;
    this.random = random;
  }

  /** A topic that passed all checks. */
  private record Plan(
      String name,
      Map<String, String> config,
      Map<Integer, List<Integer>> assignment,
      Optional<Uuid> id) {}

  @Override
  public ApiKeys api() {
    return ApiKeys.CREATE_TOPICS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 7;
  }

  @Override
  public void handle(Request request) {
    CreateTopicsRequestData body = request.body(CreateTopicsRequest.class).data();
    Map<String, CompletableFuture<CreatableTopicResult>> results = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    Set<String> twice = new HashSet<>();
    body.topics().stream().map(CreatableTopic::name).filter(n -> !seen.add(n)).forEach(twice::add);
    for (CreatableTopic topic : body.topics()) {
      results.computeIfAbsent(topic.name(), name -> create(topic, twice.contains(name), body));
    }
    CompletableFuture.allOf(results.values().toArray(CompletableFuture[]::new))
        .thenRun(
            () -> {
              CreateTopicsResponseData response = new CreateTopicsResponseData();
              results.values().forEach(result -> response.topics().add(result.join()));
              request.respond(new CreateTopicsResponse(response));
            });
  }

  private CompletableFuture<CreatableTopicResult> create(
      CreatableTopic topic, boolean twice, CreateTopicsRequestData request) {
    Plan plan;
    try {
      if (!controller.isActive()) {
        throw new NotControllerException("this broker is not the controller");
      }
      if (twice) {
        throw new InvalidRequestException("Duplicate topic name.");
      }
      plan = plan(topic);
    } catch (ApiException e) {
      return CompletableFuture.completedFuture(refused(topic.name(), e));
    }
    if (request.validateOnly()) {
      return CompletableFuture.completedFuture(described(plan, Uuid.ZERO_UUID));
    }
    return topics
        .createTopic(plan.name(), plan.config(), plan.assignment(), plan.id())
        .thenCompose(done -> wait.until(image -> led(image, plan), request.timeoutMs()))
        .thenApply(
            known ->
                known
                    ? described(plan, plan.id().orElse(Uuid.ZERO_UUID))
                    : refused(
                        plan.name(),
                        Errors.REQUEST_TIMED_OUT.exception(
                            "the topic was written, but has no leaders yet")))
        .exceptionally(error -> refused(plan.name(), translate(plan.name(), error)));
  }

  private Plan plan(CreatableTopic topic) {
    Topic.validate(topic.name());
    MetadataImage image = metadata.image();
    if (image.contains(topic.name())) {
      throw new TopicExistsException("Topic '" + topic.name() + "' already exists.");
    }
    image.topics().stream()
        .filter(other -> Topic.hasCollision(topic.name(), other))
        .findFirst()
        .ifPresent(
            other -> {
              throw new InvalidTopicException(
                  "Topic '" + topic.name() + "' collides with existing topics: " + other);
            });
    Map<String, String> settings = new HashMap<>();
    topic.configs().forEach(each -> settings.put(each.name(), each.value()));
    TopicConfig.validate(settings);
    return new Plan(topic.name(), settings, assignment(topic, image), newId());
  }

  private Optional<Uuid> newId() {
    return config.interBrokerProtocol().hasTopicIds()
        ? Optional.of(Uuid.randomUuid())
        : Optional.empty();
  }

  private Map<Integer, List<Integer>> assignment(CreatableTopic topic, MetadataImage image) {
    boolean counted = topic.numPartitions() != UNSET || topic.replicationFactor() != UNSET;
    if (!topic.assignments().isEmpty()) {
      if (counted) {
        throw new InvalidRequestException(
            "Both numPartitions or replicationFactor and replicasAssignments were set. Both cannot"
                + " be used at the same time.");
      }
      return checked(topic);
    }
    Map<Integer, Optional<String>> racks = new TreeMap<>();
    image.aliveBrokers().forEach((id, broker) -> racks.put(id, broker.rack()));
    return ReplicaAssignment.spread(
        racks,
        topic.numPartitions() == UNSET ? config.numPartitions() : topic.numPartitions(),
        topic.replicationFactor() == UNSET
            ? config.defaultReplicationFactor()
            : topic.replicationFactor(),
        random);
  }

  private static Map<Integer, List<Integer>> checked(CreatableTopic topic) {
    Map<Integer, List<Integer>> assignment = new TreeMap<>();
    for (var each : topic.assignments()) {
      List<Integer> replicas = List.copyOf(each.brokerIds());
      if (replicas.isEmpty() || new HashSet<>(replicas).size() != replicas.size()) {
        throw new InvalidReplicaAssignmentException(
            "partition " + each.partitionIndex() + " needs brokers, each once: " + replicas);
      }
      if (assignment.put(each.partitionIndex(), replicas) != null) {
        throw new InvalidReplicaAssignmentException(
            "partition " + each.partitionIndex() + " is assigned twice");
      }
    }
    for (int number = 0; number < assignment.size(); number++) {
      if (!assignment.containsKey(number)) {
        throw new InvalidReplicaAssignmentException(
            "partitions must be numbered from 0 without gaps: " + assignment.keySet());
      }
    }
    if (assignment.values().stream().map(List::size).distinct().count() > 1) {
      throw new InvalidReplicaAssignmentException(
          "all partitions must have the same number of replicas");
    }
    return assignment;
  }

  private static boolean led(MetadataImage image, Plan plan) {
    var known = image.partitions(plan.name());
    return known.size() == plan.assignment().size()
        && known.values().stream().allMatch(partition -> partition.leader() >= 0);
  }

  private CreatableTopicResult described(Plan plan, Uuid id) {
    CreatableTopicResult result =
        new CreatableTopicResult()
            .setName(plan.name())
            .setTopicId(id)
            .setErrorCode(Errors.NONE.code())
            .setErrorMessage(null)
            .setNumPartitions(plan.assignment().size())
            .setReplicationFactor((short) plan.assignment().get(0).size());
    TopicConfig settings = TopicConfig.of(config, plan.config());
    for (String name : TopicConfig.definition().names()) {
      ConfigDef.ConfigKey key = TopicConfig.definition().configKeys().get(name);
      boolean own = plan.config().containsKey(name);
      result
          .configs()
          .add(
              new CreatableTopicConfigs()
                  .setName(name)
                  .setValue(ConfigDef.convertToString(settings.value(name), key.type()))
                  .setReadOnly(false)
                  .setIsSensitive(false)
                  .setConfigSource(
                      (own ? ConfigSource.TOPIC_CONFIG : ConfigSource.DEFAULT_CONFIG).id()));
    }
    return result;
  }

  private static Throwable translate(String topic, Throwable error) {
    Throwable cause = Failures.cause(error);
    boolean exists =
        cause instanceof ZkException refused && refused.code() == ZkException.Code.NODE_EXISTS;
    return exists ? new TopicExistsException("Topic '" + topic + "' already exists.") : cause;
  }

  private static CreatableTopicResult refused(String topic, Throwable cause) {
    return new CreatableTopicResult()
        .setName(topic)
        .setErrorCode(Errors.forException(cause).code())
        .setErrorMessage(cause.getMessage());
  }
}
