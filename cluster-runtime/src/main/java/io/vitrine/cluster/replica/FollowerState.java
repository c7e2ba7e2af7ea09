package io.vitrine.cluster.replica;

import java.util.List;

/** This broker copies the partition from its leader. Immutable. */
record FollowerState(int leader, int leaderEpoch, int partitionEpoch, List<Integer> replicas)
    implements ReplicaRole {
  FollowerState {
    replicas = List.copyOf(replicas);
  }
}
