package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import java.util.List;

/**
 * The ZooKeeper ensemble.
 *
 * @param sessions brokers whose session ZooKeeper still counts, as far as known
 * @param members its servers by number; empty where they are not ours
 */
public record ZooKeeperView(
    State state, String connectString, int tickMs, int sessions, List<Member> members) {
  public ZooKeeperView {
    members = List.copyOf(members);
  }

  /** Whether it answers. */
  public enum State {
    UNKNOWN,
    RUNNING,
    /** Servers run, but too few to have a leader: nothing is read or written. */
    NO_QUORUM,
    STOPPED
  }

  /**
   * One server.
   *
   * @param number from 1 on
   * @param address where clients connect
   * @param zxid the last transaction it knows of: the leader's epoch in the upper half, a counter
   *     in the lower; 0 when not known
   */
  public record Member(int number, String address, MemberRole role, long zxid) {}

  /** Nothing known. */
  public static ZooKeeperView unknown() {
    return new ZooKeeperView(State.UNKNOWN, "", 0, 0, List.of());
  }
}
