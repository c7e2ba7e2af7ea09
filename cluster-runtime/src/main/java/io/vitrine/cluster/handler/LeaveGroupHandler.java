package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;

/** Members leave; before version 3 only the one that asks. */
public final class LeaveGroupHandler implements ApiHandler {
  private final GroupCoordinator groups;

  public LeaveGroupHandler(GroupCoordinator groups) {
    this.groups = groups;
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
    request.respond(
        new LeaveGroupResponse(groups.leave(body.normalizedData()), request.apiVersion()));
  }
}
