package io.vitrine.cluster.handler;

import io.vitrine.protocol.server.Request;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;

/**
 * Sets, removes, extends and shortens single settings of topics and brokers (KIP-339). See {@link
 * ConfigWriter} for what happens to them and what is left out.
 */
public final class IncrementalAlterConfigsHandler implements ApiHandler {
  private final ConfigWriter writer;

  public IncrementalAlterConfigsHandler(ConfigWriter writer) {
    this.writer = writer;
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
    Map<ConfigResource, CompletableFuture<ApiError>> results = new LinkedHashMap<>();
    for (AlterConfigsResource asked : body.resources()) {
      ConfigResource resource =
          new ConfigResource(ConfigResource.Type.forId(asked.resourceType()), asked.resourceName());
      results.put(
          resource,
          body.resources().findAll(asked.resourceType(), asked.resourceName()).size() > 1
              ? refused("Each resource must appear at most once.")
              : change(resource, asked, body.validateOnly()));
    }
    CompletableFuture.allOf(results.values().toArray(CompletableFuture[]::new))
        .thenRun(
            () -> {
              Map<ConfigResource, ApiError> errors = new LinkedHashMap<>();
              results.forEach((resource, result) -> errors.put(resource, result.join()));
              request.respond(new IncrementalAlterConfigsResponse(0, errors));
            });
  }

  private CompletableFuture<ApiError> change(
      ConfigResource resource, AlterConfigsResource asked, boolean validateOnly) {
    Set<String> names = new HashSet<>();
    for (AlterableConfig config : asked.configs()) {
      if (!names.add(config.name())) {
        return refused("Error due to duplicate config keys");
      }
    }
    return writer.change(
        resource,
        (before, definition) -> ConfigChange.apply(before, asked.configs(), definition),
        validateOnly);
  }

  private static CompletableFuture<ApiError> refused(String message) {
    return CompletableFuture.completedFuture(new ApiError(Errors.INVALID_REQUEST, message));
  }
}
