package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;
import org.apache.kafka.common.resource.ResourceType;

/** Groups without members are removed, with their offsets. */
public final class DeleteGroupsHandler implements ApiHandler {
  private final GroupCoordinator groups;
  private final Authorizer authorizer;

  public DeleteGroupsHandler(GroupCoordinator groups, Authorizer authorizer) {
    this.groups = groups;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DELETE_GROUPS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 2;
  }

  @Override
  public void handle(Request request) {
    DeleteGroupsResponseData response = new DeleteGroupsResponseData();
    List<String> asked =
        request.body(DeleteGroupsRequest.class).data().groupsNames().stream().distinct().toList();
    Set<String> deletable =
        authorizer.authorized(request, AclOperation.DELETE, ResourceType.GROUP, asked);
    groups
        .delete(asked.stream().filter(deletable::contains).toList())
        .forEach(
            (id, error) ->
                response
                    .results()
                    .add(new DeletableGroupResult().setGroupId(id).setErrorCode(error.code())));
    asked.stream()
        .filter(id -> !deletable.contains(id))
        .forEach(
            id ->
                response
                    .results()
                    .add(
                        new DeletableGroupResult()
                            .setGroupId(id)
                            .setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code())));
    request.respond(new DeleteGroupsResponse(response));
  }
}
