package io.vitrine.cluster.replica;

import java.util.Set;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrPartitionState;

/**
 * Replicas of a partition that come and go, as the controller's last order says.
 *
 * @param adding brokers that are to have one
 * @param removing brokers that are to have none any more
 */
record Reassignment(Set<Integer> adding, Set<Integer> removing) {
  static final Reassignment NONE = new Reassignment(Set.of(), Set.of());

  static Reassignment of(LeaderAndIsrPartitionState order) {
    return order.addingReplicas().isEmpty() && order.removingReplicas().isEmpty()
        ? NONE
        : new Reassignment(
            Set.copyOf(order.addingReplicas()), Set.copyOf(order.removingReplicas()));
  }

  boolean isUnderWay() {
    return this != NONE;
  }

  boolean adds(int brokerId) {
    return adding.contains(brokerId);
  }
}
