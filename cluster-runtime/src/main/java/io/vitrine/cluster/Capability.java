package io.vitrine.cluster;

/** What a connection lets its operator do. */
public enum Capability {
  /** Start, stop, kill and restart brokers and ZooKeeper. */
  SUPERVISE,
  /** Elect leaders, create and delete topics, change settings. */
  ADMINISTER,
  /** Run the demo traffic. */
  TRAFFIC,
  /** Write records. */
  PRODUCE
}
