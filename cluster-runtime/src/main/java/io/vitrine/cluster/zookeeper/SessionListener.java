package io.vitrine.cluster.zookeeper;

/** Told of a session's life, on a thread of the session's own: only hand over. */
public interface SessionListener {
  /** The connection is lost; the session may live. */
  default void suspended() {}

  /** The connection is back with the same session. */
  default void resumed() {}

  /** The session is over; its ephemeral nodes are gone or will be. */
  default void expired() {}

  /** A new session took the place of one that expired; watches must be armed again. */
  default void renewed(long newSessionId) {}
}
