package io.vitrine.cluster.replica;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * A leader's wish for another ISR.
 *
 * @param controllerEpoch of the controller that made this broker leader
 */
record IsrChange(
    TopicPartition partition,
    Uuid topicId,
    int leaderEpoch,
    int partitionEpoch,
    int controllerEpoch,
    List<Integer> newIsr) {

  /**
   * The controller's answer.
   *
   * @param error NONE when the rest holds the state that is now in force
   */
  record Answer(Errors error, int leaderEpoch, int partitionEpoch, List<Integer> isr) {
    static Answer refused(Errors error) {
      return new Answer(error, -1, -1, List.of());
    }
  }
}
