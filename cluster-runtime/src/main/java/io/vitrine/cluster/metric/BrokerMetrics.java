package io.vitrine.cluster.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of one broker and their MBeans, which have the attributes Kafka's have. A metric that
 * cannot be published still measures; that it is not is said in the log. Safe from any thread.
 */
public final class BrokerMetrics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerMetrics.class);
  private static final String BROKER = "broker";

  private static final Map<String, Double> PERCENTILES =
      Map.of(
          "50thPercentile", 0.5,
          "75thPercentile", 0.75,
          "95thPercentile", 0.95,
          "98thPercentile", 0.98,
          "99thPercentile", 0.99,
          "999thPercentile", 0.999);

  private final MBeanServer server;
  private final String suffix;
  private final LongSupplier nanoTime;
  private final Set<ObjectName> published = ConcurrentHashMap.newKeySet();
  private final Map<ObjectName, Meter> meters = new ConcurrentHashMap<>();

  /**
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public BrokerMetrics(MBeanServer server, JmxNames names, int brokerId, LongSupplier nanoTime) {
    this.server = server;
    this.suffix = names == JmxNames.PLAIN ? "" : "," + BROKER + "=" + brokerId;
    this.nanoTime = nanoTime;
  }

  /** The monotonic time of these metrics. */
  public long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** How often something happens, told as a rate a second. */
  public Meter meter(MetricId id, String eventType) {
    return meter(id, eventType, TimeUnit.SECONDS);
  }

  /**
   * How often something happens.
   *
   * @param eventType what, for the reader
   * @param rateUnit the time its rates are told for
   */
  public Meter meter(MetricId id, String eventType, TimeUnit rateUnit) {
    Meter meter = new Meter(nanoTime);
    publish(id, meterAttributes(meter, eventType, rateUnit));
    meters.put(objectName(id.objectName()), meter);
    return meter;
  }

  /** Moves the averages of meters on; to be called about once a second by one thread. */
  public void tick() {
    meters.values().forEach(Meter::tick);
  }

  /** How values are distributed. */
  public Distribution distribution(MetricId id) {
    Distribution distribution = new Distribution(nanoTime);
    publish(id, distributionAttributes(distribution, DoubleUnaryOperator.identity()));
    return distribution;
  }

  /** How often something happens, and how many milliseconds it takes. */
  public Timing timing(MetricId id) {
    Timing timing = new Timing(new Meter(nanoTime), new Distribution(nanoTime));
    Map<String, Supplier<?>> attributes = distributionAttributes(timing.nanos(), Timing::toMs);
    attributes.putAll(meterAttributes(timing.rate(), "calls", TimeUnit.SECONDS));
    attributes.put("LatencyUnit", () -> TimeUnit.MILLISECONDS);
    publish(id, attributes);
    meters.put(objectName(id.objectName()), timing.rate());
    return timing;
  }

  /** A value that is asked for when somebody looks. */
  public void gauge(MetricId id, Supplier<?> value) {
    publish(id, Map.of("Value", value));
  }

  /** Takes a metric's MBean away. */
  public void remove(MetricId id) {
    remove(objectName(id.objectName()));
  }

  private static Map<String, Supplier<?>> meterAttributes(
      Meter meter, String eventType, TimeUnit rateUnit) {
    double perUnit = (double) rateUnit.toNanos(1) / TimeUnit.SECONDS.toNanos(1);
    Map<String, Supplier<?>> attributes = new LinkedHashMap<>();
    attributes.put("Count", meter::count);
    attributes.put("EventType", () -> eventType);
    attributes.put("RateUnit", () -> rateUnit);
    attributes.put("MeanRate", () -> meter.meanRate() * perUnit);
    attributes.put("OneMinuteRate", () -> meter.oneMinuteRate() * perUnit);
    attributes.put("FiveMinuteRate", () -> meter.fiveMinuteRate() * perUnit);
    attributes.put("FifteenMinuteRate", () -> meter.fifteenMinuteRate() * perUnit);
    return attributes;
  }

  private static Map<String, Supplier<?>> distributionAttributes(
      Distribution values, DoubleUnaryOperator unit) {
    Map<String, Supplier<?>> attributes = new LinkedHashMap<>();
    attributes.put("Count", values::count);
    attributes.put("Min", () -> unit.applyAsDouble(values.min()));
    attributes.put("Max", () -> unit.applyAsDouble(values.max()));
    attributes.put("Mean", () -> unit.applyAsDouble(values.mean()));
    attributes.put("StdDev", () -> unit.applyAsDouble(values.deviation()));
    PERCENTILES.forEach(
        (name, quantile) ->
            attributes.put(name, () -> unit.applyAsDouble(values.percentile(quantile))));
    return attributes;
  }

  private void publish(MetricId id, Map<String, Supplier<?>> attributes) {
    publish(id.objectName(), attributes);
  }

  void publish(String name, Map<String, Supplier<?>> attributes) {
    ObjectName objectName = objectName(name);
    try {
      try {
        server.registerMBean(new Attributes(attributes), objectName);
      } catch (InstanceAlreadyExistsException ofAnotherLife) {
        remove(objectName);
        server.registerMBean(new Attributes(attributes), objectName);
      }
      published.add(objectName);
    } catch (JMException e) {
      LOG.warn("{} is not published: {}", objectName, e.toString());
    }
  }

  void remove(String name) {
    remove(objectName(name));
  }

  private void remove(ObjectName name) {
    published.remove(name);
    meters.remove(name);
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException gone) {
      LOG.debug("{} is gone already", name);
    } catch (JMException e) {
      LOG.warn("{} stays: {}", name, e.toString());
    }
  }

  private ObjectName objectName(String name) {
    try {
      return new ObjectName(name + suffix);
    } catch (JMException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  /** Takes all MBeans away. */
  @Override
  public void close() {
    published.forEach(this::remove);
  }
}
