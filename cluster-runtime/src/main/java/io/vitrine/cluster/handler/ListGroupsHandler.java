package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.protocol.server.Request;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;

/** The groups coordinated by this broker, all or those in some states and of some types. */
public final class ListGroupsHandler implements ApiHandler {
  private final GroupCoordinator groups;

  public ListGroupsHandler(GroupCoordinator groups) {
    this.groups = groups;
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
    request.respond(
        new ListGroupsResponse(
            groups.list(lowerCase(body.statesFilter()), lowerCase(body.typesFilter()))));
  }

  private static Set<String> lowerCase(List<String> filter) {
    return filter == null
        ? Set.of()
        : filter.stream().map(each -> each.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }
}
