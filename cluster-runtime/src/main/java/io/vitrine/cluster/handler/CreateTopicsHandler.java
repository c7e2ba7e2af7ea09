package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.controller.ReplicaAssignment;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.quota.MutationBudget;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.cluster.zookeeper.ZkException;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
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
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.server.policy.CreateTopicPolicy;

/**
 * New topics: checked, assigned, written to ZooKeeper, where the controller sees them; answered
 * once this broker's metadata show a leader for every partition (M15).
 *
 * <p>Only the controller's broker does so, the others answer NOT_CONTROLLER.
 */
public final class CreateTopicsHandler implements ApiHandler {
  private static final int UNSET = -1;
  private static final short FIRST_WITH_QUOTA_ERROR = 6;

  private final Controller controller;
  private final DynamicBrokerConfig broker;
  private final ConfigEntries entries;
  private final MetadataCache metadata;
  private final TopicStore topics;
  private final MetadataWait wait;
  private final Random random;
  private final Quotas quotas;
  private final Authorizer authorizer;
  private final Optional<CreateTopicPolicy> policy;

  public CreateTopicsHandler(
      Controller controller,
      DynamicBrokerConfig broker,
      MetadataCache metadata,
      TopicStore topics,
      MetadataWait wait,
      Random random,
      Quotas quotas,
      Authorizer authorizer) {
    this.controller = controller;
    this.broker = broker;
    this.entries = new ConfigEntries(broker);
    this.metadata = metadata;
    this.topics = topics;
    this.wait = wait;
    this.random = random;
    this.quotas = quotas;
    this.authorizer = authorizer;
    this.policy = broker.current().createTopicPolicy();
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
    boolean active = controller.isActive();
    MutationBudget budget = quotas.mutations(request, FIRST_WITH_QUOTA_ERROR);
    List<CompletableFuture<CreatableTopicResult>> results = new ArrayList<>();
    Permissions permissions = active ? permissions(request, body) : Permissions.NONE;
    PartitionsAsked asked = new PartitionsAsked();
    for (CreatableTopic topic : body.topics()) {
      ApiError refusal =
          active
              ? refusal(topic, body, permissions, asked)
              : new ApiError(Errors.NOT_CONTROLLER, "");
      // Of the topic nobody may create Kafka tells nothing about its settings either.
      boolean describable =
          permissions.describe().contains(topic.name())
              || topic.name().equals(Topic.CLUSTER_METADATA_TOPIC_NAME);
      results.add(
          refusal.isFailure()
              ? CompletableFuture.completedFuture(
                  refused(topic.name(), refusal)
                      .setTopicConfigErrorCode(configError(refusal, describable)))
              : create(topic, body, budget, describable));
    }
    CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenRun(
            () -> {
              CreateTopicsResponseData response = new CreateTopicsResponseData();
              results.forEach(result -> response.topics().add(result.join()));
              quotas.answer(request, new CreateTopicsResponse(response), budget);
            });
  }

  /**
   * @param create topics the client may create
   * @param describe topics whose settings it may see
   */
  private record Permissions(Set<String> create, Set<String> describe) {
    static final Permissions NONE = new Permissions(Set.of(), Set.of());
  }

  private Permissions permissions(Request request, CreateTopicsRequestData body) {
    Set<String> names = new HashSet<>();
    body.topics().forEach(topic -> names.add(topic.name()));
    names.remove(Topic.CLUSTER_METADATA_TOPIC_NAME);
    Set<String> create =
        authorizer.authorizeCluster(request, AclOperation.CREATE, false)
            ? names
            : authorizer.authorized(request, AclOperation.CREATE, ResourceType.TOPIC, names);
    return new Permissions(
        create,
        authorizer.authorized(
            request, AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC, names, false));
  }

  /** Before a topic's creation is tried, its settings may be refused as well. */
  private static short configError(ApiError refusal, boolean describable) {
    return describable || refusal.error() == Errors.NOT_CONTROLLER
        ? Errors.NONE.code()
        : Errors.TOPIC_AUTHORIZATION_FAILED.code();
  }

