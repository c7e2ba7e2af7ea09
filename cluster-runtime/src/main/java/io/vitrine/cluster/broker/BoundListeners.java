package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.Endpoint;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a broker listens, and what it tells others of it. Immutable.
 *
 * @param addresses in the order of the broker's listeners
 */
record BoundListeners(BrokerConfig config, List<InetSocketAddress> addresses) {
  private static final Logger LOG = LoggerFactory.getLogger(BoundListeners.class);

  BoundListeners {
    addresses = List.copyOf(addresses);
  }

  /**
   * What others are told: the real port where any free one was asked for, this machine's name where
   * no address is given.
   */
  List<Endpoint> advertised() {
    List<Endpoint> told = new ArrayList<>();
    for (Endpoint endpoint : config.advertisedListeners()) {
      Endpoint actual = endpoint.port() == 0 ? endpoint.withPort(port(endpoint)) : endpoint;
      told.add(actual.host().isBlank() ? actual.withHost(ownName()) : actual);
    }
    return told;
  }

  private int port(Endpoint advertised) {
    List<String> names = config.listeners().stream().map(Endpoint::listenerName).toList();
    return addresses.get(names.indexOf(advertised.listenerName())).getPort();
  }

  private static String ownName() {
    try {
      return InetAddress.getLocalHost().getCanonicalHostName();
    } catch (UnknownHostException e) {
      throw new ConfigException(
          "advertised.listeners", "", "this machine does not know its own name: give an address");
    }
  }

  /** Whoever reaches a plaintext listener may do everything unless an authorizer says otherwise. */
  void warnOfOpenOnes(int brokerId, EventSink events) {
    for (int i = 0; i < addresses.size(); i++) {
      Endpoint listener = config.listeners().get(i);
      InetSocketAddress bound = addresses.get(i);
      if (listener.securityProtocol() == SecurityProtocol.PLAINTEXT
          && !bound.getAddress().isLoopbackAddress()) {
        LOG.warn(
            "broker={} listener={} is open to every machine that reaches {}: nobody is asked who"
                + " they are and everybody may read along. Bind it to 127.0.0.1, or give it"
                + " SSL, SASL_SSL or SASL_PLAINTEXT in listener.security.protocol.map.",
            brokerId,
            listener.listenerName(),
            bound);
        events.report(
            brokerId,
            new ClusterEvent.ListenerExposed(
                listener.listenerName(), bound.getHostString() + ":" + bound.getPort()));
      }
    }
  }
}
