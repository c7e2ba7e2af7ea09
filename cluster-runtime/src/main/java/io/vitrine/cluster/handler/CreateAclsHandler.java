package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.security.RequestContext;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreateAclsRequest;
import org.apache.kafka.common.requests.CreateAclsResponse;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.server.authorizer.AclCreateResult;

/** Makes ACLs; each has a result of its own. 54 without an authorizer. */
public final class CreateAclsHandler implements ApiHandler {
  private final Authorizer authorizer;

  public CreateAclsHandler(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.CREATE_ACLS;
  }

  @Override
  public short minVersion() {
    return ApiKeys.CREATE_ACLS.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.CREATE_ACLS.latestVersion();
  }

  @Override
  public void handle(Request request) {
    CreateAclsRequest body = request.body(CreateAclsRequest.class);
    if (authorizer.plugin().isEmpty()) {
      request.respond(
          body.getErrorResponse(0, new SecurityDisabledException("No Authorizer is configured.")));
      return;
    }
    List<CompletableFuture<AclCreateResult>> results = new ArrayList<>();
    List<AclBinding> valid = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (var creation : body.aclCreations()) {
      AclBinding binding = CreateAclsRequest.aclBinding(creation);
      InvalidRequestException refusal = refusal(binding);
      if (refusal == null) {
        places.add(results.size());
        valid.add(binding);
        results.add(null);
      } else {
        results.add(CompletableFuture.completedFuture(new AclCreateResult(refusal)));
      }
    }
    var created = authorizer.plugin().get().createAcls(new RequestContext(request), valid);
    for (int i = 0; i < places.size(); i++) {
      results.set(
          places.get(i), created.get(i).<AclCreateResult>thenApply(r -> r).toCompletableFuture());
    }
    CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .whenComplete((done, error) -> request.respond(response(results)));
    request.parked();
  }

  private static InvalidRequestException refusal(AclBinding binding) {
    String name = binding.pattern().name();
    if (binding.pattern().resourceType() == ResourceType.CLUSTER
        && !name.equals(Resource.CLUSTER_NAME)) {
      return new InvalidRequestException(
          "The only valid name for the CLUSTER resource is " + Resource.CLUSTER_NAME);
    }
    return name.isEmpty() ? new InvalidRequestException("Invalid empty resource name") : null;
  }

  private static CreateAclsResponse response(List<CompletableFuture<AclCreateResult>> results) {
    CreateAclsResponseData data = new CreateAclsResponseData();
    for (CompletableFuture<AclCreateResult> each : results) {
      AclCreationResult result = new AclCreationResult();
      each.handle((made, error) -> error == null ? made.exception().orElse(null) : error)
          .thenAccept(
              failure -> {
                if (failure != null) {
                  ApiError error = ApiError.fromThrowable(failure);
                  result.setErrorCode(error.error().code()).setErrorMessage(error.message());
                }
              });
      data.results().add(result);
    }
    return new CreateAclsResponse(data);
  }
}
