package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.security.RequestContext;
import io.vitrine.protocol.server.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DeleteAclsRequest;
import org.apache.kafka.common.requests.DeleteAclsResponse;
import org.apache.kafka.server.authorizer.AclDeleteResult;

/** Deletes what filters let through, and tells what that was. 54 without an authorizer. */
public final class DeleteAclsHandler implements ApiHandler {
  private final Authorizer authorizer;

  public DeleteAclsHandler(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DELETE_ACLS;
  }

  @Override
  public short minVersion() {
    return ApiKeys.DELETE_ACLS.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.DELETE_ACLS.latestVersion();
  }

  @Override
  public void handle(Request request) {
    DeleteAclsRequest body = request.body(DeleteAclsRequest.class);
    if (authorizer.plugin().isEmpty()) {
      request.respond(
          body.getErrorResponse(0, new SecurityDisabledException("No Authorizer is configured.")));
      return;
    }
    List<CompletableFuture<AclDeleteResult>> results =
        authorizer.plugin().get().deleteAcls(new RequestContext(request), body.filters()).stream()
            .map(
                each ->
                    each.<AclDeleteResult>thenApply(result -> result)
                        .toCompletableFuture()
                        .exceptionally(DeleteAclsHandler::failed))
            .toList();
    CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenRun(
            () ->
                request.respond(
                    new DeleteAclsResponse(
                        new DeleteAclsResponseData()
                            .setFilterResults(
                                results.stream()
                                    .map(CompletableFuture::join)
                                    .map(DeleteAclsResponse::filterResult)
                                    .toList()),
                        request.apiVersion())));
    request.parked();
  }

  private static AclDeleteResult failed(Throwable error) {
    Throwable cause = Failures.cause(error);
    return new AclDeleteResult(
        cause instanceof ApiException known ? known : new ApiException(cause));
  }
}
