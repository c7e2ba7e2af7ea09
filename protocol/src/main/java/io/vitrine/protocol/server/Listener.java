package io.vitrine.protocol.server;

import io.vitrine.protocol.api.ApiVersionRanges;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all connections of one server share. Safe for any thread; the set of connections and the
 * stop flag are the only state of its own.
 */
final class Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  private final ServerSettings settings;
  private final ApiVersionRanges ranges;
  private final RequestQueue queue;
  private final RequestMeter meter;
  private final RequestObserver observer;
  private final LongSupplier nanoTime;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean readingStopped;

  Listener(
      ServerSettings settings,
      ApiVersionRanges ranges,
      RequestQueue queue,
      RequestMeter meter,
      RequestObserver observer,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.ranges = ranges;
    this.queue = queue;
    this.meter = meter;
    this.observer = observer;
    this.nanoTime = nanoTime;
  }

  ServerSettings settings() {
    return settings;
  }

  ApiVersionRanges ranges() {
    return ranges;
  }

  RequestQueue queue() {
    return queue;
  }

  RequestMeter meter() {
    return meter;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  void opened(Connection connection) {
    connections.add(connection);
    connection.channel().closeFuture().addListener(closed -> connections.remove(connection));
  }

  Set<Connection> connections() {
    return connections;
  }

  /** No connection asks for another frame from now on. */
  void stopReading() {
    readingStopped = true;
  }

  boolean readingStopped() {
    return readingStopped;
  }

  /** Counts a finished request and tells the observer, whose failure is not the connection's. */
  void completed(RequestTimes times) {
    meter.completed(times);
    try {
      observer.completed(times);
    } catch (RuntimeException e) {
      LOG.error("{} observer failed", settings.logName(), e);
    }
  }
}
