package io.vitrine.cluster.replica;

import java.util.List;
import java.util.Optional;

/**
 * This broker leads the partition in one leader epoch.
 *
 * <p>Who the followers are does not change; how far they are and the ISR do, under the partition's
 * lock. Reading needs no lock.
 */
final class LeaderState implements ReplicaRole {
  private final int brokerId;
  private final int leaderEpoch;
  private final int firstLeaderEpoch;
  private final int controllerEpoch;
  private final long epochStartOffset;
  private final List<Integer> replicas;
  private final List<RemoteReplica> followers;
  private volatile int partitionEpoch;
  private volatile IsrState isr;

  /**
   * @param firstLeaderEpoch since which this broker leads without a break
   * @param controllerEpoch of the controller that chose this leader
   * @param epochStartOffset the log's end when the epoch began
   * @param followers every replica but this broker
   */
  LeaderState(
      int brokerId,
      int leaderEpoch,
      int firstLeaderEpoch,
      int partitionEpoch,
      int controllerEpoch,
      long epochStartOffset,
      List<Integer> replicas,
      List<Integer> isr,
      List<RemoteReplica> followers) {
    this.brokerId = brokerId;
    this.leaderEpoch = leaderEpoch;
    this.firstLeaderEpoch = firstLeaderEpoch;
    this.partitionEpoch = partitionEpoch;
    this.controllerEpoch = controllerEpoch;
    this.epochStartOffset = epochStartOffset;
    this.replicas = List.copyOf(replicas);
    this.followers = List.copyOf(followers);
    this.isr = new IsrState.Committed(isr);
  }

  @Override
  public int leader() {
    return brokerId;
  }

  @Override
  public int leaderEpoch() {
    return leaderEpoch;
  }

  @Override
  public int partitionEpoch() {
    return partitionEpoch;
  }

  @Override
  public List<Integer> replicas() {
    return replicas;
  }

  /** Since which this broker leads without a break: what listeners were told. */
  int firstLeaderEpoch() {
    return firstLeaderEpoch;
  }

  int controllerEpoch() {
    return controllerEpoch;
  }

  long epochStartOffset() {
    return epochStartOffset;
  }

  IsrState isr() {
    return isr;
  }

  List<RemoteReplica> followers() {
    return followers;
  }

  Optional<RemoteReplica> follower(int id) {
    for (RemoteReplica follower : followers) {
      if (follower.brokerId() == id) {
        return Optional.of(follower);
      }
    }
    return Optional.empty();
  }

  void isr(IsrState now) {
    isr = now;
  }

  /** The controller confirmed an ISR. */
  void committed(List<Integer> members, int newPartitionEpoch) {
    isr = new IsrState.Committed(members);
    partitionEpoch = newPartitionEpoch;
  }
}
