package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.resource.ResourceType;

/** A member is there, and hears whether it has to rejoin. */
public final class HeartbeatHandler implements ApiHandler {
  private final GroupCoordinator groups;
  private final boolean staticMembers;
  private final Authorizer authorizer;

  /**
   * @param staticMembers whether all brokers know of them, else they are refused
   */
  public HeartbeatHandler(GroupCoordinator groups, boolean staticMembers, Authorizer authorizer) {
    this.groups = groups;
    this.staticMembers = staticMembers;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.HEARTBEAT;
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
    HeartbeatRequest body = request.body(HeartbeatRequest.class);
    if (body.data().groupInstanceId() != null && !staticMembers) {
      request.respond(body.getErrorResponse(Errors.UNSUPPORTED_VERSION.exception()));
      return;
    }
    if (!authorizer.authorize(
        request, AclOperation.READ, ResourceType.GROUP, body.data().groupId())) {
      request.respond(body.getErrorResponse(Errors.GROUP_AUTHORIZATION_FAILED.exception()));
      return;
    }
    request.respond(
        new HeartbeatResponse(
            new HeartbeatResponseData().setErrorCode(groups.heartbeat(body.data()).code())));
  }
}
