package io.vitrine.cluster.jmx;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metric.BrokerMetrics;
import io.vitrine.cluster.metric.ClockTime;
import io.vitrine.cluster.metric.Distribution;
import io.vitrine.cluster.metric.JmxNames;
import io.vitrine.cluster.metric.MetricId;
import io.vitrine.cluster.metric.SensorBeans;
import io.vitrine.cluster.metric.Timing;
import io.vitrine.cluster.metric.TopicMeters;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.replica.Traffic;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import io.vitrine.protocol.codec.FrameMemory;
import io.vitrine.protocol.server.ProtocolServer;
import io.vitrine.protocol.server.Request;
import io.vitrine.protocol.server.RequestTimes;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.log.LogContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * All MBeans of one broker. Made when the broker knows its id, {@link #watch} when its parts are
 * there, and at the end {@link #close}. Hears events and requests on the threads they happen on.
 */
public final class BrokerBeans implements EventSink, AutoCloseable {
  private static final long TICK_MS = 1_000;

  private final LongSupplier nanoTime;
  private final BrokerMetrics metrics;
  private final Metrics sensors;
  private final TopicMeters topics;
  private final RequestMetrics requests;
  private final EventMetrics events;
  private final ReplicaTroubles replicaTroubles;
  private volatile BrokerState state = BrokerState.STARTING;
  private final Timing flushes;
  private final Distribution zooKeeperTimes;
  private volatile Runnable tickOfCoordinators = () -> {};
  private ScheduledFuture<?> ticking;

  /**
   * @param nanoTime the broker's monotonic clock
   */
  public BrokerBeans(JmxNames names, int brokerId, String clusterId, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.metrics =
        new BrokerMetrics(ManagementFactory.getPlatformMBeanServer(), names, brokerId, nanoTime);
    this.sensors =
        new Metrics(new MetricConfig(), List.of(new SensorBeans(metrics)), new ClockTime(nanoTime));
    this.topics = new TopicMeters(metrics);
    this.requests = new RequestMetrics(metrics);
    this.events = new EventMetrics(metrics);
    this.replicaTroubles = new ReplicaTroubles(metrics);
    this.flushes =
        metrics.timing(MetricId.of("kafka.log", "LogFlushStats", "LogFlushRateAndTimeMs"));
    this.zooKeeperTimes =
        metrics.distribution(
            MetricId.of("kafka.server", "ZooKeeperClientMetrics", "ZooKeeperRequestLatencyMs"));
    metrics.gauge(MetricId.of("kafka.server", "KafkaServer", "BrokerState"), () -> state.value());
    metrics.gauge(MetricId.of("kafka.server", "KafkaServer", "ClusterId"), () -> clusterId);
  }

  /** The sensors of this broker; quotas are measured by them. */
  public Metrics sensors() {
    return sensors;
  }

  /** For parts that measure themselves. */
  public BrokerMetrics metrics() {
    return metrics;
  }

  /** Counts what passes. */
  public Traffic traffic() {
    return new TopicTraffic(topics, replicaTroubles);
  }

  /** The broker has come to another state. */
  public void state(BrokerState next) {
    state = next;
  }

  /** Forces a segment to the device, and measures how long that takes. */
  public void flush(LogContext.Flush flush) throws IOException {
    long begun = nanoTime.getAsLong();
    try {
      flush.run();
    } finally {
      flushes.update(nanoTime.getAsLong() - begun);
    }
  }

  /** ZooKeeper has answered, or a wait for it was given up. */
  public void zooKeeperAnswered(long tookNanos) {
    zooKeeperTimes.update(TimeUnit.NANOSECONDS.toMillis(tookNanos));
  }

  /** Publishes what the coordinators are at; before they start. */
  public void watch(GroupCoordinator groups, TransactionCoordinator transactions) {
    CoordinatorMetrics coordinators =
        new CoordinatorMetrics(metrics, sensors, groups, transactions, nanoTime);
    tickOfCoordinators = coordinators::tick;
  }

  /** Publishes what these parts are at. */
  public void watch(
      ProtocolServer server,
      FrameMemory memory,
      ReplicaManager replicas,
      LogManager logs,
      Controller controller,
      MetadataCache metadata,
      LateTransactions late,
      ScheduledExecutorService scheduler) {
    ServerMetrics ofServer = new ServerMetrics(metrics, server, memory, nanoTime);
    ReplicaMetrics ofReplicas = new ReplicaMetrics(metrics, replicas, logs, late);
    LogMetrics ofLogs = new LogMetrics(metrics, logs);
    new ControllerMetrics(metrics, controller, metadata);
    ticking =
        scheduler.scheduleWithFixedDelay(
            () -> {
              metrics.tick();
              ofServer.tick();
              ofLogs.tick();
              tickOfCoordinators.run();
              Set<String> here = ofReplicas.tick();
              topics.retain(here);
            },
            TICK_MS,
            TICK_MS,
            TimeUnit.MILLISECONDS);
  }

  /** See {@link RequestMetrics#answering}. */
  public void answering(Request request, AbstractResponse response) {
    requests.answering(request, response);
  }

  /** See {@link RequestMetrics#completed}. */
  public void completed(Request request, RequestTimes times) {
    requests.completed(request, times);
  }

  @Override
  public void report(int brokerId, ClusterEvent event) {
    events.happened(event);
  }

  @Override
  public void close() {
    if (ticking != null) {
      ticking.cancel(false);
    }
    sensors.close();
    metrics.close();
  }
}
