package io.vitrine.cluster.quota;

import io.vitrine.protocol.server.ConnectionAdmission;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.QuotaViolationException;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.Rate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections a broker takes, in all and from one address, and how fast, in all, at one
 * listener and from one address.
 *
 * <p>The listener between brokers is protected where there is another one: the broker's own limits
 * do not hold for it, so that clients cannot shut the other brokers out. Guarded by its own lock;
 * whoever waits for room is told outside of it.
 */
public final class ConnectionLimits implements ConnectionAdmission {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);
  private static final String GROUP = "socket-server-metrics";
  private static final String RATE = "connection-accept-rate";
  private static final String IP = "ip";
  private static final String LISTENER = "listener";
  private static final String DEFAULT_PATH = "ips/<default>";
  private static final String IP_SETTING = "connection_creation_rate";
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private final QuotaWindows windows;
  private final Metrics metrics;
  private final IdleSensors addresses;
  private final LongSupplier nowMs;
  private final String interBrokerListener;
  private final Sensor brokerRate;
  private final Map<String, ListenerCount> listeners = new HashMap<>();
  private final Map<InetAddress, Integer> openByIp = new HashMap<>();
  private final Map<InetAddress, Integer> rateByIp = new ConcurrentHashMap<>();
  private final Map<String, Runnable> acceptors = new LinkedHashMap<>();

  /** Listeners that have ended, as long as they have connections. */
  private final Set<String> gone = new HashSet<>();

  private Bounds bounds;
  private int open;
  private int defaultRateByIp = UNBOUNDED;

  /**
   * The limits in the broker's settings.
   *
   * @param connections {@code max.connections}
   * @param connectionsByIp {@code max.connections.per.ip}
   * @param overrides {@code max.connections.per.ip.overrides}
   * @param ratePerSecond {@code max.connection.creation.rate}
   */
  public record Bounds(
      int connections,
      int connectionsByIp,
      Map<InetAddress, Integer> overrides,
      int ratePerSecond) {
    public Bounds {
      overrides = Map.copyOf(overrides);
    }
  }

  private static final class ListenerCount {
    private final Sensor rate;
    private final Sensor throttled;
    private final Sensor throttledIps;
    private int open;
    private int most = UNBOUNDED;

    ListenerCount(Sensor rate, Sensor throttled, Sensor throttledIps) {
      this.rate = rate;
      this.throttled = throttled;
      this.throttledIps = throttledIps;
    }
  }

  /**
   * @param listenerNames of the broker
   * @param interBrokerListener which of them is {@code inter.broker.listener.name}
   * @param nowMs the clock of these metrics, in milliseconds
   */
  public ConnectionLimits(
      Bounds bounds,
      Collection<String> listenerNames,
      String interBrokerListener,
      QuotaWindows windows,
      Metrics metrics,
      LongSupplier nowMs) {
    this.bounds = bounds;
    this.interBrokerListener = interBrokerListener;
    this.windows = windows;
    this.metrics = metrics;
    this.addresses = new IdleSensors(metrics);
    this.nowMs = nowMs;
    this.brokerRate =
        rate(
            "ConnectionAcceptRate",
            metrics.metricName("broker-" + RATE, GROUP, "Connections taken a second"),
            bounds.ratePerSecond());
    listenerNames.forEach(this::listener);
  }

  // ---- limits

  /** Takes over changed settings of the broker. */
  public void limit(Bounds next) {
    synchronized (this) {
      bounds = next;
      bound(brokerMetric(), next.ratePerSecond());
    }
    tell();
  }

  /**
   * Takes over the settings of one listener, {@code max.connections} and {@code
   * max.connection.creation.rate} under its prefix.
   */
  public void limitListener(String name, int connections, int ratePerSecond) {
    synchronized (this) {
      listener(name).most = connections;
      bound(listenerMetric(name), ratePerSecond);
    }
    tell();
  }

  /**
   * Takes over what is set for an address.
   *
   * @param entityPath below {@code /config}: {@code ips/ADDRESS} or {@code ips/<default>}
   */
  public synchronized void configure(String entityPath, Map<String, String> settings) {
    String value = settings.get(IP_SETTING);
    if (entityPath.equals(DEFAULT_PATH)) {
      defaultRateByIp = value == null ? UNBOUNDED : Integer.parseInt(value);
      for (Map.Entry<MetricName, KafkaMetric> each : metrics.metrics().entrySet()) {
        MetricName name = each.getKey();
        if (name.group().equals(GROUP) && name.name().equals(RATE) && name.tags().containsKey(IP)) {
          InetAddress ip = address(name.tags().get(IP));
          each.getValue().config(windows.bounded(rateOf(ip)));
        }
      }
      return;
    }
    InetAddress ip = address(entityPath.substring(entityPath.indexOf('/') + 1));
    if (value == null) {
      rateByIp.remove(ip);
    } else {
      rateByIp.put(ip, Integer.parseInt(value));
    }
    bound(ipMetric(ip), rateOf(ip));
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text + " is no address", e);
    }
  }

  private void bound(MetricName name, int limit) {
    KafkaMetric metric = metrics.metric(name);
    if (metric != null) {
      metric.config(windows.bounded(limit));
    }
  }

  /** Forgets addresses that have been idle for long; to be called now and then. */
  public void forgetIdle() {
    addresses.forget();
  }

  // ---- connections

  @Override
  public synchronized int arrived(String name) {
    long now = nowMs.getAsLong();
    ListenerCount listener = listener(name);
    int brokerMs = isProtected(name) ? 0 : throttleMs(brokerRate, now);
    int listenerMs = Math.max(brokerMs, throttleMs(listener.rate, now));
    if (listenerMs > 0) {
      listener.throttled.record(listenerMs, now);
    }
    return listenerMs;
  }

  @Override
  public synchronized boolean hasRoom(String name) {
    ListenerCount listener = listener(name);
    return listener.open < listener.most && (isProtected(name) || open < bounds.connections());
  }

  @Override
  public synchronized boolean hasTooMany(String name) {
    return open > bounds.connections() && !isProtected(name);
  }

  @Override
  public Verdict enter(String name, InetAddress ip) {
    Verdict verdict;
    boolean tooMany;
    synchronized (this) {
      verdict = decide(name, ip);
      tooMany = verdict.taken() && open > bounds.connections();
    }
    if (tooMany) {
      tell();
    }
    return verdict;
  }

  private Verdict decide(String name, InetAddress ip) {
    int ipMs = throttleIpMs(name, ip);
    if (ipMs > 0) {
      return Verdict.closeAfter(ipMs);
    }
    int ofIp = openByIp.getOrDefault(ip, 0);
    int most = bounds.overrides().getOrDefault(ip, bounds.connectionsByIp());
    if (ofIp >= most) {
      LOG.info("listener {}: more than {} connections from {}", name, most, ip);
      return Verdict.closeAfter(0);
    }
    openByIp.put(ip, ofIp + 1);
    open++;
    listener(name).open++;
    return Verdict.TAKEN;
  }

  @Override
  public void left(String name, InetAddress ip) {
    synchronized (this) {
      openByIp.computeIfPresent(ip, (key, count) -> count == 1 ? null : count - 1);
      open--;
      listener(name).open--;
      forgetIfEmpty(name);
    }
    tell();
  }

  @Override
  public synchronized void onRoom(String name, Runnable told) {
    gone.remove(name);
    acceptors.put(name, told);
  }

  /** What it measured goes with its last connection. */
  @Override
  public synchronized void ended(String name) {
    acceptors.remove(name);
    gone.add(name);
    forgetIfEmpty(name);
  }

  private void forgetIfEmpty(String name) {
    ListenerCount listener = listeners.get(name);
    if (listener != null && listener.open == 0 && gone.remove(name)) {
      listeners.remove(name);
      metrics.removeSensor(listener.rate.name());
      metrics.removeSensor(listener.throttled.name());
      metrics.removeSensor(listener.throttledIps.name());
    }
  }

  /** There may be room again, or too many connections. */
  private void tell() {
    List<Runnable> toTell;
    synchronized (this) {
      toTell = List.copyOf(acceptors.values());
    }
    toTell.forEach(Runnable::run);
  }

  private boolean isProtected(String name) {
    return name.equals(interBrokerListener) && listeners.size() > 1;
  }

  private int rateOf(InetAddress ip) {
    return rateByIp.getOrDefault(ip, defaultRateByIp);
  }

  private int throttleIpMs(String name, InetAddress ip) {
    int limit = rateOf(ip);
    if (limit == UNBOUNDED) {
      return 0;
    }
    Sensor sensor =
        addresses.get(
            "ConnectionAcceptRate-" + ip.getHostAddress(),
            windows.bounded(limit),
            created -> created.add(ipMetric(ip), new Rate()));
    long now = nowMs.getAsLong();
    int throttleMs = throttleMs(sensor, now);
    if (throttleMs > 0) {
      // It is not taken, and so counts nowhere.
      sensor.record(-1, now, false);
      if (!isProtected(name)) {
        brokerRate.record(-1, now, false);
      }
      ListenerCount listener = listener(name);
      listener.throttledIps.record(throttleMs, now);
      listener.rate.record(-1, now, false);
    }
    return throttleMs;
  }

  private int throttleMs(Sensor sensor, long now) {
    try {
      sensor.record(1, now);
      return 0;
    } catch (QuotaViolationException e) {
      long maxMs = TimeUnit.SECONDS.toMillis(windows.sampleSeconds());
      return (int) Math.min(maxMs, ThrottleTimes.ofRate(e, now));
    }
  }

  // ---- what is measured

  private ListenerCount listener(String name) {
    return listeners.computeIfAbsent(
        name,
        key ->
            new ListenerCount(
                rate("ConnectionAcceptRate-" + key, listenerMetric(key), UNBOUNDED),
                average("", key),
                average("ip-", key)));
  }

  private Sensor rate(String sensorName, MetricName metric, int limit) {
    Sensor sensor = metrics.sensor(sensorName, windows.bounded(limit));
    sensor.add(metric, new Rate());
    return sensor;
  }

  private Sensor average(String prefix, String listener) {
    Sensor sensor = metrics.sensor(prefix + "ConnectionRateThrottleTime-" + listener);
    sensor.add(
        metrics.metricName(
            prefix + "connection-accept-throttle-time",
            GROUP,
            "For how long connections wait on average",
            Map.of(LISTENER, listener)),
        new Avg());
    return sensor;
  }

  private MetricName brokerMetric() {
    return metrics.metricName("broker-" + RATE, GROUP);
  }

  private MetricName listenerMetric(String name) {
    return metrics.metricName(RATE, GROUP, Map.of(LISTENER, name));
  }

  private MetricName ipMetric(InetAddress ip) {
    return metrics.metricName(RATE, GROUP, Map.of(IP, ip.getHostAddress()));
  }
}
