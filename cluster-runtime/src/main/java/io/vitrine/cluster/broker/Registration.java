package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.Endpoint;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.BrokerIdNode;
import io.vitrine.cluster.zookeeper.BrokerRegistrar;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * A broker's node in ZooKeeper, written anew on each session, and the broker epoch that gives.
 * Written by the starting thread, then by those of the controller's events and of the config
 * changes; read by any.
 */
final class Registration {
  private final Identity identity;
  private final BrokerConfig config;
  private final BrokerRegistrar registrar;
  private final EventSink events;
  private final InstantSource clock;
  private volatile long brokerEpoch = -1;

  Registration(
      Identity identity,
      BrokerConfig config,
      BrokerRegistrar registrar,
      EventSink events,
      InstantSource clock) {
    this.identity = identity;
    this.config = config;
    this.registrar = registrar;
    this.events = events;
    this.clock = clock;
  }

  /** Of the last registration, -1 before the first. */
  long brokerEpoch() {
    return brokerEpoch;
  }

  /**
   * Registers on the session there is.
   *
   * @param advertised what clients and other brokers are told, at least one
   */
  void register(List<Endpoint> advertised) {
    brokerEpoch = registrar.register(node(advertised));
    events.report(
        identity.id(),
        new ClusterEvent.BrokerRegistered(
            brokerEpoch,
            advertised.get(0).host(),
            advertised.get(0).port(),
            config.rack().orElse(""),
            identity.broker().source()));
  }

  /** Tells other addresses from now on, under the same epoch. */
  void update(List<Endpoint> advertised) {
    registrar.update(node(advertised));
  }

  private BrokerIdNode node(List<Endpoint> advertised) {
    Map<String, String> protocols = new LinkedHashMap<>();
    advertised.forEach(each -> protocols.put(each.listenerName(), each.securityProtocol().name));
    // What clients of old read.
    Optional<Endpoint> plain =
        advertised.stream()
            .filter(each -> each.securityProtocol() == SecurityProtocol.PLAINTEXT)
            .findFirst();
    return new BrokerIdNode(
        config.interBrokerProtocol().brokerNodeVersion(),
        identity.id(),
        plain.map(Endpoint::host).orElse(null),
        plain.map(Endpoint::port).orElse(-1),
        advertised.stream().map(Endpoint::connectionString).toList(),
        protocols,
        config.rack(),
        clock.millis());
  }
}
