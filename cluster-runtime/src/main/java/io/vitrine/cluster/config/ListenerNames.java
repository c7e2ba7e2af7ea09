package io.vitrine.cluster.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * A broker's listeners as its settings name them, with Kafka's rules: names are upper case and each
 * is mapped to a protocol; what is advertised is among what is listened on, brokers meet on one of
 * them. Immutable.
 *
 * @param advertised what others are told, in the settings' order
 * @param betweenBrokers the listener brokers use among themselves
 */
record ListenerNames(List<Endpoint> listeners, List<Endpoint> advertised, String betweenBrokers) {
  private static final String MAP = "listener.security.protocol.map";
  private static final String LISTENERS = "listeners";
  private static final String ADVERTISED = "advertised.listeners";
  private static final String BETWEEN_BROKERS = "inter.broker.listener.name";
  private static final String BROKERS_PROTOCOL = "security.inter.broker.protocol";
  private static final String CONTROL_PLANE = "control.plane.listener.name";
  private static final String EVERY_ADDRESS = "0.0.0.0";

  ListenerNames {
    listeners = List.copyOf(listeners);
    advertised = List.copyOf(advertised);
  }

  /**
   * @param values all settings, parsed
   * @param given the names of those that were set
   * @throws ConfigException naming the setting that does not fit
   */
  static ListenerNames of(Map<String, ?> values, Set<String> given) {
    Map<String, SecurityProtocol> protocols = protocols((String) values.get(MAP));
    List<Endpoint> listeners = endpoints(LISTENERS, values, protocols);
    requireDistinctPorts(listeners, values.get(LISTENERS));
    List<Endpoint> advertised =
        values.get(ADVERTISED) == null ? listeners : endpoints(ADVERTISED, values, protocols);
    String betweenBrokers = betweenBrokers(values, given, protocols);
    ListenerNames names = new ListenerNames(listeners, advertised, betweenBrokers);
    names.check(values);
    return names;
  }

  private static Map<String, SecurityProtocol> protocols(String text) {
    Map<String, SecurityProtocol> protocols = new LinkedHashMap<>();
    for (String each : text.split(",")) {
      if (each.isBlank()) {
        continue;
      }
      int colon = each.lastIndexOf(':');
      if (colon < 1) {
        throw new ConfigException(MAP, text, "must look like CLIENT:SASL_SSL,BROKER:SSL");
      }
      String name = each.substring(0, colon).trim().toUpperCase(Locale.ROOT);
      if (protocols.put(name, protocol(MAP, each.substring(colon + 1).trim())) != null) {
        throw new ConfigException(MAP, text, "names " + name + " twice");
      }
    }
    return protocols;
  }

  private static SecurityProtocol protocol(String setting, String name) {
    try {
      return SecurityProtocol.forName(name);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          setting, name, "must be one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL");
    }
  }

  private static List<Endpoint> endpoints(
      String setting, Map<String, ?> values, Map<String, SecurityProtocol> protocols) {
    Object text = values.get(setting);
    List<Endpoint> found = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String each : text.toString().split(",")) {
      if (!each.isBlank()) {
        Endpoint endpoint = Endpoint.parse(setting, each.trim(), protocols);
        if (!names.add(endpoint.listenerName())) {
          throw new ConfigException(setting, text, "each listener must have a different name");
        }
        found.add(endpoint);
      }
    }
    if (found.isEmpty()) {
      throw new ConfigException(setting, text, "name at least one listener");
    }
    return found;
  }

  private static void requireDistinctPorts(List<Endpoint> listeners, Object text) {
    Set<Integer> ports = new HashSet<>();
    for (Endpoint listener : listeners) {
      if (listener.port() != 0 && !ports.add(listener.port())) {
        throw new ConfigException(LISTENERS, text, "each listener must have a different port");
      }
    }
  }

  private static String betweenBrokers(
      Map<String, ?> values, Set<String> given, Map<String, SecurityProtocol> protocols) {
    Object name = values.get(BETWEEN_BROKERS);
    if (name == null) {
      return (String) values.get(BROKERS_PROTOCOL);
    }
    if (given.contains(BROKERS_PROTOCOL)) {
      throw new ConfigException(
          "Only one of " + BETWEEN_BROKERS + " and " + BROKERS_PROTOCOL + " should be set.");
    }
    String normalised = name.toString().trim().toUpperCase(Locale.ROOT);
    if (!protocols.containsKey(normalised)) {
      throw new ConfigException(BETWEEN_BROKERS, name, "has no protocol in " + MAP);
    }
    return normalised;
  }

  private void check(Map<String, ?> values) {
    if (values.get(CONTROL_PLANE) != null) {
      throw new ConfigException(
          CONTROL_PLANE,
          values.get(CONTROL_PLANE),
          "controllers and brokers meet on the inter-broker listener: leave it unset");
    }
    for (Endpoint endpoint : advertised) {
      if (listeners.stream().noneMatch(l -> l.listenerName().equals(endpoint.listenerName()))) {
        throw new ConfigException(
            ADVERTISED,
            endpoint.connectionString(),
            "the names must be among those of listeners=" + values.get(LISTENERS));
      }
      if (endpoint.host().equals(EVERY_ADDRESS)) {
        throw new ConfigException(
            values.get(ADVERTISED) == null ? LISTENERS : ADVERTISED,
            endpoint.connectionString(),
            "0.0.0.0 leads nobody here: set advertised.listeners to an address others can use");
      }
    }
    if (advertised.stream().noneMatch(each -> each.listenerName().equals(betweenBrokers))) {
      throw new ConfigException(
          BETWEEN_BROKERS, betweenBrokers, "must be the name of an advertised listener");
    }
  }
}
