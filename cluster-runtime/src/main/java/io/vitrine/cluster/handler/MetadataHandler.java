package io.vitrine.cluster.handler;

import io.vitrine.cluster.metadata.BrokerNode;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.metadata.PartitionMetadata;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBrokerCollection;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What this broker believes of topics, leaders and brokers, with the addresses of the listener that
 * asks.
 *
 * <p>A topic nobody knows is created when client and broker allow it; the answer waits for that and
 * says why it cannot be, or LEADER_NOT_AVAILABLE, and the client asks again. Version 0 reports
 * replicas that are away as an error of the partition, later versions list them as offline.
 */
public final class MetadataHandler implements ApiHandler {
  private static final short LEADER_ERRORS_BY_LISTENER = 6;
  private static final short TOPIC_IDS = 12;

  private final MetadataCache metadata;
  private final AutoTopicCreation autoCreation;
  private final boolean autoCreateTopics;
  private final String clusterId;
  private final Quotas quotas;
  private final Authorizer authorizer;

  /**
   * @param autoCreateTopics {@code auto.create.topics.enable}
   */
  public MetadataHandler(
      MetadataCache metadata,
      AutoTopicCreation autoCreation,
      boolean autoCreateTopics,
      String clusterId,
      Quotas quotas,
      Authorizer authorizer) {
    this.metadata = metadata;
    this.autoCreation = autoCreation;
    this.autoCreateTopics = autoCreateTopics;
    this.clusterId = clusterId;
    this.quotas = quotas;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.METADATA;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 12;
  }

  @Override
  public void handle(Request request) {
    MetadataRequest body = request.body(MetadataRequest.class);
    requireIdsOnlyWhereSpoken(body);
    MetadataImage image = metadata.image();
    String listener = request.connection().listenerName();
    MetadataResponseTopicCollection topics = new MetadataResponseTopicCollection();
    Set<String> missing = Set.of();
    if (body.isAllTopics()) {
      // Those the client may not see are passed over in silence.
      Set<String> visible =
          authorizer.authorized(
              request, AclOperation.DESCRIBE, ResourceType.TOPIC, image.topics(), false);
      image.topics().stream()
          .filter(visible::contains)
          .forEach(name -> topics.add(topic(image, name, listener, body.version())));
    } else {
      missing = addAsked(request, body, image, listener, topics);
    }
    MetadataResponseData data =
        new MetadataResponseData()
            .setBrokers(brokers(image, listener))
            .setClusterId(clusterId)
            .setControllerId(image.controllerId())
            .setTopics(topics);
    if (body.data().includeClusterAuthorizedOperations()) {
      data.setClusterAuthorizedOperations(authorizer.authorizedClusterOperations(request));
    }
    if (body.data().includeTopicAuthorizedOperations()) {
      topics.stream()
          .filter(topic -> topic.name() != null)
          .filter(topic -> topic.errorCode() != Errors.TOPIC_AUTHORIZATION_FAILED.code())
          .forEach(
              topic ->
                  topic.setTopicAuthorizedOperations(
                      authorizer.authorizedOperations(request, ResourceType.TOPIC, topic.name())));
    }
    MetadataResponse response = new MetadataResponse(data, request.apiVersion());
    if (missing.isEmpty() || !autoCreateTopics || !body.allowAutoTopicCreation()) {
      request.respond(response);
      return;
    }
    autoCreation
        .create(missing, quotas.permissiveMutations(request))
        .thenAccept(
            outcome -> {
              outcome.forEach((name, error) -> topics.find(name).setErrorCode(error.code()));
              request.respond(response);
            });
    request.parked();
  }

