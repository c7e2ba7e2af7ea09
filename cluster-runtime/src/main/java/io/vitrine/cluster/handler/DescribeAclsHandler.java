package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeAclsRequest;
import org.apache.kafka.common.requests.DescribeAclsResponse;

/** The ACLs a filter lets through, as this broker knows them; 54 without an authorizer. */
public final class DescribeAclsHandler implements ApiHandler {
  private final Authorizer authorizer;

  public DescribeAclsHandler(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_ACLS;
  }

  @Override
  public short minVersion() {
    return ApiKeys.DESCRIBE_ACLS.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.DESCRIBE_ACLS.latestVersion();
  }

  @Override
  public void handle(Request request) {
    DescribeAclsRequest body = request.body(DescribeAclsRequest.class);
    DescribeAclsResponseData data = new DescribeAclsResponseData();
    authorizer
        .plugin()
        .ifPresentOrElse(
            plugin ->
                data.setResources(DescribeAclsResponse.aclsResources(plugin.acls(body.filter()))),
            () ->
                data.setErrorCode(Errors.SECURITY_DISABLED.code())
                    .setErrorMessage("No Authorizer is configured on the broker"));
    request.respond(new DescribeAclsResponse(data, request.apiVersion()));
  }
}
