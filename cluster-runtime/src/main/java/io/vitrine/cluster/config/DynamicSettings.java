package io.vitrine.cluster.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;

/**
 * Which of a broker's settings may change while it runs, on all brokers or on one only, as Apache
 * Kafka 3.9 has it (KIP-226). Pure.
 *
 * <p>Names Kafka does not know may be set as well: they are for plug-ins.
 */
final class DynamicSettings {
  private static final Pattern LISTENER = Pattern.compile("listener\\.name\\.[^.]*\\.(.*)");

  /** Key and trust stores, set per listener only. */
  private static final Set<String> STORES = SslConfigs.RECONFIGURABLE_CONFIGS;

  private static final Set<String> CLEANER =
      Set.of(
          "log.cleaner.threads",
          "log.cleaner.dedupe.buffer.size",
          "log.cleaner.io.buffer.load.factor",
          "log.cleaner.io.buffer.size",
          "message.max.bytes",
          "log.cleaner.io.max.bytes.per.second",
          "log.cleaner.backoff.ms");

  /** What topics take from the broker. */
  private static final Set<String> LOG =
      TopicSettings.BROKER_SYNONYMS.values().stream()
          .filter(TopicConfig::isTakenFromBroker)
          .collect(Collectors.toUnmodifiableSet());

  /** Thread counts, which may at most double or halve at once. */
  private static final Set<String> THREADS =
      Set.of(
          "num.io.threads",
          "num.replica.fetchers",
          "num.recovery.threads.per.data.dir",
          "background.threads");

  private static final Set<String> CONNECTIONS =
      Set.of(
          "max.connections.per.ip",
          "max.connections.per.ip.overrides",
          "max.connections",
          "max.connection.creation.rate");

  private static final Set<String> OTHERS =
      Set.of(
          "metric.reporters",
          "producer.id.expiration.ms",
          "transaction.partition.verification.enable",
          "remote.log.index.file.cache.total.size.bytes",
          "remote.fetch.max.wait.ms",
          "remote.log.manager.copy.max.bytes.per.second",
          "remote.log.manager.fetch.max.bytes.per.second");

  private static final Set<String> LISTENERS =
      Set.of(
          "advertised.listeners",
          "listeners",
          "listener.security.protocol.map",
          "principal.builder.class",
          "ssl.protocol",
          "ssl.provider",
          "ssl.cipher.suites",
          "ssl.enabled.protocols",
          "ssl.keystore.type",
          "ssl.keystore.location",
          "ssl.keystore.password",
          "ssl.key.password",
          "ssl.truststore.type",
          "ssl.truststore.location",
          "ssl.truststore.password",
          "ssl.keymanager.algorithm",
          "ssl.trustmanager.algorithm",
          "ssl.endpoint.identification.algorithm",
          "ssl.secure.random.implementation",
          "ssl.client.auth",
          "ssl.engine.factory.class",
          "sasl.mechanism.inter.broker.protocol",
          "sasl.jaas.config",
          "sasl.enabled.mechanisms",
          "sasl.kerberos.service.name",
          "sasl.kerberos.kinit.cmd",
          "sasl.kerberos.ticket.renew.window.factor",
          "sasl.kerberos.ticket.renew.jitter",
          "sasl.kerberos.min.time.before.relogin",
          "sasl.kerberos.principal.to.local.rules",
          "sasl.login.refresh.window.factor",
          "sasl.login.refresh.window.jitter",
          "sasl.login.refresh.min.period.seconds",
          "sasl.login.refresh.buffer.seconds",
          "max.connections",
          "max.connection.creation.rate",
          "num.network.threads");

  /** Of a listener's settings those that may be set for all brokers. */
  private static final Set<String> LISTENER_FOR_ALL =
      Set.of("max.connections", "max.connection.creation.rate", "num.network.threads");

  /** Settings of one mechanism of a listener, which stand behind the mechanism's name. */
  private static final List<String> OF_MECHANISMS =
      List.of(
          "sasl.jaas.config",
          "sasl.login.callback.handler.class",
          "sasl.login.class",
          "sasl.server.callback.handler.class",
          "connections.max.reauth.ms");

