package io.vitrine.cluster.handler;

import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.api.ApiVersionRanges;
import io.vitrine.protocol.server.Request;
import io.vitrine.protocol.server.RequestHandler;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * The handlers of one broker, one an API. Immutable, safe from any thread.
 *
 * <p>Gives the server the version ranges it accepts and passes each request to its handler, unless
 * it needs a permission on the cluster which the sender does not have.
 */
public final class HandlerRegistry implements RequestHandler, ApiVersionRanges {
  private final Map<ApiKeys, ApiHandler> handlers = new EnumMap<>(ApiKeys.class);
  private final Authorizer authorizer;
  private final Quotas quotas;

  /**
   * @param handlers all handlers of the broker
   * @throws IllegalArgumentException when two handlers answer one API or a range is empty
   */
  public HandlerRegistry(
      Collection<? extends ApiHandler> handlers, Authorizer authorizer, Quotas quotas) {
    this.authorizer = authorizer;
    this.quotas = quotas;
    for (ApiHandler handler : handlers) {
      if (handler.minVersion() > handler.maxVersion()) {
        throw new IllegalArgumentException(handler.api() + " is answered in no version");
      }
      if (this.handlers.put(handler.api(), handler) != null) {
        throw new IllegalArgumentException(handler.api() + " has two handlers");
      }
    }
  }

  @Override
  public boolean supports(ApiKeys api, short version) {
    ApiHandler handler = handlers.get(api);
    return handler != null && version >= handler.minVersion() && version <= handler.maxVersion();
  }

  /**
   * Passes the request on.
   *
   * @throws IllegalArgumentException when no handler answers this API, which the server's own check
   *     against {@link #supports} rules out
   */
  @Override
  public void handle(Request request) {
    ApiHandler handler = handlers.get(request.apiKey());
    if (handler == null) {
      throw new IllegalArgumentException("no handler answers " + request.apiKey());
    }
    Optional<AclOperation> needed =
        ClusterPermissions.needed(request.apiKey(), request.apiVersion());
    if (needed.isPresent() && !authorizer.authorizeCluster(request, needed.get())) {
      request.respond(
          request.body().getErrorResponse(0, ClusterPermissions.refusal(request.apiKey())));
    } else {
      handler.handle(request);
    }
  }

  @Override
  public void answering(Request request, AbstractResponse response) {
    quotas.answering(request, response);
  }
}
