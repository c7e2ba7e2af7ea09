package io.vitrine.cluster.handler;

import io.vitrine.cluster.coordinator.InternalTopic;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Who coordinates a group or a transactional id: the leader of the partition it belongs to; from
 * version 4 on for many at once.
 *
 * <p>The internal topic is created when it is first asked for; until it has leaders the answer is
 * COORDINATOR_NOT_AVAILABLE. Share groups (version 6) have no coordinator in this release.
 */
public final class FindCoordinatorHandler implements ApiHandler {
  private static final short FIRST_WITH_MANY = 4;
  private static final short FIRST_WITH_SHARE_GROUPS = 6;

  private final Map<CoordinatorType, InternalTopic> topics;
  private final MetadataCache metadata;
  private final AutoTopicCreation creation;
  private final Quotas quotas;
  private final Authorizer authorizer;

  /**
   * @param topics in which each kind of coordinator keeps its state
   */
  public FindCoordinatorHandler(
      Map<CoordinatorType, InternalTopic> topics,
      MetadataCache metadata,
      AutoTopicCreation creation,
      Quotas quotas,
      Authorizer authorizer) {
    this.topics = Map.copyOf(topics);
    this.metadata = metadata;
    this.creation = creation;
    this.quotas = quotas;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.FIND_COORDINATOR;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 6;
  }

  @Override
  public void handle(Request request) {
    FindCoordinatorRequest body = request.body(FindCoordinatorRequest.class);
    try {
      request.respond(answer(request, body));
    } catch (InvalidRequestException e) {
      request.respond(body.getErrorResponse(e));
    }
  }

  private AbstractResponse answer(Request request, FindCoordinatorRequest body) {
    FindCoordinatorRequestData asked = body.data();
    FindCoordinatorResponseData response = new FindCoordinatorResponseData();
    if (request.apiVersion() >= FIRST_WITH_MANY) {
      for (String key : asked.coordinatorKeys()) {
        Found found = find(request, asked.keyType(), key);
        response
            .coordinators()
            .add(
                new Coordinator()
                    .setKey(key)
                    .setErrorCode(found.error().code())
                    .setNodeId(found.node().id())
                    .setHost(found.node().host())
                    .setPort(found.node().port()));
      }
      return new FindCoordinatorResponse(response);
    }
    Found found = find(request, asked.keyType(), asked.key());
    return found.error() == Errors.NONE
        ? new FindCoordinatorResponse(
            response
                .setErrorMessage(Errors.NONE.message())
                .setNodeId(found.node().id())
                .setHost(found.node().host())
                .setPort(found.node().port()))
        : body.getErrorResponse(found.error().exception());
  }

  private record Found(Errors error, Node node) {
    static Found nobody(Errors error) {
      return new Found(error, Node.noNode());
    }
  }

  /**
   * @throws InvalidRequestException for a kind of coordinator there is not
   */
  private Found find(Request request, byte keyType, String key) {
    CoordinatorType type = CoordinatorType.forId(keyType);
    if (type == CoordinatorType.GROUP
        && !authorizer.authorize(request, AclOperation.DESCRIBE, ResourceType.GROUP, key)) {
      return Found.nobody(Errors.GROUP_AUTHORIZATION_FAILED);
    }
    if (type == CoordinatorType.TRANSACTION
        && !authorizer.authorize(
            request, AclOperation.DESCRIBE, ResourceType.TRANSACTIONAL_ID, key)) {
      return Found.nobody(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    }
    if (type == CoordinatorType.SHARE && request.apiVersion() < FIRST_WITH_SHARE_GROUPS) {
      return Found.nobody(Errors.INVALID_REQUEST);
    }
    if (type == CoordinatorType.SHARE
        && !authorizer.authorizeCluster(request, AclOperation.CLUSTER_ACTION)) {
      return Found.nobody(Errors.CLUSTER_AUTHORIZATION_FAILED);
    }
    InternalTopic topic = topics.get(type);
    if (topic == null) {
      return Found.nobody(Errors.COORDINATOR_NOT_AVAILABLE);
    }
    MetadataImage image = metadata.image();
    if (!image.contains(topic.name())) {
      creation.create(Set.of(topic.name()), quotas.permissiveMutations(request));
      return Found.nobody(Errors.COORDINATOR_NOT_AVAILABLE);
    }
    Optional<Node> leader =
        image
            .partition(topic.partition(topic.partitionFor(key)))
            .flatMap(partition -> image.broker(partition.leader()))
            .flatMap(broker -> broker.node(request.connection().listenerName()));
    return leader
        .map(node -> new Found(Errors.NONE, node))
        .orElseGet(() -> Found.nobody(Errors.COORDINATOR_NOT_AVAILABLE));
  }
}
