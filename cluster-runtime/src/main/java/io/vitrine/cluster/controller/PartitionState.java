package io.vitrine.cluster.controller;

import io.vitrine.cluster.zookeeper.PartitionStateNode;
import java.util.List;

/**
 * A partition's state as it stands in ZooKeeper.
 *
 * @param leader -1 nobody
 * @param partitionEpoch version of the state node
 */
record PartitionState(
    int leader,
    int leaderEpoch,
    List<Integer> isr,
    int partitionEpoch,
    int controllerEpoch,
    boolean recovering) {
  static final int NO_LEADER = -1;

  PartitionState {
    isr = List.copyOf(isr);
  }

  static PartitionState of(PartitionStateNode node, int version) {
    return new PartitionState(
        node.leader(),
        node.leaderEpoch(),
        node.isr(),
        version,
        node.controllerEpoch(),
        node.recovering());
  }

  PartitionStateNode toNode() {
    return new PartitionStateNode(leader, leaderEpoch, isr, controllerEpoch, recovering);
  }

  /** What this controller makes of it: another leader and ISR, always in a new leader epoch. */
  PartitionState next(int newLeader, List<Integer> newIsr, boolean nowRecovering, int byEpoch) {
    return new PartitionState(
        newLeader, leaderEpoch + 1, newIsr, partitionEpoch, byEpoch, nowRecovering);
  }

  /** What the leader made of it: another ISR in the same leader epoch. */
  PartitionState withIsr(List<Integer> newIsr, boolean nowRecovering, int byEpoch) {
    return new PartitionState(leader, leaderEpoch, newIsr, partitionEpoch, byEpoch, nowRecovering);
  }

  PartitionState written(int version) {
    return new PartitionState(leader, leaderEpoch, isr, version, controllerEpoch, recovering);
  }
}
