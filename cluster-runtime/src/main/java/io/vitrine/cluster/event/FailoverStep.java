package io.vitrine.cluster.event;

/** What a broker does between its election as controller and its readiness, in Kafka's order. */
public enum FailoverStep {
  /** Writes {@code /feature} where it is missing or another. */
  FEATURES,
  /** Arms the watches of whoever is in office. */
  WATCHES,
  /** Deletes notifications meant for the controllers before. */
  NOTIFICATIONS,
  /** Reads the brokers that live and opens a channel to each. */
  BROKERS,
  /** Reads topics, their ids and assignments. */
  TOPICS,
  /** Reads the state of every partition. */
  STATES,
  /** Reads which topics are marked for deletion. */
  DELETIONS,
  /** Tells the brokers of each other (UpdateMetadata without partitions). */
  INTRODUCTION,
  /** Tells replicas on live brokers their state, and takes others out of every ISR. */
  REPLICAS,
  /** Elects leaders where nobody leads. */
  LEADERS,
  /** Goes on with reassignments, deletions and preferred elections that were asked for. */
  UNFINISHED
}
