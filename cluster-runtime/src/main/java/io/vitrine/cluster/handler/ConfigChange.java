package io.vitrine.cluster.handler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;

/**
 * What an incremental change makes of the settings a topic or broker has of its own (KIP-339).
 * Pure.
 */
final class ConfigChange {
  private static final byte SET = 0;
  private static final byte DELETE = 1;
  private static final byte APPEND = 2;
  private static final byte SUBTRACT = 3;

  private ConfigChange() {}

  /**
   * The settings after the change.
   *
   * @param own settings before
   * @param changes each key once, with a value unless it is to be removed
   * @param definition of all settings it may have
   * @throws InvalidRequestException when the change is not well formed
   * @throws InvalidConfigurationException when it is not possible
   */
  static Map<String, String> apply(
      Map<String, String> own, Collection<AlterableConfig> changes, ConfigDef definition) {
    Map<String, String> result = new TreeMap<>(own);
    for (AlterableConfig change : changes) {
      String key = change.name();
      switch (change.configOperation()) {
        case SET -> result.put(key, change.value());
        case DELETE -> result.remove(key);
        case APPEND -> {
          List<String> list = list(result, key, definition, "append");
          for (String element : change.value().split(",")) {
            if (!list.contains(element)) {
              list.add(element);
            }
          }
          result.put(key, String.join(",", list));
        }
        case SUBTRACT -> {
          List<String> list = list(result, key, definition, "subtract");
          Arrays.asList(change.value().split(",")).forEach(list::remove);
          result.put(key, String.join(",", list));
        }
        default ->
            throw new InvalidRequestException(
                "Unknown operations type " + change.configOperation());
      }
    }
    return result;
  }

  private static List<String> list(
      Map<String, String> settings, String key, ConfigDef definition, String operation) {
    ConfigDef.ConfigKey known = definition.configKeys().get(key);
    if (known == null) {
      throw new InvalidConfigurationException("Unknown config name: " + key);
    }
    if (known.type() != ConfigDef.Type.LIST) {
      throw new InvalidConfigurationException(
          "Config value " + operation + " is not allowed for config key: " + key);
    }
    String value =
        settings.getOrDefault(
            key, ConfigDef.convertToString(known.defaultValue, ConfigDef.Type.LIST));
    List<String> list = new ArrayList<>();
    for (String element : value.split(",")) {
      if (!element.isEmpty()) {
        list.add(element);
      }
    }
    return list;
  }
}
