package io.vitrine.protocol.security;

import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.security.ssl.SslFactory;

/**
 * The key and trust stores of one listener or of the inter-broker client, after Kafka's {@code
 * ssl.*} settings. Engines made after a {@link #reconfigure} use the new stores; connections that
 * stand keep the old ones. Guarded by its own lock.
 */
final class Tls implements AutoCloseable {
  private final SslFactory factory;

  /**
   * @param clientAuth stands in for {@code ssl.client.auth}; null leaves it
   * @param betweenBrokers whether the listener's own key must satisfy its trust store
   * @throws org.apache.kafka.common.KafkaException when a store cannot be read or does not fit
   */
  Tls(ConnectionMode mode, String clientAuth, boolean betweenBrokers, Map<String, ?> configs) {
    factory = new SslFactory(mode, clientAuth, betweenBrokers);
    factory.configure(new HashMap<>(configs));
  }

  synchronized SSLEngine engine(String peerHost, int peerPort) {
    return factory.createSslEngine(peerHost, peerPort);
  }

  /**
   * Checks other stores without taking them.
   *
   * @throws ConfigException when they cannot be read, or are for another name
   */
  synchronized void validate(Map<String, ?> configs) {
    factory.validateReconfiguration(configs);
  }

  /** Takes other stores, or the same files when these have changed. */
  synchronized void reconfigure(Map<String, ?> configs) {
    factory.reconfigure(configs);
  }

  @Override
  public void close() {
    factory.close();
  }
}
