package io.vitrine.cluster.broker;

import java.time.InstantSource;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * Time and chance of one broker.
 *
 * @param wall wall clock, for timestamps that others see
 * @param nanoTime monotonic clock in nanoseconds, for durations
 * @param random for assignments and jitter
 */
public record BrokerClocks(InstantSource wall, LongSupplier nanoTime, Random random) {
  /** The machine's own clocks. */
  public static BrokerClocks system() {
    return new BrokerClocks(InstantSource.system(), System::nanoTime, new Random());
  }
}