  private static final Set<String> ALL =
      Stream.of(STORES, CLEANER, LOG, THREADS, OTHERS, LISTENERS, CONNECTIONS)
          .flatMap(Collection::stream)
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> OF_ONE_BROKER =
      Stream.of(STORES, LISTENERS)
          .flatMap(Collection::stream)
          .filter(name -> !LISTENER_FOR_ALL.contains(name))
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> PASSWORDS =
      Set.of(
          "sasl.jaas.config",
          "ssl.key.password",
          "ssl.keystore.certificate.chain",
          "ssl.keystore.key",
          "ssl.keystore.password",
          "ssl.truststore.certificates",
          "ssl.truststore.password");

  private DynamicSettings() {}

  /** Whether a setting may change while a broker runs. */
  static boolean contains(String name) {
    return ALL.contains(name);
  }

  /** Whether a setting is one of listeners: of those there are, or of those that come. */
  static boolean ofListeners(String name) {
    return LISTENERS.contains(name);
  }

  /** Whether a value is kept encrypted. */
  static boolean isPassword(String name) {
    return PASSWORDS.stream().anyMatch(name::endsWith);
  }

  /** The setting a listener's own stands in for, such as {@code ssl.keystore.location}. */
  static Optional<String> ofListener(String name) {
    Matcher matcher = LISTENER.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String base = matcher.group(1);
    return Optional.of(OF_MECHANISMS.stream().filter(base::endsWith).findFirst().orElse(base));
  }

  /**
   * Checks settings before they are kept.
   *
   * @param known all settings of brokers that Kafka knows
   * @throws ConfigException naming those that may not be set so
   */
  static void check(Map<String, String> settings, ConfigDef known, boolean ofOneBroker) {
    refuse(fixed(settings, known), "Cannot update these configs dynamically");
    refuse(
        withoutListener(settings),
        "These security configs can be dynamically updated only per-listener using the listener"
            + " prefix");
    checkTypes(settings, known);
    if (!ofOneBroker) {
      refuse(
          ofOneBroker(settings),
          "Cannot update these configs at default cluster level, broker id must be specified");
    }
  }

  private static void refuse(Set<String> names, String why) {
    if (!names.isEmpty()) {
      throw new ConfigException(why + ": " + names);
    }
  }

  /** Those that never change while a broker runs. */
  static Set<String> fixed(Map<String, String> settings, ConfigDef known) {
    Set<String> names = new TreeSet<>(settings.keySet());
    names.removeIf(name -> !known.names().contains(name) || ALL.contains(name));
    return names;
  }

  /** Stores that name no listener. */
  static Set<String> withoutListener(Map<String, String> settings) {
    Set<String> names = new TreeSet<>(settings.keySet());
    names.retainAll(STORES);
    return names;
  }

  /** Those that make sense on one broker only. */
  static Set<String> ofOneBroker(Map<String, String> settings) {
    Set<String> names = new TreeSet<>();
    for (String name : settings.keySet()) {
      Matcher listener = LISTENER.matcher(name);
      if (OF_ONE_BROKER.contains(name)
          || listener.matches() && !LISTENER_FOR_ALL.contains(listener.group(1))) {
        names.add(name);
      }
    }
    return names;
  }

  /**
   * Checks values one by one, each against its own definition.
   *
   * @throws ConfigException naming the first that is wrong
   */
  static void checkTypes(Map<String, String> settings, ConfigDef known) {
    settings.forEach(
        (name, value) -> {
          Matcher listener = LISTENER.matcher(name);
          checkType(listener.matches() ? listener.group(1) : name, value, known);
        });
  }

  private static void checkType(String name, String value, ConfigDef known) {
    ConfigDef.ConfigKey key =
        ALL.contains(name)
            ? known.configKeys().get(name)
            : ReplicationThrottles.definition().configKeys().get(name);
    if (key != null) {
      Object parsed = ConfigDef.parseType(name, value, key.type);
      if (key.validator != null) {
        key.validator.ensureValid(name, parsed);
      }
    }
  }
}