  private static ApiError refusal(
      CreatableTopic topic,
      CreateTopicsRequestData request,
      Permissions permissions,
      PartitionsAsked asked) {
    if (topic.name().equals(Topic.CLUSTER_METADATA_TOPIC_NAME)) {
      return new ApiError(
          Errors.INVALID_REQUEST, "Creation of internal topic " + topic.name() + " is prohibited.");
    }
    if (request.topics().findAll(topic.name()).size() > 1) {
      return new ApiError(Errors.INVALID_REQUEST, "Found multiple entries for this topic.");
    }
    return permissions.create().contains(topic.name())
        ? asked.add(topic.numPartitions())
        : new ApiError(Errors.TOPIC_AUTHORIZATION_FAILED, "Authorization failed.");
  }

  private CompletableFuture<CreatableTopicResult> create(
      CreatableTopic topic,
      CreateTopicsRequestData request,
      MutationBudget budget,
      boolean describable) {
    return planned(topic)
        .thenCompose(
            plan ->
                request.validateOnly()
                    ? CompletableFuture.completedFuture(
                        described(plan, Uuid.ZERO_UUID, describable))
                    : written(plan, request.timeoutMs(), budget, describable))
        .exceptionally(
            error -> refused(topic.name(), ApiError.fromThrowable(translate(topic.name(), error))));
  }

  private CompletableFuture<CreatableTopicResult> written(
      Plan plan, int timeoutMs, MutationBudget budget, boolean describable) {
    budget.spend(plan.assignment().size());
    return topics
        .createTopic(plan.name(), plan.config(), plan.assignment(), plan.id())
        .thenCompose(
            done ->
                timeoutMs <= 0
                    ? CompletableFuture.completedFuture(false)
                    : wait.until(image -> led(image, plan), timeoutMs))
        .thenApply(
            known ->
                known
                    ? described(plan, plan.id().orElse(Uuid.ZERO_UUID), describable)
                    : refused(plan.name(), new ApiError(Errors.REQUEST_TIMED_OUT, null))
                        .setTopicId(plan.id().orElse(Uuid.ZERO_UUID)));
  }

  // ---- checks, in Kafka's order ----------------------------------------------------------------

