package io.vitrine.cluster.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's settings as they are now: what was set on it in ZooKeeper, else what was set there for
 * all brokers, else its properties, else the defaults (KIP-226).
 *
 * <p>{@link #current} may be asked from any thread. Changes are taken one at a time, under this
 * object's monitor, and passed to the parts that registered for them.
 */
public final class DynamicBrokerConfig {
  private static final Logger LOG = LoggerFactory.getLogger(DynamicBrokerConfig.class);

  private final int brokerId;
  private final BrokerConfig fixed;
  private final List<BrokerReconfigurable> parts = new CopyOnWriteArrayList<>();
  private volatile Made made = new Made(Map.of(), Map.of());
  private final Optional<PasswordEncoder> encoder;
  private volatile BrokerConfig current;

  /** Settings made in ZooKeeper, in plain text and without those that are not valid. */
  private record Made(Map<String, String> forAll, Map<String, String> own) {}

  /**
   * @param fixed from the broker's properties
   */
  public DynamicBrokerConfig(int brokerId, BrokerConfig fixed) {
    this.brokerId = brokerId;
    this.fixed = fixed;
    this.encoder = PasswordEncoder.of(fixed);
    this.current = fixed;
  }

  /** The settings in force. */
  public BrokerConfig current() {
    return current;
  }

  /** The settings as the broker's properties have them. */
  public BrokerConfig fixed() {
    return fixed;
  }

  /** What was set for all brokers. */
  public Map<String, String> forAll() {
    return made.forAll();
  }

  /** What was set on this broker. */
  public Map<String, String> own() {
    return made.own();
  }

  /** Whether a setting's value may change while a broker runs. */
  public static boolean isDynamic(String name) {
    return DynamicSettings.contains(name);
  }

  /** A setting's definition; one listener's settings are defined as those of all listeners. */
  public static Optional<ConfigDef.ConfigKey> definition(String name) {
    return Stream.of(
            BrokerConfig.DEFINITION.configKeys().get(name),
            ReplicationThrottles.definition().configKeys().get(name),
            DynamicSettings.ofListener(name)
                .map(BrokerConfig.DEFINITION.configKeys()::get)
                .orElse(null))
        .filter(Objects::nonNull)
        .findFirst();
  }

  /**
   * The names that stand in for each other, the one that wins first: one listener's setting stands
   * in for that of all listeners.
   */
  public static List<String> synonyms(String name) {
    return DynamicSettings.ofListener(name)
        .map(base -> List.of(name, base))
        .orElseGet(() -> BrokerConfig.synonyms(name));
  }

  /** From now on this part hears of changes. */
  public void register(BrokerReconfigurable part) {
    parts.add(part);
  }

  /**
   * Takes what ZooKeeper holds. What is not valid is left out with a line in the log; when the rest
   * cannot be in force together, everything stays as it is.
   */
  public synchronized void update(Map<String, String> forAll, Map<String, String> own) {
    made = new Made(fromPersistent(forAll, false), fromPersistent(own, true));
    BrokerConfig before = current;
    try {
      BrokerConfig after = fixed.overlaid(made.forAll(), made.own());
      Set<String> changed = changed(before, after);
      List<BrokerReconfigurable> concerned =
          parts.stream().filter(part -> changed.stream().anyMatch(part::concerns)).toList();
      concerned.forEach(part -> part.validate(before, after));
      current = after;
      concerned.forEach(part -> part.reconfigure(before, after));
      if (!changed.isEmpty()) {
        LOG.info("broker={} settings changed: {}", brokerId, changed);
      }
    } catch (ConfigException e) {
      LOG.error("broker={} settings are not taken: {}", brokerId, e.getMessage());
    }
  }

  /**
   * Reads changed files again that settings name: only somebody who changes this broker's settings,
   * perhaps to what they are, can say that a file is complete.
   *
   * @throws ConfigException when a file cannot be taken
   */
  public synchronized void reloadFiles() {
    parts.forEach(part -> part.reloadFiles(current));
  }

  /**
   * Checks settings that would replace those made on this broker or for all.
   *
   * @throws ConfigException saying which cannot be taken, and why
   */
  public void validate(Map<String, String> settings, boolean ofOneBroker) {
    DynamicSettings.check(settings, fixed.definition(), ofOneBroker);
    BrokerConfig before = current;
    BrokerConfig after =
        ofOneBroker
            ? fixed.overlaid(made.forAll(), settings)
            : fixed.overlaid(settings, made.own());
    Set<String> changed = changed(before, after);
    Set<String> nobodys = new TreeSet<>(changed);
    nobodys.removeIf(name -> !known(name) || parts.stream().anyMatch(part -> part.concerns(name)));
    if (!nobodys.isEmpty()) {
      throw new ConfigException(
          "These configs cannot be changed while this broker runs: " + nobodys);
    }
    try {
      parts.stream()
          .filter(part -> changed.stream().anyMatch(part::concerns))
          .forEach(part -> part.validate(before, after));
    } catch (ConfigException e) {
      // Kafka's words, to the letter.
      throw new ConfigException("Invalid dynamic configuration", e);
    }
  }

  /**
   * Settings as ZooKeeper keeps them: passwords encrypted.
   *
   * @throws ConfigException when there is a password and no secret to encrypt it with, or when it
   *     would be that of all brokers
   */
  public Map<String, String> toPersistent(Map<String, String> settings, boolean ofOneBroker) {
    Map<String, String> persistent = new TreeMap<>(settings);
    persistent.replaceAll(
        (name, value) -> {
          if (!DynamicSettings.isPassword(name)) {
            return value;
          }
          if (!ofOneBroker) {
            throw new ConfigException("Password config can be defined only at broker level");
          }
          return encoder().encode(value);
        });
    return persistent;
  }

  /**
   * Settings as they are meant, of what ZooKeeper keeps. What is not valid or cannot be decrypted
   * is left out with a line in the log.
   */
  public Map<String, String> fromPersistent(Map<String, String> persistent, boolean ofOneBroker) {
    Map<String, String> settings = new TreeMap<>();
    persistent.forEach(
        (name, value) -> {
          try {
            DynamicSettings.check(Map.of(name, value), fixed.definition(), ofOneBroker);
            settings.put(name, DynamicSettings.isPassword(name) ? encoder().decode(value) : value);
          } catch (ConfigException e) {
            LOG.error("broker={} a setting in ZooKeeper is ignored: {}", brokerId, e.getMessage());
          }
        });
    return settings;
  }

  /**
   * What ZooKeeper should keep of this broker's settings instead, when its passwords may have been
   * encrypted with {@code password.encoder.old.secret}; empty when nothing is to be done.
   */
  public Optional<Map<String, String>> withNewSecret(Map<String, String> persistent) {
    if (persistent.keySet().stream().noneMatch(DynamicSettings::isPassword)) {
      return Optional.empty();
    }
    return PasswordEncoder.ofOldSecret(fixed)
        .map(
            old -> {
              Map<String, String> renewed = new TreeMap<>(persistent);
              renewed.replaceAll(
                  (name, value) ->
                      DynamicSettings.isPassword(name) ? renewed(name, value, old) : value);
              return renewed;
            });
  }

  private String renewed(String name, String value, PasswordEncoder old) {
    String password;
    try {
      password = old.decode(value);
    } catch (ConfigException e) {
      LOG.debug("broker={} {} is not encrypted with the old secret", brokerId, name);
      return value;
    }
    return encoder().encode(password);
  }

  private PasswordEncoder encoder() {
    return encoder.orElseThrow(() -> new ConfigException("Password encoder secret not configured"));
  }

  /** Others are for plug-ins. */
  private boolean known(String name) {
    return fixed.definition().names().contains(DynamicSettings.ofListener(name).orElse(name));
  }

  /** Names whose values were given anew, differently, or no more. */
  private static Set<String> changed(BrokerConfig before, BrokerConfig after) {
    Map<String, String> old = before.originals();
    Map<String, String> names = new HashMap<>(old);
    names.putAll(after.originals());
    Set<String> changed = new TreeSet<>(names.keySet());
    changed.removeIf(name -> Objects.equals(old.get(name), after.originals().get(name)));
    return changed;
  }
}
