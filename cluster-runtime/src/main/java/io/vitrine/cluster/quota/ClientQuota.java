package io.vitrine.cluster.quota;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.QuotaViolationException;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Rate;

/**
 * One kind of limit on clients: counts their use and tells for how long they are to be held back.
 * Costs nothing before the first limit of the kind is set, unless an operator's own code decides.
 *
 * <p>Rates are kept in sensors of the broker's {@link Metrics}, one for all clients that share it,
 * each behind its own lock; one that was not used for an hour is forgotten. Safe from any thread.
 */
public class ClientQuota {
  /** A limit that is not set: larger than any rate. */
  private static final double UNBOUNDED = Long.MAX_VALUE;

  private final QuotaType type;
  private final QuotaWindows windows;
  private final Metrics metrics;
  private final IdleSensors sensors;
  private final LongSupplier nowMs;
  private final QuotaPolicy limits;
  private final Sensor held;

  /**
   * @param nowMs the clock of these metrics, in milliseconds
   */
  ClientQuota(
      QuotaType type,
      QuotaPolicy limits,
      QuotaWindows windows,
      Metrics metrics,
      LongSupplier nowMs) {
    this.type = type;
    this.limits = limits;
    this.windows = windows;
    this.metrics = metrics;
    this.sensors = new IdleSensors(metrics);
    this.nowMs = nowMs;
    this.held = metrics.sensor(type.group() + "-delayQueue");
    held.add(
        metrics.metricName("queue-size", type.group(), "Clients that are being held back"),
        new CumulativeSum());
  }

  // ---- use

  /** Counts use and tells for how long the client is to be held back, 0 for not at all. */
  public int record(Client client, double use) {
    if (!isOn()) {
      return 0;
    }
    long now = nowMs.getAsLong();
    try {
      sensor(client).record(use, now, true);
      return 0;
    } catch (QuotaViolationException e) {
      return (int) throttleMs(e, now);
    }
  }

  /** Counts use that cannot be held against the client any more. */
  void recordOnly(Client client, double use) {
    if (isOn()) {
      sensor(client).record(use, nowMs.getAsLong(), false);
    }
  }

  /** Takes use back that did not come about. */
  public void unrecord(Client client, double use) {
    recordOnly(client, -use);
  }

  /** What a client may use at once, after a quiet window, without being held back. */
  public double mostAtOnce(Client client) {
    if (!isOn()) {
      return Double.MAX_VALUE;
    }
    return limits.of(limits.tagsOf(client).asMap()).stream()
        .map(bound -> bound * (windows.samples() - 1) * windows.sampleSeconds())
        .findFirst()
        .orElse(Double.MAX_VALUE);
  }

  /** A client is held back from now on; the result is to be run when it no longer is. */
  Runnable holding(Client client, int throttleMs) {
    throttleTimes(limits.tagsOf(client)).record(throttleMs, nowMs.getAsLong());
    held.record(1);
    return () -> held.record(-1);
  }

  /** Whether there may be a limit of this kind. */
  final boolean isOn() {
    return limits.isOn();
  }

  // ---- limits

  /** Sets a limit, for rates that are measured already as well. One thread at a time. */
  void limit(QuotaEntity entity, double bound) {
    limits.put(entity, bound);
    boundRates();
  }

  /** Takes a limit away. One thread at a time. */
  void release(QuotaEntity entity) {
    limits.remove(entity);
    boundRates();
  }

  /** The limit that holds for a client, {@link Long#MAX_VALUE} for none. */
  double limitOf(Client client) {
    return limits.of(limits.tagsOf(client).asMap()).orElse(UNBOUNDED);
  }

  /** Looks again what bounds the rates that are measured. */
  final void boundRates() {
    for (Map.Entry<MetricName, KafkaMetric> each : metrics.metrics().entrySet()) {
      MetricName name = each.getKey();
      if (name.name().equals(type.metric()) && name.group().equals(type.group())) {
        double bound = limits.of(name.tags()).orElse(UNBOUNDED);
        if (bound != each.getValue().config().quota().bound()) {
          each.getValue().config(windows.bounded(bound));
        }
      }
    }
  }

  // ---- for the kinds

  long throttleMs(QuotaViolationException violation, long now) {
    return ThrottleTimes.ofRate(violation, now);
  }

  /** Adds what is measured to the sensor of those who share it. */
  void measure(Sensor sensor, QuotaTags tags) {
    sensor.add(boundName(tags), new Rate(), bounded(tags));
  }

  final QuotaType type() {
    return type;
  }

  final MetricName boundName(QuotaTags tags) {
    return metricName(type.metric(), tags);
  }

  final MetricName metricName(String name, QuotaTags tags) {
    return metrics.metricName(name, type.group(), "Use by a user and client id", tags.asMap());
  }

  final MetricConfig bounded(QuotaTags tags) {
    return windows.bounded(limits.of(tags.asMap()).orElse(UNBOUNDED));
  }

  final QuotaWindows windows() {
    return windows;
  }

  final long now() {
    return nowMs.getAsLong();
  }

  final Sensor sensor(Client client) {
    QuotaTags tags = limits.tagsOf(client);
    Sensor found =
        sensor(
            type.group() + "-" + tags.suffix(),
            sensor -> {
              measure(sensor, tags);
              throttleTimes(tags);
            });
    if (limits.hasChanged()) {
      boundRates();
    }
    return found;
  }

  private Sensor throttleTimes(QuotaTags tags) {
    return sensor(
        type.group() + "ThrottleTime-" + tags.suffix(),
        sensor -> sensor.add(metricName("throttle-time", tags), new Avg()));
  }

  private Sensor sensor(String name, Consumer<Sensor> firstTime) {
    return sensors.get(name, null, firstTime);
  }

  /** Forgets clients that have been idle for long. */
  final void forgetIdle() {
    sensors.forget();
  }
}