  private CompletableFuture<Plan> planned(CreatableTopic topic) {
    String name = topic.name();
    Map<Integer, List<Integer>> assignment;
    try {
      MetadataImage image = metadata.image();
      if (image.contains(name)) {
        throw exists(name);
      }
      assignment = assignment(topic, image);
      Topic.validate(name);
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
    return topics
        .markedForDeletion(name)
        .thenCombine(
            topics.topics(),
            (marked, others) -> {
              checkName(name, marked, others);
              check(assignment);
              Map<String, String> settings = new HashMap<>();
              topic.configs().forEach(each -> settings.put(each.name(), each.value()));
              checkSettings(settings);
              policy.ifPresent(asked -> asked.validate(asPolicySees(topic, assignment, settings)));
              return new Plan(name, settings, assignment, newId());
            });
  }

  private void checkSettings(Map<String, String> settings) {
    try {
      TopicConfig.validate(broker.current(), settings);
    } catch (ConfigException e) {
      throw new InvalidConfigurationException(e.getMessage(), e);
    }
  }

  private static void checkName(String name, boolean marked, List<String> others) {
    if (marked) {
      throw new TopicExistsException("Topic '" + name + "' is marked for deletion.");
    }
    if (others.contains(name)) {
      throw exists(name);
    }
    List<String> colliding =
        others.stream().filter(other -> Topic.hasCollision(name, other)).toList();
    if (!colliding.isEmpty()) {
      throw new InvalidTopicException(
          "Topic '" + name + "' collides with existing topics: " + String.join(", ", colliding));
    }
  }

  private Optional<Uuid> newId() {
    return broker.current().interBrokerProtocol().hasTopicIds()
        ? Optional.of(Uuid.randomUuid())
        : Optional.empty();
  }

  private Map<Integer, List<Integer>> assignment(CreatableTopic topic, MetadataImage image) {
    List<String> withoutValue =
        topic.configs().stream()
            .filter(each -> each.value() == null)
            .map(CreatableTopicConfig::name)
            .toList();
    if (!withoutValue.isEmpty()) {
      throw new InvalidConfigurationException(
          "Null value not supported for topic configs: " + String.join(",", withoutValue));
    }
    boolean counted = topic.numPartitions() != UNSET || topic.replicationFactor() != UNSET;
    if (!topic.assignments().isEmpty()) {
      if (counted) {
        throw new InvalidRequestException(
            "Both numPartitions or replicationFactor and replicasAssignments were set. Both cannot"
                + " be used at the same time.");
      }
      Map<Integer, List<Integer>> given = new TreeMap<>();
      topic
          .assignments()
          .forEach(each -> given.put(each.partitionIndex(), List.copyOf(each.brokerIds())));
      return given;
    }
    Map<Integer, Optional<String>> racks = new TreeMap<>();
    image.aliveBrokers().forEach((id, broker) -> racks.put(id, broker.rack()));
    return ReplicaAssignment.spread(
        racks,
        topic.numPartitions() == UNSET ? broker.current().numPartitions() : topic.numPartitions(),
        topic.replicationFactor() == UNSET
            ? broker.current().defaultReplicationFactor()
            : topic.replicationFactor(),
        random);
  }

  /** Brokers nobody knows are allowed, as Kafka allows them: they may come. */
  private static void check(Map<Integer, List<Integer>> assignment) {
    if (assignment.values().stream().map(List::size).distinct().count() > 1) {
      throw new InvalidReplicaAssignmentException(
          "All partitions should have the same number of replicas");
    }
    for (List<Integer> replicas : assignment.values()) {
      if (replicas.isEmpty() || new HashSet<>(replicas).size() != replicas.size()) {
        throw new InvalidReplicaAssignmentException(
            "Duplicate replica assignment found, or none: " + assignment);
      }
    }
    for (int number = 0; number < assignment.size(); number++) {
      if (!assignment.containsKey(number)) {
        throw new InvalidReplicaAssignmentException(
            "partitions should be a consecutive 0-based integer sequence");
      }
    }
  }

  /** A policy is told either the counts or the replicas, as the client gave them. */
  private static CreateTopicPolicy.RequestMetadata asPolicySees(
      CreatableTopic topic, Map<Integer, List<Integer>> assignment, Map<String, String> settings) {
    boolean given = !topic.assignments().isEmpty();
    return new CreateTopicPolicy.RequestMetadata(
        topic.name(),
        given ? null : assignment.size(),
        given ? null : (short) assignment.get(0).size(),
        given ? assignment : null,
        settings);
  }

  private static boolean led(MetadataImage image, Plan plan) {
    var known = image.partitions(plan.name());
    return known.size() == plan.assignment().size()
        && known.values().stream().allMatch(partition -> partition.leader() >= 0);
  }

  private CreatableTopicResult described(Plan plan, Uuid id, boolean describable) {
    CreatableTopicResult result =
        new CreatableTopicResult()
            .setName(plan.name())
            .setTopicId(id)
            .setErrorCode(Errors.NONE.code())
            .setErrorMessage(null);
    if (!describable) {
      return result.setTopicConfigErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    }
    result
        .setNumPartitions(plan.assignment().size())
        .setReplicationFactor((short) plan.assignment().get(0).size());
    TopicConfig settings = TopicConfig.of(broker.current(), plan.config());
    for (String name : ConfigEntries.names(settings)) {
      DescribeConfigsResourceResult entry = entries.ofTopic(name, settings);
      result
          .configs()
          .add(
              new CreatableTopicConfigs()
                  .setName(name)
                  .setValue(entry.value())
                  .setReadOnly(entry.readOnly())
                  .setIsSensitive(entry.isSensitive())
                  .setConfigSource(entry.configSource()));
    }
    return result;
  }

  private static Throwable translate(String topic, Throwable error) {
    Throwable cause = Failures.cause(error);
    boolean exists =
        cause instanceof ZkException refused && refused.code() == ZkException.Code.NODE_EXISTS;
    return exists ? exists(topic) : cause;
  }

  private static TopicExistsException exists(String topic) {
    return new TopicExistsException("Topic '" + topic + "' already exists.");
  }

  private static CreatableTopicResult refused(String topic, ApiError why) {
    return new CreatableTopicResult()
        .setName(topic)
        .setErrorCode(why.error().code())
        .setErrorMessage(why.message());
  }
}
