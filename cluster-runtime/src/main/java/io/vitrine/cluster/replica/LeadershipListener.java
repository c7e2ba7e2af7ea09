package io.vitrine.cluster.replica;

import org.apache.kafka.common.TopicPartition;

/**
 * Hears who leads what on this broker, in the order of the controller's orders. Called while the
 * next order waits: only hands over.
 */
public interface LeadershipListener {
  /** This broker leads now and did not before. */
  void gained(TopicPartition partition, int leaderEpoch);

  /**
   * This broker follows, or has no replica any more.
   *
   * @param leaderEpoch the epoch of the order, negative when it named none
   */
  void lost(TopicPartition partition, int leaderEpoch);
}
