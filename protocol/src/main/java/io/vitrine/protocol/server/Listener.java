package io.vitrine.protocol.server;

import io.vitrine.protocol.api.ApiVersionRanges;
import io.vitrine.protocol.codec.FrameMemory;
import io.vitrine.protocol.security.ListenerSecurity;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all connections of one listener share. Safe for any thread; the set of connections and the
 * stop flag are the only state of its own.
 */
final class Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  private final ServerSettings settings;
  private final ListenerSecurity security;
  private final ApiVersionRanges ranges;
  private final RequestQueue queue;
  private final FrameMemory memory;
  private final RequestMeter meter;
  private final RequestHandler handler;
  private final RequestObserver observer;
  private final Tapping tapping;
  private final LongSupplier nanoTime;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean readingStopped;

  Listener(
      ServedListener served,
      ApiVersionRanges ranges,
      RequestQueue queue,
      FrameMemory memory,
      RequestMeter meter,
      RequestHandler handler,
      RequestObserver observer,
      Tapping tapping,
      LongSupplier nanoTime) {
    this.settings = served.settings();
    this.security = served.security();
    this.ranges = ranges;
    this.queue = queue;
    this.memory = memory;
    this.meter = meter;
    this.handler = handler;
    this.observer = observer;
    this.tapping = tapping;
    this.nanoTime = nanoTime;
  }

  ServerSettings settings() {
    return settings;
  }

  ListenerSecurity security() {
    return security;
  }

  ApiVersionRanges ranges() {
    return ranges;
  }

  RequestQueue queue() {
    return queue;
  }

  FrameMemory memory() {
    return memory;
  }

  RequestMeter meter() {
    return meter;
  }

  Tapping tapping() {
    return tapping;
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

  /**
   * The connection that has been asked and answered nothing for longest; none when none is open.
   */
  Optional<Connection> leastRecentlyUsed() {
    long now = nanoTime.getAsLong();
    return connections.stream().max(Comparator.comparingLong(each -> now - each.lastUsedNanos()));
  }

  /** No connection asks for another frame from now on. */
  void stopReading() {
    readingStopped = true;
  }

  boolean readingStopped() {
    return readingStopped;
  }

  /** Tells the handler that a request is about to end; its failure does not keep it from that. */
  void answering(Request request, AbstractResponse response) {
    try {
      handler.answering(request, response);
    } catch (RuntimeException e) {
      LOG.error("{} the end of {} went unheard", settings.logName(), request, e);
    }
  }

  /** Counts a finished request and tells the observer, whose failure is not the connection's. */
  void completed(Request request, RequestTimes times) {
    meter.completed(times);
    tapping.over(request.tapped(), times);
    try {
      observer.completed(request, times);
    } catch (RuntimeException e) {
      LOG.error("{} observer failed", settings.logName(), e);
    }
  }
}
