package io.vitrine.cluster.snapshot;

/**
 * A broker's ZooKeeper session.
 *
 * @param id 0 when there never was one
 * @param sinceNanos monotonic time of the last change of state; a countdown runs from here
 * @param timeoutMs negotiated time-out
 */
public record SessionView(long id, State state, long sinceNanos, int timeoutMs) {
  /** What becomes of the session. */
  public enum State {
    NONE,
    CONNECTED,
    /** The client is cut off or dead; ZooKeeper ends the session when the time-out has passed. */
    RUNNING_OUT,
    EXPIRED,
    CLOSED
  }

  /** No session yet. */
  public static SessionView none() {
    return new SessionView(0, State.NONE, 0, 0);
  }

  /** Whether ZooKeeper still counts this session, as far as known. */
  public boolean alive() {
    return state == State.CONNECTED || state == State.RUNNING_OUT;
  }
}
