package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.quota.MutationBudget;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Topics marked for deletion, by name or id; answered once they are gone from this broker's
 * metadata (M16). Only the controller's broker does so.
 */
public final class DeleteTopicsHandler implements ApiHandler {
  /** From here on a broker may say that topics are not to be deleted. */
  private static final short DISABLED_KNOWN = 3;

  private static final short FIRST_WITH_QUOTA_ERROR = 5;

  private final Controller controller;
  private final BrokerConfig config;
  private final MetadataCache metadata;
  private final TopicStore topics;
  private final MetadataWait wait;
  private final Quotas quotas;
  private final Authorizer authorizer;

  public DeleteTopicsHandler(
      Controller controller,
      BrokerConfig config,
      MetadataCache metadata,
      TopicStore topics,
      MetadataWait wait,
      Quotas quotas,
      Authorizer authorizer) {
    this.controller = controller;
    this.config = config;
    this.metadata = metadata;
    this.topics = topics;
    this.wait = wait;
    this.quotas = quotas;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DELETE_TOPICS;
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
    DeleteTopicsRequest body = request.body(DeleteTopicsRequest.class);
    Errors refusal = refusal(request.apiVersion());
    boolean named = body.topics().stream().anyMatch(DeleteTopicsHandler::namedTwice);
    if (refusal == Errors.NONE && named) {
      request.respond(
          body.getErrorResponse(
              0,
              new InvalidRequestException("Topic name and topic ID can not both be specified.")));
      return;
    }
    MutationBudget budget = quotas.mutations(request, FIRST_WITH_QUOTA_ERROR);
    List<CompletableFuture<DeletableTopicResult>> results = new ArrayList<>();
    for (DeleteTopicState topic : body.topics()) {
      DeletableTopicResult result =
          new DeletableTopicResult().setName(topic.name()).setTopicId(topic.topicId());
      results.add(
          refusal == Errors.NONE
              ? delete(request, result, body.data().timeoutMs(), budget)
              : done(result, refusal));
    }
    CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenRun(
            () -> {
              DeleteTopicsResponseData response = new DeleteTopicsResponseData();
              results.forEach(result -> response.responses().add(result.join()));
              quotas.answer(request, new DeleteTopicsResponse(response), budget);
            });
  }

  private Errors refusal(short version) {
    if (!controller.isActive()) {
      return Errors.NOT_CONTROLLER;
    }
    if (config.deleteTopicEnable()) {
      return Errors.NONE;
    }
    return version < DISABLED_KNOWN ? Errors.INVALID_REQUEST : Errors.TOPIC_DELETION_DISABLED;
  }

  private static boolean namedTwice(DeleteTopicState topic) {
    return topic.name() != null && !topic.topicId().equals(Uuid.ZERO_UUID);
  }

  private CompletableFuture<DeletableTopicResult> delete(
      Request request, DeletableTopicResult result, int timeoutMs, MutationBudget budget) {
    boolean byId = !result.topicId().equals(Uuid.ZERO_UUID);
    if (byId) {
      metadata.image().topicName(result.topicId()).ifPresent(result::setName);
      if (result.name() == null) {
        return done(result, Errors.UNKNOWN_TOPIC_ID);
      }
    }
    String topic = result.name();
    if (byId && !authorizer.authorize(request, AclOperation.DESCRIBE, ResourceType.TOPIC, topic)) {
      // An id is no secret, its name may be.
      return done(result.setName(null), Errors.TOPIC_AUTHORIZATION_FAILED);
    }
    if (!authorizer.authorize(request, AclOperation.DELETE, ResourceType.TOPIC, topic)) {
      return done(result, Errors.TOPIC_AUTHORIZATION_FAILED);
    }
    if (!metadata.image().contains(topic)) {
      return done(result, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
    return topics
        .exists(topic)
        .thenCompose(
            there -> {
              budget.spend(metadata.image().partitions(topic).size());
              return there
                  ? marked(topic, timeoutMs)
                  : CompletableFuture.completedFuture(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            })
        .exceptionally(error -> Errors.forException(Failures.cause(error)))
        .thenApply(error -> result.setErrorCode(error.code()));
  }

  private CompletableFuture<Errors> marked(String topic, int timeoutMs) {
    return topics
        .markForDeletion(topic)
        .thenCompose(
            done ->
                timeoutMs <= 0
                    ? CompletableFuture.completedFuture(false)
                    : wait.until(image -> !image.contains(topic), timeoutMs))
        .thenApply(gone -> gone ? Errors.NONE : Errors.REQUEST_TIMED_OUT);
  }

  private static CompletableFuture<DeletableTopicResult> done(
      DeletableTopicResult result, Errors error) {
    return CompletableFuture.completedFuture(result.setErrorCode(error.code()));
  }
}
