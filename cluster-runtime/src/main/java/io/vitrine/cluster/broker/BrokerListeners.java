package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.BrokerReconfigurable;
import io.vitrine.cluster.config.Endpoint;
import io.vitrine.cluster.config.ListenerChanges;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.protocol.server.ProtocolServer;
import io.vitrine.protocol.server.ServedListener;
import io.vitrine.protocol.server.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a broker listens now, and what it tells others of it; listeners come and go while it runs.
 * Bound by the starting thread, changed by that of the config changes, asked by any.
 */
final class BrokerListeners implements BrokerReconfigurable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerListeners.class);

  private final int brokerId;
  private final String threadPrefix;
  private final Supplier<BrokerConfig> settings;
  private final BrokerSecurity security;
  private final ProtocolServer server;
  private final EventSink events;
  private final Consumer<List<Endpoint>> tellOthers;
  private final Map<String, InetSocketAddress> bound = new ConcurrentHashMap<>();

  /**
   * @param settings those in force
   * @param tellOthers writes what is advertised into this broker's registration
   */
  BrokerListeners(
      int brokerId,
      String threadPrefix,
      Supplier<BrokerConfig> settings,
      BrokerSecurity security,
      ProtocolServer server,
      EventSink events,
      Consumer<List<Endpoint>> tellOthers) {
    this.brokerId = brokerId;
    this.threadPrefix = threadPrefix;
    this.settings = settings;
    this.security = security;
    this.server = server;
    this.events = events;
    this.tellOthers = tellOthers;
  }

  /** A listener as the server is to serve it. */
  static ServedListener served(
      Endpoint listener, BrokerConfig config, BrokerSecurity security, String threadPrefix) {
    return new ServedListener(
        new ServerSettings(
            listener.listenerName(),
            listener.host(),
            listener.port(),
            config.numNetworkThreads(listener.listenerName()),
            config.numIoThreads(),
            config.queuedMaxRequests(),
            config.socketRequestMaxBytes(),
            config.maxConnections(),
            config.maxConnectionsPerIp(),
            config.connectionsMaxIdleMs(),
            config.socketListenBacklogSize(),
            config.socketSendBufferBytes(),
            config.socketReceiveBufferBytes(),
            threadPrefix),
        security.listener(listener.listenerName()));
  }

  /**
   * Takes all ports.
   *
   * @throws IOException when one cannot be had
   */
  void bind() throws IOException {
    List<InetSocketAddress> addresses = server.bind();
    List<Endpoint> listeners = settings.get().listeners();
    for (int i = 0; i < addresses.size(); i++) {
      isBound(listeners.get(i), addresses.get(i));
    }
  }

  private void isBound(Endpoint listener, InetSocketAddress address) {
    bound.put(listener.listenerName(), address);
    warnIfOpen(listener, address);
  }

  /** The address of the first listener that is open. */
  InetSocketAddress first() {
    return settings.get().listeners().stream()
        .map(listener -> bound.get(listener.listenerName()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  /**
   * What others are told: the real port where any free one was asked for, this machine's name where
   * no address is given. A listener whose port could not be had is not told of.
   */
  List<Endpoint> advertised() {
    List<Endpoint> told = new ArrayList<>();
    for (Endpoint endpoint : settings.get().advertisedListeners()) {
      InetSocketAddress address = bound.get(endpoint.listenerName());
      if (address != null) {
        Endpoint actual = endpoint.port() == 0 ? endpoint.withPort(address.getPort()) : endpoint;
        told.add(actual.host().isBlank() ? actual.withHost(ownName()) : actual);
      }
    }
    return told;
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
  private void warnIfOpen(Endpoint listener, InetSocketAddress address) {
    if (listener.securityProtocol() == SecurityProtocol.PLAINTEXT
        && !address.getAddress().isLoopbackAddress()) {
      LOG.warn(
          "broker={} listener={} is open to every machine that reaches {}: nobody is asked who"
              + " they are and everybody may read along. Bind it to 127.0.0.1, or give it"
              + " SSL, SASL_SSL or SASL_PLAINTEXT in listener.security.protocol.map.",
          brokerId,
          listener.listenerName(),
          address);
      events.report(
          brokerId,
          new ClusterEvent.ListenerExposed(
              listener.listenerName(), address.getHostString() + ":" + address.getPort()));
    }
  }

  // ---- while it runs -------------------------------------------------------------------------

  @Override
  public boolean concerns(String name) {
    return ListenerChanges.concerns(name);
  }

  @Override
  public void validate(BrokerConfig before, BrokerConfig after) {
    new ListenerChanges(before, after).check();
  }

  @Override
  public void reconfigure(BrokerConfig before, BrokerConfig after) {
    ListenerChanges changes = new ListenerChanges(before, after);
    for (String name : changes.removed()) {
      bound.remove(name);
      server.remove(name);
      security.remove(name);
    }
    changes.added().forEach(listener -> add(listener, after));
    for (Endpoint listener : after.listeners()) {
      String name = listener.listenerName();
      server.resizeNetworkThreads(name, after.numNetworkThreads(name));
    }
    if (changes.isAdvertisedOtherwise()) {
      tellOthers.accept(advertised());
    }
  }

  /** One that cannot be opened is left out; the others serve on. */
  private void add(Endpoint listener, BrokerConfig config) {
    try {
      security.add(listener, config);
      isBound(listener, server.add(served(listener, config, security, threadPrefix)));
    } catch (IOException | KafkaException e) {
      security.remove(listener.listenerName());
      LOG.error(
          "broker={} listener={} cannot be opened: {}",
          brokerId,
          listener.listenerName(),
          e.getMessage(),
          e);
    }
  }
}
