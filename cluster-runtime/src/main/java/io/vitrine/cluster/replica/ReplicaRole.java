package io.vitrine.cluster.replica;

import java.util.List;

/** What this broker is for a partition. A new order of the controller brings a new role. */
sealed interface ReplicaRole permits ReplicaRole.Unassigned, FollowerState, LeaderState {
  /** Who leads, -1 nobody or not known. */
  int leader();

  int leaderEpoch();

  int partitionEpoch();

  /** The brokers of the partition, in assignment order. */
  List<Integer> replicas();

  /** No order has come yet, or the replica was stopped. */
  record Unassigned() implements ReplicaRole {
    static final Unassigned ROLE = new Unassigned();

    @Override
    public int leader() {
      return -1;
    }

    @Override
    public int leaderEpoch() {
      return -1;
    }

    @Override
    public int partitionEpoch() {
      return -1;
    }

    @Override
    public List<Integer> replicas() {
      return List.of();
    }
  }
}
