package io.vitrine.cluster.handler;

import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.ApiError;

/**
 * Replaces all settings a topic or broker has of its own by those in the request: the older way of
 * asking. See {@link ConfigWriter} for what happens to them and what is left out.
 */
public final class AlterConfigsHandler implements ApiHandler {
  private final ConfigWriter writer;

  public AlterConfigsHandler(ConfigWriter writer) {
    this.writer = writer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ALTER_CONFIGS;
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
    AlterConfigsRequestData body = request.body(AlterConfigsRequest.class).data();
    AlterConfigsResponseData answer = new AlterConfigsResponseData();
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
        .thenRun(() -> request.respond(new AlterConfigsResponse(answer)));
  }

  private CompletableFuture<ApiError> change(
      Request request, AlterConfigsRequestData body, AlterConfigsResource asked) {
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
      if (each.value() == null) {
        withoutValue.add(each.name());
      }
    }
    if (!withoutValue.isEmpty()) {
      return refused("Null value not supported for : " + String.join(", ", withoutValue));
    }
    return writer.change(
        request,
        new ConfigResource(ConfigResource.Type.forId(asked.resourceType()), asked.resourceName()),
        settings,
        (before, definition) -> settings,
        body.validateOnly());
  }

  private static CompletableFuture<ApiError> refused(String message) {
    return CompletableFuture.completedFuture(new ApiError(Errors.INVALID_REQUEST, message));
  }
}
