package io.vitrine.cluster.group;

import io.vitrine.cluster.event.ClusterEvent.GroupChanged;
import io.vitrine.cluster.event.ClusterEvent.GroupMember;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.event.EventSink;

/** Tells the journal what becomes of groups. Called under a group's lock; never blocks. */
final class GroupEvents implements GroupObserver {
  private final int brokerId;
  private final EventSink events;

  GroupEvents(int brokerId, EventSink events) {
    this.brokerId = brokerId;
    this.events = events;
  }

  @Override
  public void changed(Group group, Change change) {
    events.report(
        brokerId,
        new GroupChanged(
            group.id(),
            group.partition(),
            GroupStage.valueOf(group.state().name()),
            group.generation(),
            orEmpty(group.protocolType()),
            orEmpty(group.protocolName()),
            orEmpty(group.members().leaderId()),
            group.members().all().stream()
                .map(
                    member ->
                        new GroupMember(
                            member.id(),
                            member.instanceId().orElse(""),
                            member.clientId(),
                            member.clientHost(),
                            member.awaitsJoin(),
                            member.awaitsSync(),
                            member.sessionTimeoutMs(),
                            member.rebalanceTimeoutMs(),
                            member.assignedPartitions()))
                .toList(),
            change.cause(),
            change.member(),
            change.detail()));
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
