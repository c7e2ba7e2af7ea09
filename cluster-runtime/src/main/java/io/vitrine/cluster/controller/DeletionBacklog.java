package io.vitrine.cluster.controller;

/**
 * Topics on their way out, as the controller sees them.
 *
 * @param topics marked and not gone yet
 * @param replicas of those that are not deleted yet
 * @param ineligibleTopics that have to wait, for a broker or for the end of a reassignment
 * @param ineligibleReplicas that cannot be deleted now
 */
public record DeletionBacklog(
    int topics, int replicas, int ineligibleTopics, int ineligibleReplicas) {
  static final DeletionBacklog NONE = new DeletionBacklog(0, 0, 0, 0);
}
