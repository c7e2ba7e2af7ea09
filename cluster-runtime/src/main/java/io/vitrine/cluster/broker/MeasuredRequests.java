package io.vitrine.cluster.broker;

import io.vitrine.cluster.handler.HandlerRegistry;
import io.vitrine.cluster.jmx.BrokerBeans;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.protocol.server.Request;
import io.vitrine.protocol.server.RequestHandler;
import io.vitrine.protocol.server.RequestObserver;
import io.vitrine.protocol.server.RequestTimes;
import org.apache.kafka.common.requests.AbstractResponse;

/** Every request on its way to its handler and back: counted and held against the limits. */
record MeasuredRequests(HandlerRegistry registry, Quotas quotas, BrokerBeans beans)
    implements RequestHandler, RequestObserver {
  @Override
  public void handle(Request request) {
    registry.handle(request);
  }

  @Override
  public void answering(Request request, AbstractResponse response) {
    registry.answering(request, response);
    beans.answering(request, response);
  }

  @Override
  public void completed(Request request, RequestTimes times) {
    quotas.completed(request, times);
    beans.completed(request, times);
  }
}
