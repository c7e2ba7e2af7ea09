package io.vitrine.cluster.jmx;

import io.vitrine.cluster.metric.BrokerMetrics;
import io.vitrine.cluster.metric.Meter;
import io.vitrine.cluster.metric.MetricId;
import io.vitrine.protocol.codec.FrameMemory;
import io.vitrine.protocol.server.NetworkThreadSample;
import io.vitrine.protocol.server.ProtocolServer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The server's queues, and how idle its threads are. {@link #tick} is called by one thread, about
 * once a second.
 */
final class ServerMetrics {
  private static final String NETWORK = "kafka.network";

  private final BrokerMetrics metrics;
  private final ProtocolServer server;
  private final LongSupplier nanoTime;
  private final Meter handlersIdle;
  private long lastNanos;
  private long lastBusyNanos;

  /** Of the network threads there are, by number. */
  private final Map<Integer, NetworkIdle> networkThreads = new ConcurrentHashMap<>();

  private record NetworkIdle(long cpuNanos, double share) {}

  ServerMetrics(
      BrokerMetrics metrics, ProtocolServer server, FrameMemory memory, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.server = server;
    this.nanoTime = nanoTime;
    this.lastNanos = nanoTime.getAsLong();
    this.handlersIdle =
        metrics.meter(
            MetricId.of("kafka.server", "KafkaRequestHandlerPool", "RequestHandlerAvgIdlePercent"),
            "percent",
            TimeUnit.NANOSECONDS);
    metrics.gauge(
        MetricId.of(NETWORK, "RequestChannel", "RequestQueueSize"),
        () -> server.sample().requestQueueLength());
    metrics.gauge(
        MetricId.of(NETWORK, "RequestChannel", "ResponseQueueSize"),
        () -> server.sample().responseQueueLength());
    metrics.gauge(
        MetricId.of(NETWORK, "SocketServer", "NetworkProcessorAvgIdlePercent"),
        () -> networkThreads.values().stream().mapToDouble(NetworkIdle::share).average().orElse(1));
    metrics.gauge(
        MetricId.of(NETWORK, "SocketServer", "ExpiredConnectionsKilledCount"),
        server::expiredConnections);
    metrics.gauge(
        MetricId.of(NETWORK, "SocketServer", "MemoryPoolAvailable"), memory::availableBytes);
    metrics.gauge(MetricId.of(NETWORK, "SocketServer", "MemoryPoolUsed"), memory::usedBytes);
    followNetworkThreads(0);
  }

  void tick() {
    long now = nanoTime.getAsLong();
    long passed = now - lastNanos;
    if (passed <= 0) {
      return;
    }
    int ioThreads = server.sample().ioThreads();
    long busy = server.ioBusyNanos();
    handlersIdle.mark(Math.max(0, passed - (busy - lastBusyNanos) / ioThreads));
    followNetworkThreads(passed);
    lastNanos = now;
    lastBusyNanos = busy;
  }

  /**
   * Measures the network threads there are, and forgets those that are gone.
   *
   * @param passedNanos since the last time; 0 at first
   */
  private void followNetworkThreads(long passedNanos) {
    List<NetworkThreadSample> now = server.networkThreads();
    for (NetworkThreadSample each : now) {
      NetworkIdle last = networkThreads.get(each.index());
      double share =
          last == null || passedNanos == 0
              ? 1
              : Math.min(
                  1, Math.max(0, 1 - (double) (each.cpuNanos() - last.cpuNanos()) / passedNanos));
      if (networkThreads.put(each.index(), new NetworkIdle(each.cpuNanos(), share)) == null) {
        publish(each.index());
      }
    }
    Set<Integer> gone = new HashSet<>(networkThreads.keySet());
    now.forEach(each -> gone.remove(each.index()));
    for (int index : gone) {
      metrics.remove(responseQueue(index));
      metrics.remove(idlePercent(index));
      networkThreads.remove(index);
    }
  }

  private void publish(int index) {
    metrics.gauge(responseQueue(index), () -> responseQueueLength(index));
    metrics.gauge(
        idlePercent(index),
        () -> {
          NetworkIdle idle = networkThreads.get(index);
          return idle == null ? 0.0 : idle.share();
        });
  }

  private int responseQueueLength(int index) {
    return server.networkThreads().stream()
        .filter(each -> each.index() == index)
        .mapToInt(NetworkThreadSample::responseQueueLength)
        .sum();
  }

  private static MetricId responseQueue(int index) {
    return MetricId.of(NETWORK, "RequestChannel", "ResponseQueueSize")
        .tag("processor", Integer.toString(index));
  }

  private static MetricId idlePercent(int index) {
    return MetricId.of(NETWORK, "Processor", "IdlePercent")
        .tag("networkProcessor", Integer.toString(index));
  }
}
