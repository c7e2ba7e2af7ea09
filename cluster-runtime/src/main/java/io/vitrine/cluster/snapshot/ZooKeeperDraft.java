package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The ensemble as it becomes known, owned by the projector. */
final class ZooKeeperDraft {
  private final Map<Integer, ZooKeeperView.Member> members = new TreeMap<>();
  private ZooKeeperView.State state = ZooKeeperView.State.UNKNOWN;
  private String connectString = "";
  private int tickMs;

  ZooKeeperDraft copy() {
    ZooKeeperDraft copy = new ZooKeeperDraft();
    copy.members.putAll(members);
    copy.state = state;
    copy.connectString = connectString;
    copy.tickMs = tickMs;
    return copy;
  }

  void started(ClusterEvent.ZooKeeperStarted event) {
    connectString = event.connectString();
    tickMs = event.tickMs();
    state = stateOf(ZooKeeperView.State.RUNNING);
  }

  void stopped() {
    members.replaceAll((number, m) -> member(m, MemberRole.STOPPED, 0));
    state = ZooKeeperView.State.STOPPED;
  }

  void changed(ClusterEvent.ZooKeeperMemberChanged event) {
    ZooKeeperView.Member before = members.get(event.member());
    boolean stopped = event.role() == MemberRole.STOPPED;
    members.put(
        event.member(),
        new ZooKeeperView.Member(
            event.member(),
            event.address(),
            event.role(),
            before == null || stopped ? 0 : before.zxid()));
    state = stateOf(state);
  }

  void sampled(ClusterEvent.ZooKeeperSampled event) {
    event
        .zxids()
        .forEach(
            (number, zxid) ->
                members.computeIfPresent(
                    number,
                    (n, m) -> m.role() == MemberRole.STOPPED ? m : member(m, m.role(), zxid)));
  }

  /**
   * @param sessions brokers whose session is counted
   */
  ZooKeeperView view(int sessions) {
    return new ZooKeeperView(state, connectString, tickMs, sessions, List.copyOf(members.values()));
  }

  private static ZooKeeperView.Member member(ZooKeeperView.Member of, MemberRole role, long zxid) {
    return new ZooKeeperView.Member(of.number(), of.address(), role, zxid);
  }

  /** What the members make of it together; where nothing is known of them, what was said. */
  private ZooKeeperView.State stateOf(ZooKeeperView.State said) {
    if (members.isEmpty()) {
      return said;
    }
    boolean decided = false;
    boolean up = false;
    for (ZooKeeperView.Member member : members.values()) {
      decided |= member.role().decides();
      up |= member.role() != MemberRole.STOPPED;
    }
    if (decided) {
      return ZooKeeperView.State.RUNNING;
    }
    return up ? ZooKeeperView.State.NO_QUORUM : ZooKeeperView.State.STOPPED;
  }
}
