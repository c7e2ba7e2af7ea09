package io.vitrine.cluster.config;

import org.apache.kafka.common.config.ConfigException;

/** By how much numbers of threads may change at once (Kafka: {@code DynamicThreadPool}). Pure. */
public final class ThreadCounts {
  private ThreadCounts() {}

  /**
   * @throws ConfigException when there would be none, less than half, or more than twice as many
   */
  public static void check(String setting, int before, int after) {
    if (after == before) {
      return;
    }
    String what = "Dynamic thread count update validation failed for " + setting + "=" + after;
    if (after <= 0) {
      throw new ConfigException(what + ", value should be at least 1");
    }
    if (after < before / 2) {
      throw new ConfigException(
          what + ", value should be at least half the current value " + before);
    }
    if (after > before * 2L) {
      throw new ConfigException(
          what + ", value should not be greater than double the current value " + before);
    }
  }
}
