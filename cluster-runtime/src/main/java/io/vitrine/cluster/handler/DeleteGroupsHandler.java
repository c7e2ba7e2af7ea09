package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;

/** Groups without members are removed, with their offsets. */
public final class DeleteGroupsHandler implements ApiHandler {
  private final GroupCoordinator groups;

  public DeleteGroupsHandler(GroupCoordinator groups) {
    this.groups = groups;
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
    groups
        .delete(request.body(DeleteGroupsRequest.class).data().groupsNames())
        .forEach(
            (id, error) ->
                response
                    .results()
                    .add(new DeletableGroupResult().setGroupId(id).setErrorCode(error.code())));
    request.respond(new DeleteGroupsResponse(response));
  }
}
