package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.GroupChanged;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.event.ClusterEvent.GroupsSampled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The groups as their coordinators told; on the projector's thread. */
final class GroupsDraft {
  private final Map<String, GroupView> groups = new TreeMap<>();

  GroupsDraft copy() {
    GroupsDraft copy = new GroupsDraft();
    copy.groups.putAll(groups);
    return copy;
  }

  int size() {
    return groups.size();
  }

  void changed(int coordinator, GroupChanged event, long nanos, long wallMs) {
    if (event.stage() == GroupStage.DEAD) {
      groups.remove(event.group());
      return;
    }
    GroupView before = groups.get(event.group());
    boolean sameStage = before != null && before.stage() == event.stage();
    groups.put(
        event.group(),
        new GroupView(
            event.group(),
            coordinator,
            event.partition(),
            event.stage(),
            event.generation(),
            event.protocolType(),
            event.protocol(),
            event.leader(),
            event.members(),
            sameStage ? before.sinceNanos() : nanos,
            before == null ? Map.of() : before.committed(),
            before == null ? -1 : before.rebalanceLeftMs(),
            before == null ? Map.of() : before.sessionsLeftMs(),
            before == null ? 0 : before.sampledNanos(),
            story(before, coordinator, event, nanos, wallMs)));
  }

  private static List<GroupView.Step> story(
      GroupView before, int coordinator, GroupChanged event, long nanos, long wallMs) {
    List<GroupView.Step> story = new ArrayList<>(before == null ? List.of() : before.story());
    story.add(
        new GroupView.Step(
            nanos,
            wallMs,
            coordinator,
            event.stage(),
            event.generation(),
            event.members().size(),
            event.cause(),
            event.culprit(),
            event.detail()));
    int over = story.size() - GroupView.STORY_LIMIT;
    return over > 0 ? story.subList(over, story.size()) : story;
  }

  void sampled(int coordinator, GroupsSampled event, long nanos) {
    event
        .groups()
        .forEach(
            (id, sample) ->
                groups.computeIfPresent(
                    id,
                    (same, view) ->
                        view.coordinator() == coordinator ? view.sampled(sample, nanos) : view));
  }

  /** By id, ascending. */
  Map<String, GroupView> view() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(groups));
  }
}
