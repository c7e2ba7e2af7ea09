package io.vitrine.cluster.controller;

import io.vitrine.protocol.client.NodeClient;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.requests.AbstractControlRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller's orders to one broker: in order, one in flight, sent again until it answers or is
 * removed.
 *
 * <p>Guarded by this object; answers arrive on the client's event loop and are handed over.
 */
final class BrokerChannel {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerChannel.class);
  private static final int BACK_OFF_MS = 100;

  private final NodeClient client;
  private final ScheduledExecutorService scheduler;
  private final ArrayDeque<Order> waiting = new ArrayDeque<>();
  private boolean inFlight;
  private boolean closed;

  private record Order(
      AbstractControlRequest.Builder<?> request,
      short version,
      Consumer<AbstractResponse> answered) {}

  BrokerChannel(NodeClient client, ScheduledExecutorService scheduler) {
    this.client = client;
    this.scheduler = scheduler;
  }

  void send(
      AbstractControlRequest.Builder<?> request,
      short version,
      Consumer<AbstractResponse> answered) {
    synchronized (this) {
      waiting.add(new Order(request, version, answered));
    }
    sendNext();
  }

  /** Orders that wait, the one in flight included. */
  synchronized int length() {
    return waiting.size();
  }

  void close() {
    synchronized (this) {
      closed = true;
      waiting.clear();
    }
    client.close();
  }

  private void sendNext() {
    Order next;
    synchronized (this) {
      if (inFlight || closed || waiting.isEmpty()) {
        return;
      }
      inFlight = true;
      next = waiting.peek();
    }
    client
        .send(next.request(), next.version())
        .whenComplete((response, error) -> completed(next, response, error));
  }

  private void completed(Order order, AbstractResponse response, Throwable error) {
    synchronized (this) {
      inFlight = false;
      if (closed) {
        return;
      }
      if (error == null) {
        waiting.poll();
      }
    }
    if (error == null) {
      order.answered().accept(response);
      sendNext();
    } else {
      LOG.debug("order to {} is sent again: {}", client, error.toString());
      client.disconnect();
      try {
        scheduler.schedule(this::sendNext, BACK_OFF_MS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException stopped) {
        LOG.trace("the broker is stopping");
      }
    }
  }
}
