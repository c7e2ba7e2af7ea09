package io.vitrine.cluster.handler;

import io.vitrine.protocol.server.Request;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
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
    AlterConfigsRequest body = request.body(AlterConfigsRequest.class);
    Map<ConfigResource, CompletableFuture<ApiError>> results = new LinkedHashMap<>();
    body.configs()
        .forEach(
            (resource, config) -> {
              Map<String, String> after = new TreeMap<>();
              for (AlterConfigsRequest.ConfigEntry entry : config.entries()) {
                if (entry.value() != null) {
                  after.put(entry.name(), entry.value());
                }
              }
              results.put(
                  resource,
                  writer.change(resource, (before, definition) -> after, body.validateOnly()));
            });
    CompletableFuture.allOf(results.values().toArray(CompletableFuture[]::new))
        .thenRun(() -> request.respond(response(results)));
  }

  private static AlterConfigsResponse response(
      Map<ConfigResource, CompletableFuture<ApiError>> results) {
    AlterConfigsResponseData data = new AlterConfigsResponseData();
    results.forEach(
        (resource, result) ->
            data.responses()
                .add(
                    new AlterConfigsResourceResponse()
                        .setErrorCode(result.join().error().code())
                        .setErrorMessage(result.join().message())
                        .setResourceName(resource.name())
                        .setResourceType(resource.type().id())));
    return new AlterConfigsResponse(data);
  }
}
