package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;

/**
 * Sets, removes, extends and shortens single settings of topics and brokers (KIP-339), see {@link
 * ConfigWriter}, and sets levels of {@link BrokerLoggers}.
 */
public final class IncrementalAlterConfigsHandler implements ApiHandler {
  private final ConfigWriter writer;
  private final BrokerLoggers loggers;
  private final Authorizer authorizer;

  public IncrementalAlterConfigsHandler(
      ConfigWriter writer, BrokerLoggers loggers, Authorizer authorizer) {
    this.writer = writer;
    this.loggers = loggers;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 1;
  }

  @Override
  public void handle(Request request) {
    IncrementalAlterConfigsRequestData body =
        request.body(IncrementalAlterConfigsRequest.class).data();
    IncrementalAlterConfigsResponseData answer = new IncrementalAlterConfigsResponseData();
    List<CompletableFuture<Void>> changes = new ArrayList<>();
    for (AlterConfigsResource asked : body.resources()) {
      AlterConfigsResourceResponse response =
          new AlterConfigsResourceResponse()
              .setResourceName(asked.resourceName())
              .setResourceType(asked.resourceType());
      answer.responses().add(response);
      changes.add(
          change(request, body, asked)
              .thenAccept(
                  error ->
                      response
                          .setErrorCode(error.error().code())
                          .setErrorMessage(error.message())));
    }
    CompletableFuture.allOf(changes.toArray(CompletableFuture[]::new))
        .thenRun(() -> request.respond(new IncrementalAlterConfigsResponse(answer)));
  }

  private CompletableFuture<ApiError> change(
      Request request, IncrementalAlterConfigsRequestData body, AlterConfigsResource asked) {
    if (body.resources().findAll(asked.resourceType(), asked.resourceName()).size() > 1) {
      return refused("Each resource must appear at most once.");
    }
    Map<String, String> settings = new TreeMap<>();
    List<String> withoutValue = new ArrayList<>();
    for (AlterableConfig each : asked.configs()) {
      if (settings.containsKey(each.name())) {
        return refused("Error due to duplicate config keys");
      }
      settings.put(each.name(), each.value());
      if (each.value() == null && each.configOperation() != OpType.DELETE.id()) {
        withoutValue.add(each.name());
      }
    }
    if (!withoutValue.isEmpty()) {
      return refused("Null value not supported for : " + String.join(", ", withoutValue));
    }
    ConfigResource.Type type = ConfigResource.Type.forId(asked.resourceType());
    return type == ConfigResource.Type.BROKER_LOGGER
        ? loggers(request, body, asked)
        : writer.change(
            request,
            new ConfigResource(type, asked.resourceName()),
            settings,
            (before, definition) -> ConfigChange.apply(before, asked.configs(), definition),
            body.validateOnly());
  }

  private CompletableFuture<ApiError> loggers(
      Request request, IncrementalAlterConfigsRequestData body, AlterConfigsResource asked) {
    if (!authorizer.authorizeCluster(request, AclOperation.ALTER_CONFIGS)) {
      return CompletableFuture.completedFuture(
          new ApiError(Errors.CLUSTER_AUTHORIZATION_FAILED, null));
    }
    try {
      loggers.change(asked.resourceName(), asked.configs(), body.validateOnly());
      return CompletableFuture.completedFuture(ApiError.NONE);
    } catch (ApiException e) {
      return CompletableFuture.completedFuture(ApiError.fromThrowable(e));
    }
  }

  private static CompletableFuture<ApiError> refused(String message) {
    return CompletableFuture.completedFuture(new ApiError(Errors.INVALID_REQUEST, message));
  }
}
