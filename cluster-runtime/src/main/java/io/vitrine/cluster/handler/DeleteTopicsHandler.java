package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;

/**
 * Topics marked for deletion, by name or id; answered once they are gone from this broker's
 * metadata (M16). Only the controller's broker does so.
 */
public final class DeleteTopicsHandler implements ApiHandler {
  private static final short BY_ID = 6;

  private final Controller controller;
  private final BrokerConfig config;
  private final MetadataCache metadata;
  private final TopicStore topics;
  private final MetadataWait wait;

  public DeleteTopicsHandler(
      Controller controller,
      BrokerConfig config,
      MetadataCache metadata,
      TopicStore topics,
      MetadataWait wait) {
    this.controller = controller;
    this.config = config;
    this.metadata = metadata;
    this.topics = topics;
    this.wait = wait;
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
    List<CompletableFuture<DeletableTopicResult>> results = new ArrayList<>();
    if (request.apiVersion() >= BY_ID) {
      for (DeleteTopicState topic : body.data().topics()) {
        results.add(delete(topic.name(), topic.topicId(), body.data().timeoutMs()));
      }
    } else {
      for (String name : body.data().topicNames()) {
        results.add(delete(name, Uuid.ZERO_UUID, body.data().timeoutMs()));
      }
    }
    CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenRun(
            () -> {
              DeleteTopicsResponseData response = new DeleteTopicsResponseData();
              results.forEach(result -> response.responses().add(result.join()));
              request.respond(new DeleteTopicsResponse(response));
            });
  }

  private CompletableFuture<DeletableTopicResult> delete(String name, Uuid id, int timeoutMs) {
    DeletableTopicResult result = new DeletableTopicResult().setName(name).setTopicId(id);
    if (!controller.isActive()) {
      return done(result, Errors.NOT_CONTROLLER);
    }
    if (!config.deleteTopicEnable()) {
      return done(result, Errors.TOPIC_DELETION_DISABLED);
    }
    boolean byId = name == null;
    Optional<String> known =
        byId
            ? metadata.image().topicName(id)
            : Optional.of(name).filter(metadata.image()::contains);
    if (known.isEmpty()) {
      return done(result, byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
    String topic = known.get();
    result.setName(topic);
    result.setTopicId(metadata.image().topicId(topic));
    return topics
        .markForDeletion(topic)
        .thenCompose(marked -> wait.until(image -> !image.contains(topic), timeoutMs))
        .thenApply(
            gone -> result.setErrorCode((gone ? Errors.NONE : Errors.REQUEST_TIMED_OUT).code()))
        .exceptionally(
            error -> result.setErrorCode(Errors.forException(Failures.cause(error)).code()));
  }

  private static CompletableFuture<DeletableTopicResult> done(
      DeletableTopicResult result, Errors error) {
    return CompletableFuture.completedFuture(
        result.setErrorCode(error.code()).setErrorMessage(error.message()));
  }
}
