package io.vitrine.cluster.replica;

/** A follower of a partition this broker leads. Changed under the partition's lock, read freely. */
final class RemoteReplica {
  private final int brokerId;
  private volatile FollowerProgress progress;

  RemoteReplica(int brokerId, FollowerProgress progress) {
    this.brokerId = brokerId;
    this.progress = progress;
  }

  int brokerId() {
    return brokerId;
  }

  FollowerProgress progress() {
    return progress;
  }

  void progress(FollowerProgress now) {
    progress = now;
  }
}
