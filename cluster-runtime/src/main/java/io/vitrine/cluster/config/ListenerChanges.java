package io.vitrine.cluster.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.network.ListenerName;

/**
 * What becomes of a broker's listeners when its settings change, with the rules of Kafka's {@code
 * DynamicListenerConfig}: listeners come and go and their advertised addresses change, but one that
 * stays keeps its protocol and, key and trust stores, limits and threads apart, its settings. Pure.
 */
public record ListenerChanges(BrokerConfig before, BrokerConfig after) {
  private static final String NETWORK_THREADS = "num.network.threads";

  /** Of one listener, beside its stores. */
  private static final Set<String> CHANGING =
      Set.of("max.connections", "max.connection.creation.rate", NETWORK_THREADS);

  /** Whether a setting has its effect on listeners: those there are, or those that will be. */
  public static boolean concerns(String name) {
    return DynamicSettings.ofListeners(name) || DynamicSettings.ofListener(name).isPresent();
  }

  /** In the order of the settings. */
  public List<Endpoint> added() {
    Set<String> known = byName(before.listeners()).keySet();
    return after.listeners().stream()
        .filter(listener -> !known.contains(listener.listenerName()))
        .toList();
  }

  /** The names of those that are no more. */
  public List<String> removed() {
    Set<String> stay = byName(after.listeners()).keySet();
    return byName(before.listeners()).keySet().stream()
        .filter(name -> !stay.contains(name))
        .toList();
  }

  /** Whether others are to be told other addresses. */
  public boolean isAdvertisedOtherwise() {
    return !byName(before.advertisedListeners()).equals(byName(after.advertisedListeners()));
  }

  /**
   * Whether these may follow those.
   *
   * @throws ConfigException as Kafka says it
   */
  public void check() {
    Map<String, Endpoint> old = byName(before.listeners());
    for (Endpoint next : after.listeners()) {
      Endpoint last = old.get(next.listenerName());
      if (last != null) {
        checkStaying(last, next);
      }
    }
  }

  private void checkStaying(Endpoint last, Endpoint next) {
    ListenerName name = new ListenerName(next.listenerName());
    if (!fixed(before, name).equals(fixed(after, name))) {
      throw new ConfigException(
          "Configs cannot be updated dynamically for existing listener "
              + name
              + ", restart broker or create a new listener for update");
    }
    if (last.securityProtocol() != next.securityProtocol()) {
      throw new ConfigException(
          "Security protocol cannot be updated for existing listener " + name);
    }
    ThreadCounts.check(
        NETWORK_THREADS,
        before.numNetworkThreads(next.listenerName()),
        after.numNetworkThreads(next.listenerName()));
  }

  /** The settings a listener keeps as long as it lives. */
  private static Map<String, String> fixed(BrokerConfig config, ListenerName listener) {
    String prefix = listener.configPrefix().toLowerCase(Locale.ROOT);
    Map<String, String> found = new HashMap<>();
    config
        .originals()
        .forEach(
            (name, value) -> {
              if (name.startsWith(prefix)) {
                String base = name.substring(prefix.length());
                if (!SslConfigs.RECONFIGURABLE_CONFIGS.contains(base) && !CHANGING.contains(base)) {
                  found.put(base, value);
                }
              }
            });
    return found;
  }

  private static Map<String, Endpoint> byName(Collection<Endpoint> listeners) {
    Map<String, Endpoint> found = new LinkedHashMap<>();
    listeners.forEach(each -> found.put(each.listenerName(), each));
    return found;
  }
}
