package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.protocol.server.Request;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiVersionsResponse;

/**
 * Tells clients what this broker speaks: exactly the ranges its handlers declare.
 *
 * <p>Left out against Kafka: APIs without a handler are not listed, which clients read as "too old
 * for it". Requests in unknown versions and with illegal client names are answered by the server
 * before they get here.
 */
public final class ApiVersionsHandler implements ApiHandler {
  /** The version of {@code /feature} is told where there are features. */
  private static final long NO_FEATURES = -1;

  private final Map<Short, ApiHandler> handlers = new TreeMap<>();
  private final InterBrokerProtocol protocol;

  /**
   * @param others all other handlers of the broker; this one adds itself
   * @param protocol APIs that want a newer record format than its are not told
   */
  public ApiVersionsHandler(Collection<? extends ApiHandler> others, InterBrokerProtocol protocol) {
    this.protocol = protocol;
    others.forEach(handler -> handlers.put(handler.api().id, handler));
    handlers.put(api().id, this);
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.API_VERSIONS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 4;
  }

  @Override
  public void handle(Request request) {
    ApiVersionCollection versions = new ApiVersionCollection(handlers.size());
    for (ApiHandler handler : handlers.values()) {
      if (handler.api().minRequiredInterBrokerMagic <= protocol.recordMagic()) {
        versions.add(
            new ApiVersion()
                .setApiKey(handler.api().id)
                .setMinVersion(handler.minVersion())
                .setMaxVersion(handler.maxVersion()));
      }
    }
    // A ZooKeeper-mode broker finalizes no features; Kafka answers epoch 0 then.
    request.respond(
        new ApiVersionsResponse(
            new ApiVersionsResponseData()
                .setApiKeys(versions)
                .setFinalizedFeaturesEpoch(protocol.hasFeatures() ? 0 : NO_FEATURES)));
  }
}
