package io.vitrine.cluster.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private volatile BrokerConfig current;

  /** Settings made in ZooKeeper, in plain text and without those that are not valid. */
  private record Made(Map<String, String> forAll, Map<String, String> own) {}

  /**
   * @param fixed from the broker's properties
   */
  public DynamicBrokerConfig(int brokerId, BrokerConfig fixed) {
    this.brokerId = brokerId;
    this.fixed = fixed;
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

  /** From now on this part hears of changes. */
  public void register(BrokerReconfigurable part) {
    parts.add(part);
  }

  /**
   * Takes what ZooKeeper holds. What is not valid is left out with a line in the log; when the rest
   * cannot be in force together, everything stays as it is.
   */
  public synchronized void update(Map<String, String> forAll, Map<String, String> own) {
    made = new Made(valid(forAll, false), valid(own, true));
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
   * Checks settings that would replace those made on this broker or for all.
   *
   * @throws ConfigException saying which cannot be taken, and why
   */
  public synchronized void validate(Map<String, String> settings, boolean ofOneBroker) {
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
          "These configs take effect only when the broker starts, set them in its properties: "
              + nobodys);
    }
    for (BrokerReconfigurable part : parts) {
      if (changed.stream().anyMatch(part::concerns)) {
        part.validate(before, after);
      }
    }
  }

  /** Others are for plug-ins. */
  private boolean known(String name) {
    return fixed.definition().names().contains(DynamicSettings.ofListener(name).orElse(name));
  }

  private Map<String, String> valid(Map<String, String> settings, boolean ofOneBroker) {
    Map<String, String> valid = new TreeMap<>(settings);
    for (Map.Entry<String, String> each : settings.entrySet()) {
      try {
        DynamicSettings.check(
            Map.of(each.getKey(), each.getValue()), fixed.definition(), ofOneBroker);
      } catch (ConfigException e) {
        valid.remove(each.getKey());
        LOG.error("broker={} a setting in ZooKeeper is ignored: {}", brokerId, e.getMessage());
      }
    }
    return valid;
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