  private static void requireIdsOnlyWhereSpoken(MetadataRequest body) {
    if (body.isAllTopics() || body.version() >= TOPIC_IDS) {
      return;
    }
    for (MetadataRequestTopic topic : body.data().topics()) {
      if (topic.name() == null) {
        throw new InvalidRequestException(
            "Topic name can not be null for version " + body.version());
      }
      if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
        throw new InvalidRequestException(
            "Topic IDs are not supported in requests for version " + body.version());
      }
    }
  }

  /**
   * Topic ids go before names: when a request holds an id, its names are not looked at. Of a topic
   * the client may not see neither existence nor name nor id is told, beyond what it has asked
   * with.
   *
   * @return the names that could be created
   */
  private Set<String> addAsked(
      Request request,
      MetadataRequest body,
      MetadataImage image,
      String listener,
      MetadataResponseTopicCollection into) {
    Set<String> names = new LinkedHashSet<>();
    List<Uuid> ids =
        body.topicIds().stream().filter(id -> !id.equals(Uuid.ZERO_UUID)).distinct().toList();
    if (ids.isEmpty()) {
      names.addAll(body.topics());
    }
    for (Uuid id : ids) {
      image
          .topicName(id)
          .ifPresentOrElse(
              names::add,
              () ->
                  into.add(
                      new MetadataResponseTopic()
                          .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
                          .setName(null)
                          .setTopicId(id)));
    }
    Set<String> visible =
        authorizer.authorized(request, AclOperation.DESCRIBE, ResourceType.TOPIC, names);
    Set<String> unknown = new LinkedHashSet<>();
    for (String name : names) {
      if (!visible.contains(name)) {
        into.add(
            ids.isEmpty()
                ? unauthorized(name)
                : unauthorized(null)
                    .setTopicId(image.topicIds().getOrDefault(name, Uuid.ZERO_UUID)));
      } else if (image.contains(name)) {
        into.add(topic(image, name, listener, body.version()));
      } else {
        unknown.add(name);
      }
    }
    if (autoCreateTopics && body.allowAutoTopicCreation()) {
      Set<String> creatable = creatable(request, unknown);
      unknown.stream()
          .filter(name -> !creatable.contains(name))
          .forEach(name -> into.add(unauthorized(name).setIsInternal(Topic.isInternal(name))));
      unknown.retainAll(creatable);
    }
    return addUnknown(unknown, into);
  }

  private Set<String> creatable(Request request, Set<String> unknown) {
    return unknown.isEmpty() || authorizer.authorizeCluster(request, AclOperation.CREATE, false)
        ? unknown
        : authorizer.authorized(request, AclOperation.CREATE, ResourceType.TOPIC, unknown);
  }

  private static MetadataResponseTopic unauthorized(String name) {
    return new MetadataResponseTopic()
        .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
        .setName(name);
  }

  private static Set<String> addUnknown(
      Collection<String> names, MetadataResponseTopicCollection into) {
    Set<String> creatable = new LinkedHashSet<>();
    for (String name : names) {
      Errors error = Errors.UNKNOWN_TOPIC_OR_PARTITION;
      try {
        Topic.validate(name);
        creatable.add(name);
      } catch (InvalidTopicException e) {
        error = Errors.INVALID_TOPIC_EXCEPTION;
      }
      into.add(
          new MetadataResponseTopic()
              .setErrorCode(error.code())
              .setName(name)
              .setIsInternal(Topic.isInternal(name)));
    }
    return creatable;
  }

  private static MetadataResponseTopic topic(
      MetadataImage image, String name, String listener, short version) {
    List<MetadataResponsePartition> partitions = new ArrayList<>();
    image
        .partitions(name)
        .forEach(
            (number, partition) ->
                partitions.add(
                    partition(image, partition, listener, version).setPartitionIndex(number)));
    return new MetadataResponseTopic()
        .setErrorCode(Errors.NONE.code())
        .setName(name)
        .setTopicId(image.topicIds().getOrDefault(name, Uuid.ZERO_UUID))
        .setIsInternal(Topic.isInternal(name))
        .setPartitions(partitions);
  }

  private static MetadataResponsePartition partition(
      MetadataImage image, PartitionMetadata partition, String listener, short version) {
    List<Integer> replicas = reachable(image, partition.replicas(), listener, version);
    List<Integer> isr = reachable(image, partition.isr(), listener, version);
    boolean leaderReachable = node(image, partition.leader(), listener).isPresent();
    return new MetadataResponsePartition()
        .setErrorCode(error(image, partition, listener, version, replicas, isr).code())
        .setLeaderId(leaderReachable ? partition.leader() : MetadataResponse.NO_LEADER_ID)
        .setLeaderEpoch(partition.leaderEpoch())
        .setReplicaNodes(replicas)
        .setIsrNodes(isr)
        .setOfflineReplicas(partition.offlineReplicas());
  }

  private static Errors error(
      MetadataImage image,
      PartitionMetadata partition,
      String listener,
      short version,
      List<Integer> replicas,
      List<Integer> isr) {
    if (node(image, partition.leader(), listener).isEmpty()) {
      return image.isAlive(partition.leader()) && version >= LEADER_ERRORS_BY_LISTENER
          ? Errors.LISTENER_NOT_FOUND
          : Errors.LEADER_NOT_AVAILABLE;
    }
    boolean someAway =
        replicas.size() < partition.replicas().size() || isr.size() < partition.isr().size();
    return someAway ? Errors.REPLICA_NOT_AVAILABLE : Errors.NONE;
  }

  /** Version 0 leaves away what cannot be reached; later ones name every replica. */
  private static List<Integer> reachable(
      MetadataImage image, List<Integer> ids, String listener, short version) {
    return version > 0
        ? ids
        : ids.stream().filter(id -> node(image, id, listener).isPresent()).toList();
  }

  private static MetadataResponseBrokerCollection brokers(MetadataImage image, String listener) {
    MetadataResponseBrokerCollection brokers = new MetadataResponseBrokerCollection();
    for (BrokerNode broker : image.aliveBrokers().values()) {
      broker
          .node(listener)
          .ifPresent(
              node ->
                  brokers.add(
                      new MetadataResponseBroker()
                          .setNodeId(node.id())
                          .setHost(node.host())
                          .setPort(node.port())
                          .setRack(node.rack())));
    }
    return brokers;
  }

  private static Optional<Node> node(MetadataImage image, int id, String listener) {
    return image.broker(id).flatMap(broker -> broker.node(listener));
  }
}
