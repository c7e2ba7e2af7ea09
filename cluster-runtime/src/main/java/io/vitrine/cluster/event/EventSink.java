package io.vitrine.cluster.event;

/**
 * Where a component reports what it just did.
 *
 * <p>Called on the component's own thread, possibly under its lock: an implementation never blocks,
 * never calls back and never throws.
 */
@FunctionalInterface
public interface EventSink {
  /** Reports an event of no particular broker, such as ZooKeeper's start. */
  int NO_BROKER = -1;

  /**
   * Takes one event.
   *
   * @param brokerId who reports it, or {@link #NO_BROKER}
   * @param event what happened
   */
  void report(int brokerId, ClusterEvent event);

  /** A sink that forgets everything, for components run alone. */
  static EventSink none() {
    return (brokerId, event) -> {};
  }
}
