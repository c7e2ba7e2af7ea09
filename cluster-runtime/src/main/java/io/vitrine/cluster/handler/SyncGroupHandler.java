package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A member asks for its assignment, the leader brings all of them; the answer waits for the leader.
 * From version 5 on members say which protocol they mean.
 */
public final class SyncGroupHandler implements ApiHandler {
  private final GroupCoordinator groups;
  private final boolean staticMembers;
  private final Authorizer authorizer;

  /**
   * @param staticMembers whether all brokers know of them, else they are refused
   */
  public SyncGroupHandler(GroupCoordinator groups, boolean staticMembers, Authorizer authorizer) {
    this.groups = groups;
    this.staticMembers = staticMembers;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.SYNC_GROUP;
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
    SyncGroupRequest body = request.body(SyncGroupRequest.class);
    if (body.data().groupInstanceId() != null && !staticMembers) {
      request.respond(body.getErrorResponse(Errors.UNSUPPORTED_VERSION.exception()));
      return;
    }
    if (!body.areMandatoryProtocolTypeAndNamePresent()) {
      request.respond(body.getErrorResponse(Errors.INCONSISTENT_GROUP_PROTOCOL.exception()));
      return;
    }
    if (!authorizer.authorize(
        request, AclOperation.READ, ResourceType.GROUP, body.data().groupId())) {
      request.respond(body.getErrorResponse(Errors.GROUP_AUTHORIZATION_FAILED.exception()));
      return;
    }
    groups.sync(body.data()).thenAccept(answer -> request.respond(new SyncGroupResponse(answer)));
    request.parked();
  }
}
