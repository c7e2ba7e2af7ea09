package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.resource.ResourceType;

/** Members leave; before version 3 only the one that asks. */
public final class LeaveGroupHandler implements ApiHandler {
  private final GroupCoordinator groups;
  private final Authorizer authorizer;

  public LeaveGroupHandler(GroupCoordinator groups, Authorizer authorizer) {
    this.groups = groups;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LEAVE_GROUP;
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
    LeaveGroupRequest body = request.body(LeaveGroupRequest.class);
    if (!authorizer.authorize(
        request, AclOperation.READ, ResourceType.GROUP, body.data().groupId())) {
      request.respond(body.getErrorResponse(Errors.GROUP_AUTHORIZATION_FAILED.exception()));
      return;
    }
    request.respond(
        new LeaveGroupResponse(groups.leave(body.normalizedData()), request.apiVersion()));
  }
}
