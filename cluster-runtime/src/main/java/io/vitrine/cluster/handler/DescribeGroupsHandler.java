package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.resource.ResourceType;

/** What groups are at, their members, and what each member consumes. */
public final class DescribeGroupsHandler implements ApiHandler {
  private final GroupCoordinator groups;
  private final Authorizer authorizer;

  public DescribeGroupsHandler(GroupCoordinator groups, Authorizer authorizer) {
    this.groups = groups;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_GROUPS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 5;
  }

  @Override
  public void handle(Request request) {
    DescribeGroupsRequestData body = request.body(DescribeGroupsRequest.class).data();
    DescribeGroupsResponseData response = new DescribeGroupsResponseData();
    for (String id : body.groups()) {
      if (!authorizer.authorize(request, AclOperation.DESCRIBE, ResourceType.GROUP, id)) {
        response
            .groups()
            .add(DescribeGroupsResponse.groupError(id, Errors.GROUP_AUTHORIZATION_FAILED));
        continue;
      }
      DescribedGroup group = groups.describe(id);
      if (body.includeAuthorizedOperations() && group.errorCode() == Errors.NONE.code()) {
        group.setAuthorizedOperations(
            authorizer.authorizedOperations(request, ResourceType.GROUP, id));
      }
      response.groups().add(group);
    }
    request.respond(new DescribeGroupsResponse(response));
  }
}
