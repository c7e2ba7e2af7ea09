package io.vitrine.cluster.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidRequestException;

/** The limits clients can be given: names, types and bounds of Kafka 3.9. */
public final class ClientLimitSettings {
  private static final double TOLERANCE = 1e-6;

  /** Of users and client ids. */
  public static final ClientLimitSettings OF_CLIENTS =
      new ClientLimitSettings(
          new ConfigDef()
              .define(
                  "producer_byte_rate",
                  Type.LONG,
                  Long.MAX_VALUE,
                  MEDIUM,
                  "How many bytes a second they may write.")
              .define(
                  "consumer_byte_rate",
                  Type.LONG,
                  Long.MAX_VALUE,
                  MEDIUM,
                  "How many bytes a second they may read.")
              .define(
                  "request_percentage",
                  Type.DOUBLE,
                  (double) Integer.MAX_VALUE,
                  MEDIUM,
                  "How much of the time of a broker's threads they may take.")
              .define(
                  "controller_mutation_rate",
                  Type.DOUBLE,
                  (double) Integer.MAX_VALUE,
                  MEDIUM,
                  "How many partitions a second they may have created or deleted."));

  /** Of addresses. */
  public static final ClientLimitSettings OF_IPS =
      new ClientLimitSettings(
          new ConfigDef()
              .define(
                  "connection_creation_rate",
                  Type.INT,
                  Integer.MAX_VALUE,
                  Range.atLeast(0),
                  MEDIUM,
                  "How many connections a second an address may open."));

  private final ConfigDef definition;

  private ClientLimitSettings(ConfigDef definition) {
    this.definition = definition;
  }

  /** Their names. */
  public Set<String> names() {
    return definition.names();
  }

  /**
   * A limit as it is kept.
   *
   * @throws InvalidRequestException when there is no such limit, or it must be a whole number
   */
  public String text(String name, double value) {
    ConfigDef.ConfigKey key = definition.configKeys().get(name);
    if (key == null) {
      throw new InvalidRequestException("Invalid configuration key " + name);
    }
    if (key.type() == Type.DOUBLE) {
      return Double.toString(value);
    }
    long whole = key.type() == Type.LONG ? (long) (value + TOLERANCE) : (int) (value + TOLERANCE);
    if (Math.abs(whole - value) > TOLERANCE) {
      throw new InvalidRequestException(
          "Configuration " + name + " must be a " + key.type() + " value");
    }
    return Long.toString(whole);
  }

  /**
   * Checks all limits of someone before they are kept.
   *
   * @param others names of settings that are kept beside them
   * @throws ConfigException when one is out of bounds
   * @throws IllegalArgumentException when there is a setting nobody knows
   */
  public void check(Map<String, String> settings, Collection<String> others) {
    Set<String> unknown = new TreeSet<>(settings.keySet());
    unknown.removeAll(names());
    unknown.removeAll(others);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("Unknown Dynamic Configuration: " + unknown + ".");
    }
    definition.parse(settings);
  }

  /**
   * The limits among all settings of someone.
   *
   * @throws IllegalStateException when one is no number
   */
  public Map<String, Double> among(Map<String, String> settings) {
    Map<String, Double> limits = new TreeMap<>();
    settings.forEach(
        (name, value) -> {
          if (names().contains(name)) {
            limits.put(name, number(name, value));
          }
        });
    return limits;
  }

  private static double number(String name, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalStateException(
          "Unexpected client quota configuration value: " + name + " -> " + value, e);
    }
  }
}
