package io.vitrine.cluster.handler;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.utils.Sanitizer;

/**
 * Where the limits of a user, a client id, both together or an address lie below {@code /config}:
 * names are kept so that any of them can be part of a path, and who has no limits of its own is
 * {@code <default>}.
 */
final class QuotaPath {
  static final String USERS = "users";
  static final String CLIENTS = "clients";
  static final String IPS = "ips";
  private static final String DEFAULT = "<default>";

  private QuotaPath() {}

  /**
   * The path of an entity. Looks an address up by name, which may take its time.
   *
   * @throws InvalidRequestException when there can be no such entity
   */
  static String of(ClientQuotaEntity entity) {
    if (entity.entries().isEmpty()) {
      throw new InvalidRequestException("Invalid empty client quota entity");
    }
    Map<String, String> names = new TreeMap<>();
    entity
        .entries()
        .forEach(
            (type, name) -> {
              if (!ClientQuotaEntity.isValidEntityType(type)) {
                throw new InvalidRequestException("Unhandled client quota entity type: " + type);
              }
              if (name != null && name.isEmpty()) {
                throw new InvalidRequestException("Empty " + type + " not supported");
              }
              names.put(type, sanitized(name));
            });
    String user = names.get(ClientQuotaEntity.USER);
    String client = names.get(ClientQuotaEntity.CLIENT_ID);
    String ip = names.get(ClientQuotaEntity.IP);
    if (ip != null) {
      if (names.size() > 1) {
        throw new InvalidRequestException(
            "Invalid quota entity combination, IP entity should not be used with user/client ID"
                + " entity.");
      }
      requireAddress(ip);
      return IPS + "/" + ip;
    }
    if (user == null) {
      return CLIENTS + "/" + client;
    }
    return client == null ? USERS + "/" + user : ofClient(user, client);
  }

  /** The path of a user's client, of names as they are kept. */
  static String ofClient(String user, String client) {
    return clientsOf(user) + "/" + client;
  }

  /** Where a user's clients lie. */
  static String clientsOf(String user) {
    return USERS + "/" + user + "/" + CLIENTS;
  }

  /** A name as it is kept; null stands for all without limits of their own. */
  static String sanitized(String name) {
    return name == null ? DEFAULT : Sanitizer.sanitize(name);
  }

  /** The name of what is kept so, null for all without limits of their own. */
  static String meant(String sanitized) {
    return sanitized.equals(DEFAULT) ? null : Sanitizer.desanitize(sanitized);
  }

  private static void requireAddress(String ip) {
    if (ip.equals(DEFAULT)) {
      return;
    }
    try {
      InetAddress.getByName(ip);
    } catch (UnknownHostException e) {
      throw new InvalidRequestException(ip + " is not a valid IP or resolvable host.");
    }
  }
}
