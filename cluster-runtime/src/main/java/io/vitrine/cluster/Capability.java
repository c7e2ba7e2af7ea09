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
  PRODUCE,
  /** See threads, queues and purgatories of brokers, and what goes over the wire. */
  SEE_REQUESTS,
  /** See the controller at work: its event queue, its orders, and why it elects. */
  SEE_CONTROLLER,
  /** See how far each replica is; else the leader's high watermark is all that is known. */
  SEE_REPLICAS,
  /** Read the brokers' files: they are on this machine. */
  SEE_FILES,
  /** Look into ZooKeeper. */
  SEE_ZOOKEEPER
}
