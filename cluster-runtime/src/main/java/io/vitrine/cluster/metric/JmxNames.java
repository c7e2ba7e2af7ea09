package io.vitrine.cluster.metric;

/** How the MBeans of a broker are named in the platform's MBean server. */
public enum JmxNames {
  /** As Kafka names them: for a broker that has its process to itself. */
  PLAIN,

  /** With one more key, {@code broker}, that holds its id: for brokers that share a process. */
  WITH_BROKER
}
