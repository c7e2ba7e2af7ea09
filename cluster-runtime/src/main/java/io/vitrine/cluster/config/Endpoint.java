package io.vitrine.cluster.config;

import java.util.Locale;
import java.util.Map;
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

  /**
   * Reads {@code NAME://host:port}.
   *
   * @param protocols by listener name, in upper case
   * @throws ConfigException when it looks otherwise or the name has no protocol
   */
  static Endpoint parse(String setting, String text, Map<String, SecurityProtocol> protocols) {
    int name = text.indexOf("://");
    int colon = text.lastIndexOf(':');
    if (name < 1 || colon <= name) {
      throw new ConfigException(setting, text, "must look like PLAINTEXT://127.0.0.1:9092");
    }
    String listener = text.substring(0, name).trim().toUpperCase(Locale.ROOT);
    String host = text.substring(name + 3, colon).replaceAll("[\\[\\]]", "");
    try {
      int port = Integer.parseInt(text.substring(colon + 1).trim());
      if (port < 0 || port > MAX_PORT) {
        throw new ConfigException(setting, text, "the port must lie between 0 and 65535");
      }
      SecurityProtocol protocol = protocols.get(listener);
      if (protocol == null) {
        throw new ConfigException(
            setting, text, listener + " has no protocol in listener.security.protocol.map");
      }
      return new Endpoint(listener, host, port, protocol);
    } catch (NumberFormatException e) {
      throw new ConfigException(setting, text, "the port must be a number");
    }
  }

  /** The address as Kafka writes it. */
  public String connectionString() {
    return listenerName + "://" + host + ":" + port;
  }

  /** The same listener at another address. */
  public Endpoint withHost(String actualHost) {
    return new Endpoint(listenerName, actualHost, port, securityProtocol);
  }

  /** The same listener at another port. */
  public Endpoint withPort(int actualPort) {
    return new Endpoint(listenerName, host, actualPort, securityProtocol);
  }
}
