package io.vitrine.cluster.broker;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.SessionListener;

/**
 * Reports the life of a broker's ZooKeeper session and passes on what the broker must act on.
 *
 * <p>Called by the session's thread, one call after another; holds the id of the session last
 * reported.
 */
final class SessionEvents implements SessionListener {
  /** What a broker does about its session; must only hand over. */
  interface Owner {
    void sessionExpired();

    void sessionRenewed();
  }

  private final EventSink events;
  private volatile int brokerId = EventSink.NO_BROKER;
  private volatile Owner owner;
  private volatile long sessionId;
  private volatile int timeoutMs;
  private volatile boolean connected;

  SessionEvents(EventSink events) {
    this.events = events;
  }

  /** The first session is there, and whose it is has been decided. */
  void established(int ownerId, long id, int negotiatedTimeoutMs) {
    brokerId = ownerId;
    connected = true;
    sessionId = id;
    timeoutMs = negotiatedTimeoutMs;
    report(new ClusterEvent.SessionEstablished(id, negotiatedTimeoutMs));
  }

  /** From now on the owner hears of the session. */
  void owner(Owner next) {
    owner = next;
  }

  int timeoutMs() {
    return timeoutMs;
  }

  /** Whether ZooKeeper can be reached, as far as known. */
  boolean connected() {
    return connected;
  }

  /** The broker ended the session itself. */
  void closed() {
    report(new ClusterEvent.SessionClosed(sessionId));
  }

  @Override
  public void suspended() {
    connected = false;
    report(new ClusterEvent.SessionSuspended(sessionId, timeoutMs));
  }

  @Override
  public void resumed() {
    connected = true;
    report(new ClusterEvent.SessionResumed(sessionId));
  }

  @Override
  public void expired() {
    connected = false;
    report(new ClusterEvent.SessionExpired(sessionId));
    if (owner != null) {
      owner.sessionExpired();
    }
  }

  @Override
  public void renewed(long newSessionId) {
    established(brokerId, newSessionId, timeoutMs);
    if (owner != null) {
      owner.sessionRenewed();
    }
  }

  private void report(ClusterEvent event) {
    events.report(brokerId, event);
  }
}
