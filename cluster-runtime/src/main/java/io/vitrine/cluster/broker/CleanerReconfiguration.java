package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.BrokerReconfigurable;
import io.vitrine.storage.LogManager;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;

/**
 * How compaction works, and how long producers are remembered and deleted logs kept. A pass of the
 * cleaner under way is begun anew.
 */
record CleanerReconfiguration(LogManager logs) implements BrokerReconfigurable {
  private static final String THREADS = "log.cleaner.threads";
  private static final Set<String> ALL =
      Set.of(
          THREADS,
          "log.cleaner.dedupe.buffer.size",
          "log.cleaner.io.buffer.load.factor",
          "log.cleaner.io.buffer.size",
          "log.cleaner.io.max.bytes.per.second",
          "log.cleaner.backoff.ms",
          "message.max.bytes",
          "log.segment.delete.delay.ms",
          "producer.id.expiration.ms");

  @Override
  public boolean concerns(String name) {
    return ALL.contains(name);
  }

  @Override
  public void validate(BrokerConfig before, BrokerConfig after) {
    int old = (Integer) before.value(THREADS);
    int next = (Integer) after.value(THREADS);
    if (next < 1) {
      throw new ConfigException("Log cleaner threads should be at least 1");
    }
    if (next < old / 2) {
      throw new ConfigException(
          "Log cleaner threads cannot be reduced to less than half the current value " + old);
    }
    if (next > old * 2L) {
      throw new ConfigException(
          "Log cleaner threads cannot be increased to more than double the current value " + old);
    }
  }

  @Override
  public void reconfigure(BrokerConfig before, BrokerConfig after) {
    logs.reconfigure(after.logManagerSettings());
  }
}
