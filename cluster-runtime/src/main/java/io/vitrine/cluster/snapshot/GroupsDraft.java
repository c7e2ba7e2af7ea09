package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.GroupChanged;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.event.ClusterEvent.GroupsSampled;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The groups as their coordinators told; on the projector's thread. */
final class GroupsDraft {
  private final Map<String, GroupView> groups = new TreeMap<>();

  void changed(int coordinator, GroupChanged event, long nanos) {
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
            event.reason(),
            sameStage ? before.sinceNanos() : nanos,
            before == null ? Map.of() : before.committed()));
  }

  void sampled(int coordinator, GroupsSampled event) {
    event
        .offsets()
        .forEach(
            (id, committed) ->
                groups.computeIfPresent(
                    id,
                    (same, view) ->
                        view.coordinator() == coordinator ? view.withCommitted(committed) : view));
  }

  /** By id, ascending. */
  Map<String, GroupView> view() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(groups));
  }
}
