package io.vitrine.cluster.snapshot;

/** Where a broker is in its life. */
public enum BrokerState {
  /** Loading logs, registering. */
  STARTING,
  SERVING,
  /** In controlled shutdown. */
  STOPPING,
  STOPPED,
  /** Killed; its session may still be running out. */
  KILLED,
  /** Died of an error, see {@link BrokerView#failure()}. */
  FAILED
}
