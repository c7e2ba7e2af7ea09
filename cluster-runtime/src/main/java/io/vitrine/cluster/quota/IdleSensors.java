package io.vitrine.cluster.quota;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;

/**
 * Sensors of clients, which come without end under ever new names: one that was not used for an
 * hour is forgotten. Safe from any thread; what is recorded while a sensor is forgotten may be
 * lost.
 */
final class IdleSensors {
  private static final long FORGOTTEN_AFTER_SECONDS = TimeUnit.HOURS.toSeconds(1);

  private final Metrics metrics;
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  IdleSensors(Metrics metrics) {
    this.metrics = metrics;
  }

  /**
   * The sensor of this name.
   *
   * @param config of a new one, null for the default
   * @param firstTime told of a new one, to say what it measures
   */
  Sensor get(String name, MetricConfig config, Consumer<Sensor> firstTime) {
    Sensor known = metrics.getSensor(name);
    if (known != null && !known.hasExpired()) {
      return known;
    }
    synchronized (this) {
      known = metrics.getSensor(name);
      if (known != null && known.hasExpired()) {
        metrics.removeSensor(name);
        known = null;
      }
      if (known == null) {
        known = metrics.sensor(name, config, FORGOTTEN_AFTER_SECONDS);
        firstTime.accept(known);
        names.add(name);
      }
      return known;
    }
  }

  /** Forgets those that are idle. */
  void forget() {
    for (String name : names) {
      synchronized (this) {
        Sensor known = metrics.getSensor(name);
        if (known == null || known.hasExpired()) {
          metrics.removeSensor(name);
          names.remove(name);
        }
      }
    }
  }
}
