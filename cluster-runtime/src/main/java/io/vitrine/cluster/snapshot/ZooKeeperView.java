package io.vitrine.cluster.snapshot;

/**
 * The ZooKeeper ensemble.
 *
 * @param sessions brokers whose session ZooKeeper still counts, as far as known
 */
public record ZooKeeperView(State state, String connectString, int tickMs, int sessions) {
  /** Whether it answers. */
  public enum State {
    UNKNOWN,
    RUNNING,
    STOPPED
  }

  /** Nothing known. */
  public static ZooKeeperView unknown() {
    return new ZooKeeperView(State.UNKNOWN, "", 0, 0);
  }
}
