package io.vitrine.cluster.config;

import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * A listener's address.
 *
 * @param host empty means every interface
 * @param port 0 means any free one
 */
public record Endpoint(
    String listenerName, String host, int port, SecurityProtocol securityProtocol) {
  private static final int MAX_PORT = 65_535;

  /** Reads {@code NAME://host:port}; the name must be a security protocol's. */
  static Endpoint parse(String setting, String text) {
    int name = text.indexOf("://");
    int colon = text.lastIndexOf(':');
    if (name < 1 || colon <= name) {
      throw new ConfigException(setting, text, "must look like PLAINTEXT://127.0.0.1:9092");
    }
    String listener = text.substring(0, name).trim().toUpperCase(java.util.Locale.ROOT);
    String host = text.substring(name + 3, colon).replaceAll("[\\[\\]]", "");
    try {
      int port = Integer.parseInt(text.substring(colon + 1).trim());
      if (port < 0 || port > MAX_PORT) {
        throw new ConfigException(setting, text, "the port must lie between 0 and 65535");
      }
      if (!listener.equals(SecurityProtocol.PLAINTEXT.name)) {
        throw new ConfigException(
            setting, text, "only PLAINTEXT listeners are served by this version");
      }
      return new Endpoint(listener, host, port, SecurityProtocol.PLAINTEXT);
    } catch (NumberFormatException e) {
      throw new ConfigException(setting, text, "the port must be a number");
    }
  }

  /** The address as Kafka writes it. */
  public String connectionString() {
    return listenerName + "://" + host + ":" + port;
  }

  /** The same listener at another port. */
  public Endpoint withPort(int actualPort) {
    return new Endpoint(listenerName, host, actualPort, securityProtocol);
  }
}
