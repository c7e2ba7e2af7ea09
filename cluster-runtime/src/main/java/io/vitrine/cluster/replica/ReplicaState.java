package io.vitrine.cluster.replica;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.storage.log.PartitionLog;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;

/**
 * What the parts of one {@link Partition} share: what this broker is for it, where its records lie,
 * and the lock that guards every change. Reading takes no lock.
 */
final class ReplicaState {
  private final ReentrantLock lock = new ReentrantLock();
  private final TopicPartition topicPartition;
  private final PartitionContext context;
  private volatile ReplicaRole role = ReplicaRole.Unassigned.ROLE;
  private volatile Reassignment reassignment = Reassignment.NONE;
  private volatile PartitionLog log;
  private volatile PartitionLog futureLog;

  ReplicaState(TopicPartition topicPartition, PartitionContext context) {
    this.topicPartition = topicPartition;
    this.context = context;
  }

  TopicPartition topicPartition() {
    return topicPartition;
  }

  PartitionContext context() {
    return context;
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  ReplicaRole role() {
    return role;
  }

  /** Under the lock. */
  void role(ReplicaRole next) {
    role = next;
  }

  Reassignment reassignment() {
    return reassignment;
  }

  /** Under the lock. */
  void reassignment(Reassignment next) {
    reassignment = next;
  }

  /** Where the records lie; null before the first order and after the last. */
  PartitionLog log() {
    return log;
  }

  /** Under the lock. */
  void log(PartitionLog next) {
    log = next;
  }

  /** The log in another directory that is to take this one's place; null when it does not move. */
  PartitionLog futureLog() {
    return futureLog;
  }

  /** Under the lock. */
  void futureLog(PartitionLog next) {
    futureLog = next;
  }

  /** Not under the lock. */
  void report(ClusterEvent event) {
    context.events().report(context.brokerId(), event);
  }

  @Override
  public String toString() {
    return topicPartition + " as " + role.getClass().getSimpleName() + " in " + role.leaderEpoch();
  }
}
