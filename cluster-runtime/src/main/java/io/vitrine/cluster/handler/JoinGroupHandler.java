package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;

/** A member joins its group; the answer waits for the rebalance. */
public final class JoinGroupHandler implements ApiHandler {
  private final GroupCoordinator groups;
  private final boolean staticMembers;

  /**
   * @param staticMembers whether all brokers know of them, else they are refused
   */
  public JoinGroupHandler(GroupCoordinator groups, boolean staticMembers) {
    this.groups = groups;
    this.staticMembers = staticMembers;
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
