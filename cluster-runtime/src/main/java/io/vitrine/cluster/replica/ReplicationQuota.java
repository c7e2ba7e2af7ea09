package io.vitrine.cluster.replica;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.SimpleRate;

/**
 * How fast some replicas may be copied in one direction (KIP-73): a bound in bytes a second, the
 * partitions it holds for, and the rate measured over a window as Kafka measures it.
 *
 * <p>Nothing is held back here: what was copied is counted, and whoever copies asks beforehand
 * whether the rate is above the bound. Safe from any thread.
 */
public final class ReplicationQuota {
  private final LongSupplier nowMs;
  private final MetricConfig window;
  private final SimpleRate rate = new SimpleRate();
  private final Map<String, Throttled> throttled = new ConcurrentHashMap<>();
  private volatile long bytesPerSecond = Long.MAX_VALUE;

  /**
   * Which partitions of a topic.
   *
   * @param all whatever the numbers are
   */
  private record Throttled(boolean all, Set<Integer> numbers) {}

  /**
   * @param samples {@code replication.quota.window.num}
   * @param sampleSeconds {@code replication.quota.window.size.seconds}
   * @param nowMs monotonic clock in milliseconds
   */
  public ReplicationQuota(int samples, int sampleSeconds, LongSupplier nowMs) {
    this.nowMs = nowMs;
    this.window = new MetricConfig().samples(samples).timeWindow(sampleSeconds, TimeUnit.SECONDS);
  }

  /** Sets the bound; {@link Long#MAX_VALUE} is none. */
  public void limit(long newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
  }

  /** The bound holds for these partitions of a topic, instead of those before. */
  public void throttle(String topic, Set<Integer> partitions) {
    throttled.put(topic, new Throttled(false, Set.copyOf(partitions)));
  }

  /** The bound holds for all partitions of a topic. */
  public void throttleAll(String topic) {
    throttled.put(topic, new Throttled(true, Set.of()));
  }

  /** The bound holds for no partition of a topic. */
  public void release(String topic) {
    throttled.remove(topic);
  }

  /** Whether the bound holds for a partition. */
  public boolean isThrottled(TopicPartition partition) {
    Throttled of = throttled.get(partition.topic());
    return of != null && (of.all() || of.numbers().contains(partition.partition()));
  }

  /** Whether the bound holds for any partition at all. */
  public boolean throttlesAny() {
    return !throttled.isEmpty();
  }

  /** Whether more than the bound was copied lately. */
  public boolean isExceeded() {
    long bound = bytesPerSecond;
    if (bound == Long.MAX_VALUE) {
      return false;
    }
    synchronized (rate) {
      return rate.measure(window, nowMs.getAsLong()) > bound;
    }
  }

  /** Counts what was copied, whether or not the bound is kept. */
  public void record(long bytes) {
    synchronized (rate) {
      rate.record(window, bytes, nowMs.getAsLong());
    }
  }
}
