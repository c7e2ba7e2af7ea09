package io.vitrine.cluster.jmx;

import com.codahale.metrics.Meter;
import io.vitrine.cluster.metric.BrokerMetrics;
import io.vitrine.cluster.metric.MetricId;
import io.vitrine.protocol.codec.FrameMemory;
import io.vitrine.protocol.server.NetworkThreadSample;
import io.vitrine.protocol.server.ProtocolServer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The server's queues, and how idle its threads are. {@link #tick} is called by one thread, about
 * once a second.
 */
final class ServerMetrics {
  private static final String NETWORK = "kafka.network";

  private final ProtocolServer server;
  private final LongSupplier nanoTime;
  private final Meter handlersIdle;
  private long lastNanos;
  private long lastBusyNanos;
  private List<NetworkThreadSample> lastThreads;
  private volatile double[] idle;

  ServerMetrics(
      BrokerMetrics metrics, ProtocolServer server, FrameMemory memory, LongSupplier nanoTime) {
    this.server = server;
    this.nanoTime = nanoTime;
    this.lastNanos = nanoTime.getAsLong();
    this.lastThreads = server.networkThreads();
    this.idle = new double[lastThreads.size()];
    Arrays.fill(idle, 1);
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
        () -> Arrays.stream(idle).average().orElse(1));
    metrics.gauge(
        MetricId.of(NETWORK, "SocketServer", "ExpiredConnectionsKilledCount"),
        server::expiredConnections);
    metrics.gauge(
        MetricId.of(NETWORK, "SocketServer", "MemoryPoolAvailable"), memory::availableBytes);
    metrics.gauge(MetricId.of(NETWORK, "SocketServer", "MemoryPoolUsed"), memory::usedBytes);
    for (int i = 0; i < lastThreads.size(); i++) {
      int index = i;
      metrics.gauge(
          MetricId.of(NETWORK, "RequestChannel", "ResponseQueueSize")
              .tag("processor", Integer.toString(i)),
          () -> server.networkThreads().get(index).responseQueueLength());
      metrics.gauge(
          MetricId.of(NETWORK, "Processor", "IdlePercent")
              .tag("networkProcessor", Integer.toString(i)),
          () -> idle[index]);
    }
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
    List<NetworkThreadSample> threads = server.networkThreads();
    double[] next = new double[threads.size()];
    for (int i = 0; i < next.length; i++) {
      long used = threads.get(i).cpuNanos() - lastThreads.get(i).cpuNanos();
      next[i] = Math.min(1, Math.max(0, 1 - (double) used / passed));
    }
    idle = next;
    lastNanos = now;
    lastBusyNanos = busy;
    lastThreads = threads;
  }
}
