package io.vitrine.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.TopicConfig;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import kafka.server.QuotaType;
import kafka.server.ReplicationQuotaManager;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Quota;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.config.ReplicationQuotaManagerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Throttles say "enough" exactly when Apache Kafka's do. */
class ReplicationQuotaTest {
  private static final Map<String, String> LEAST = Map.of("zookeeper.connect", "h:1");

  private final AtomicLong nowMs = new AtomicLong(1_000_000);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theRateIsMeasuredAsKafkaMeasuresIt(long seed) {
    Random random = new Random(seed);
    ReplicationQuota ours = new ReplicationQuota(11, 1, nowMs::get);
    Time time = new HandMovedTime();
    ReplicationQuotaManager kafka =
        new ReplicationQuotaManager(
            new ReplicationQuotaManagerConfig(11, 1),
            new Metrics(time),
            QuotaType.LeaderReplication$.MODULE$,
            time);
    int exceeded = 0;
    for (int step = 0; step < 5_000; step++) {
      nowMs.addAndGet(random.nextInt(20) == 0 ? random.nextInt(15_000) : random.nextInt(400));
      if (step % 500 == 0) {
        long bound = 1_000L << random.nextInt(8);
        ours.limit(bound);
        kafka.updateQuota(Quota.upperBound(bound));
      }
      if (random.nextBoolean()) {
        long bytes = random.nextInt(20_000);
        ours.record(bytes);
        kafka.record(bytes);
      }
      assertThat(ours.isExceeded())
          .as("seed " + seed + " step " + step)
          .isEqualTo(kafka.isQuotaExceeded());
      exceeded += ours.isExceeded() ? 1 : 0;
    }
    assertThat(exceeded).isBetween(100, 4_900);
  }

  @Test
  void topicsSayWhichReplicasAreMeant() {
    ReplicationQuotas quotas = ReplicationQuotas.of(BrokerConfig.parse(LEAST), nowMs::get);
    throttle(quotas, Map.of("leader.replication.throttled.replicas", "0:1,1:2, 2:1"));
    assertThat(throttled(quotas.leader())).isEqualTo("101");
    assertThat(throttled(quotas.follower())).isEqualTo("000");
    throttle(quotas, Map.of("follower.replication.throttled.replicas", "*"));
    assertThat(throttled(quotas.leader())).isEqualTo("000");
    assertThat(throttled(quotas.follower())).isEqualTo("111");
  }

  private static void throttle(ReplicationQuotas quotas, Map<String, String> topic) {
    quotas.throttle("t", TopicConfig.of(BrokerConfig.parse(LEAST), topic), 1);
  }

  private static String throttled(ReplicationQuota quota) {
    StringBuilder found = new StringBuilder();
    for (int p = 0; p < 3; p++) {
      found.append(quota.isThrottled(new TopicPartition("t", p)) ? '1' : '0');
    }
    return found.toString();
  }

  /** Kafka's clock, moved with ours. */
  private final class HandMovedTime implements Time {
    @Override
    public long milliseconds() {
      return nowMs.get();
    }

    @Override
    public long hiResClockMs() {
      return nowMs.get();
    }

    @Override
    public long nanoseconds() {
      return nowMs.get() * 1_000_000;
    }

    @Override
    public void sleep(long ms) {
      nowMs.addAndGet(ms);
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
      throw new UnsupportedOperationException("nobody waits here");
    }
  }
}
