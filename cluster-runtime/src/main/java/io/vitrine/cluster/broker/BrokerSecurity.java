package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.BrokerReconfigurable;
import io.vitrine.cluster.config.Endpoint;
import io.vitrine.protocol.security.ClientSecurity;
import io.vitrine.protocol.security.Credentials;
import io.vitrine.protocol.security.ListenerSecurity;
import io.vitrine.protocol.security.SecurityClocks;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;
import org.apache.kafka.common.network.ListenerName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each listener of a broker asks of its clients, and how the broker makes itself known to
 * others. Key and trust stores may change while it runs, and listeners come and go; protocols and
 * mechanisms of one that stays do not change.
 */
final class BrokerSecurity implements BrokerReconfigurable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerSecurity.class);

  private final int brokerId;
  private final String betweenBrokers;
  private final Credentials credentials = new Credentials();
  private final Map<String, ListenerSecurity> listeners = new ConcurrentHashMap<>();
  private final BrokerClocks clocks;
  private final ClientSecurity client;

  /**
   * Reads the key stores and logs in to the mechanisms.
   *
   * @throws org.apache.kafka.common.KafkaException when settings are missing or do not fit
   */
  BrokerSecurity(int brokerId, BrokerConfig config, BrokerClocks clocks) {
    this.brokerId = brokerId;
    this.clocks = clocks;
    this.betweenBrokers = config.interBrokerListenerName();
    try {
      for (Endpoint listener : config.listeners()) {
        add(listener, config);
      }
      client =
          new ClientSecurity(
              betweenBrokers,
              config.interBrokerSecurityProtocol(),
              config.listenerSettings(betweenBrokers));
    } catch (RuntimeException e) {
      listeners.values().forEach(ListenerSecurity::close);
      throw e;
    }
  }

  /**
   * One more listener.
   *
   * @throws org.apache.kafka.common.KafkaException when settings are missing or do not fit
   */
  final void add(Endpoint listener, BrokerConfig config) {
    listeners.put(listener.listenerName(), open(listener, config));
  }

  /** A listener that has ended. */
  void remove(String listenerName) {
    ListenerSecurity gone = listeners.remove(listenerName);
    if (gone != null) {
      gone.close();
    }
  }

  private ListenerSecurity open(Endpoint listener, BrokerConfig config) {
    String name = listener.listenerName();
    return new ListenerSecurity(
        name,
        listener.securityProtocol(),
        config.listenerSettings(name),
        config.isListenerSetting(name, BrokerSecurityConfigs.SSL_CLIENT_AUTH_CONFIG),
        name.equals(betweenBrokers),
        credentials,
        new SecurityClocks(clocks.wall(), clocks.nanoTime()));
  }

  /** What SCRAM clients are checked against; kept up to date by others. */
  Credentials credentials() {
    return credentials;
  }

  ListenerSecurity listener(String name) {
    return listeners.get(name);
  }

  ClientSecurity client() {
    return client;
  }

  @Override
  public boolean concerns(String name) {
    return SslConfigs.RECONFIGURABLE_CONFIGS.stream()
        .anyMatch(
            store ->
                listeners.keySet().stream()
                    .anyMatch(
                        listener ->
                            name.equals(new ListenerName(listener).configPrefix() + store)));
  }

  @Override
  public void validate(BrokerConfig before, BrokerConfig after) {
    listeners.forEach((name, security) -> security.validate(after.listenerSettings(name)));
  }

  @Override
  public void reconfigure(BrokerConfig before, BrokerConfig after) {
    reloadFiles(after);
    LOG.info("broker={} key and trust stores may have changed", brokerId);
  }

  @Override
  public void reloadFiles(BrokerConfig current) {
    listeners.forEach((name, security) -> security.reconfigure(current.listenerSettings(name)));
    client.reconfigure(current.listenerSettings(betweenBrokers));
  }

  @Override
  public void close() {
    listeners.values().forEach(ListenerSecurity::close);
    client.close();
  }
}
