package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.resource.ResourceType;

/** A member joins its group; the answer waits for the rebalance. */
public final class JoinGroupHandler implements ApiHandler {
  private final GroupCoordinator groups;
  private final boolean staticMembers;
  private final Authorizer authorizer;

  /**
   * @param staticMembers whether all brokers know of them, else they are refused
   */
  public JoinGroupHandler(GroupCoordinator groups, boolean staticMembers, Authorizer authorizer) {
    this.groups = groups;
    this.staticMembers = staticMembers;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.JOIN_GROUP;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 9;
  }

  @Override
  public void handle(Request request) {
    JoinGroupRequest body = request.body(JoinGroupRequest.class);
    if (body.data().groupInstanceId() != null && !staticMembers) {
      request.respond(body.getErrorResponse(Errors.UNSUPPORTED_VERSION.exception()));
      return;
    }
    if (!authorizer.authorize(
        request, AclOperation.READ, ResourceType.GROUP, body.data().groupId())) {
      request.respond(body.getErrorResponse(Errors.GROUP_AUTHORIZATION_FAILED.exception()));
      return;
    }
    groups
        .join(
            body.data(),
            request.apiVersion(),
            request.header().clientId(),
            request.connection().remote().getAddress().toString())
        .thenAccept(answer -> request.respond(new JoinGroupResponse(answer, request.apiVersion())));
    request.parked();
  }
}
