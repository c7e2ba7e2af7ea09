package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;
import org.apache.kafka.common.resource.ResourceType;

/** The groups coordinated by this broker, all or those in some states and of some types. */
public final class ListGroupsHandler implements ApiHandler {
  private final GroupCoordinator groups;
  private final Authorizer authorizer;

  public ListGroupsHandler(GroupCoordinator groups, Authorizer authorizer) {
    this.groups = groups;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_GROUPS;
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
    ListGroupsRequestData body = request.body(ListGroupsRequest.class).data();
    ListGroupsResponseData found =
        groups.list(lowerCase(body.statesFilter()), lowerCase(body.typesFilter()));
    if (!authorizer.authorizeCluster(request, AclOperation.DESCRIBE, false)) {
      Set<String> visible =
          authorizer.authorized(
              request,
              AclOperation.DESCRIBE,
              ResourceType.GROUP,
              found.groups().stream().map(ListGroupsResponseData.ListedGroup::groupId).toList(),
              false);
      found.setGroups(
          found.groups().stream().filter(group -> visible.contains(group.groupId())).toList());
    }
    request.respond(new ListGroupsResponse(found));
  }

  private static Set<String> lowerCase(List<String> filter) {
    return filter == null
        ? Set.of()
        : filter.stream().map(each -> each.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }
}
