package io.vitrine.cluster.replica;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.ReplicationThrottles;
import io.vitrine.cluster.config.ThrottledReplicas;
import io.vitrine.cluster.config.TopicConfig;
import java.util.function.LongSupplier;

/**
 * The bounds of one broker: what it sends as leader, what it fetches as follower, and what it moves
 * between its log directories. Safe from any thread.
 *
 * @param alterLogDirs holds for every replica that is moved
 */
public record ReplicationQuotas(
    ReplicationQuota leader, ReplicationQuota follower, ReplicationQuota alterLogDirs) {

  static ReplicationQuotas of(BrokerConfig config, LongSupplier nowMs) {
    int samples = config.replicationQuotaWindowNum();
    int seconds = config.replicationQuotaWindowSizeSeconds();
    return new ReplicationQuotas(
        new ReplicationQuota(samples, seconds, nowMs),
        new ReplicationQuota(samples, seconds, nowMs),
        new ReplicationQuota(
            config.alterLogDirsReplicationQuotaWindowNum(),
            config.alterLogDirsReplicationQuotaWindowSizeSeconds(),
            nowMs));
  }

  /** Takes over the bounds that are in force on this broker. */
  public void limit(ReplicationThrottles throttles) {
    leader.limit(throttles.leaderBytesPerSecond());
    follower.limit(throttles.followerBytesPerSecond());
    alterLogDirs.limit(throttles.alterLogDirsBytesPerSecond());
  }

  /** Takes over which replicas of a topic the bounds hold for, on this broker. */
  public void throttle(String topic, TopicConfig settings, int brokerId) {
    throttle(topic, settings.leaderThrottledReplicas(), brokerId, leader);
    throttle(topic, settings.followerThrottledReplicas(), brokerId, follower);
  }

  private static void throttle(
      String topic, ThrottledReplicas replicas, int brokerId, ReplicationQuota quota) {
    if (replicas.all()) {
      quota.throttleAll(topic);
    } else if (replicas.replicas().isEmpty()) {
      quota.release(topic);
    } else {
      quota.throttle(topic, replicas.on(brokerId));
    }
  }
}
