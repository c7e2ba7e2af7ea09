package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;

/** What groups are at, their members, and what each member consumes. */
public final class DescribeGroupsHandler implements ApiHandler {
  private final GroupCoordinator groups;

  public DescribeGroupsHandler(GroupCoordinator groups) {
    this.groups = groups;
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
      DescribedGroup group = groups.describe(id);
      if (body.includeAuthorizedOperations() && group.errorCode() == Errors.NONE.code()) {
        group.setAuthorizedOperations(AuthorizedOperations.GROUP);
      }
      response.groups().add(group);
    }
    request.respond(new DescribeGroupsResponse(response));
  }
}
