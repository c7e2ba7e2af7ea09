package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.handler.HandlerRegistry;
import io.vitrine.cluster.jmx.BrokerBeans;
import io.vitrine.protocol.codec.FrameMemory;
import io.vitrine.protocol.gate.WireTap;
import io.vitrine.protocol.server.ProtocolServer;
import java.util.function.LongSupplier;

/**
 * The server that clients and brokers reach a broker at, and the memory their requests share. Made,
 * started and ended by the broker's owner.
 */
record ServerParts(ProtocolServer server, FrameMemory memory) {

  /** Binds nothing yet. */
  static ServerParts of(
      BrokerConfig config,
      BrokerSecurity security,
      HandlerRegistry registry,
      LimitParts limits,
      BrokerBeans beans,
      WireTap tap,
      LongSupplier nanoTime,
      String threadPrefix) {
    FrameMemory memory = new FrameMemory(config.queuedMaxRequestBytes());
    MeasuredRequests measured = new MeasuredRequests(registry, limits.quotas(), beans);
    ProtocolServer server =
        new ProtocolServer(
            config.listeners().stream()
                .map(each -> BrokerListeners.served(each, config, security, threadPrefix))
                .toList(),
            registry,
            measured,
            measured,
            limits.connections(),
            memory,
            tap,
            nanoTime);
    return new ServerParts(server, memory);
  }
}
