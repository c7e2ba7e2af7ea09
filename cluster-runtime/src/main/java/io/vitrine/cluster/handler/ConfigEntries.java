package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.config.TopicConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * Settings of topics and brokers with where they come from (Kafka: {@code ConfigHelper}): what was
 * set on the topic, on the broker, on all brokers, in the broker's properties, or Kafka's default.
 *
 * <p>Values of passwords are left out, and of settings nobody defined, since they may be passwords.
 * Safe from any thread.
 */
public final class ConfigEntries {
  private final DynamicBrokerConfig broker;

  /**
   * @param broker the settings of the broker that answers
   */
  public ConfigEntries(DynamicBrokerConfig broker) {
    this.broker = broker;
  }

  // ---- topics --------------------------------------------------------------------------------

  /** Names of the settings of a topic. */
  static Set<String> names(TopicConfig topic) {
    Set<String> names = new TreeSet<>(TopicConfig.definition().names());
    names.addAll(topic.overrides().keySet());
    return names;
  }

  /** One setting of a topic, with all synonyms and the documentation. */
  DescribeConfigsResourceResult ofTopic(String name, TopicConfig topic) {
    Optional<ConfigDef.ConfigKey> key = key(TopicConfig.definition(), name);
    boolean sensitive = sensitive(key.map(ConfigDef.ConfigKey::type));
    String value =
        sensitive ? null : ConfigDef.convertToString(topic.value(name), key.orElseThrow().type());
    List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
    if (topic.overrides().containsKey(name)) {
      synonyms.add(synonym(name, value, ConfigSource.TOPIC_CONFIG));
    }
    TopicConfig.brokerSynonym(name).ifPresent(of -> synonyms.addAll(synonyms(of, sensitive)));
    return entry(name, key.map(ConfigDef.ConfigKey::type), value, synonyms)
        .setDocumentation(key.map(known -> known.documentation).orElse(null))
        .setReadOnly(false);
  }

  // ---- brokers -------------------------------------------------------------------------------

  /** Names of the settings of this broker. */
  Set<String> namesOfBroker() {
    BrokerConfig config = broker.current();
    Set<String> names = new TreeSet<>(config.originals().keySet());
    for (ConfigDef.ConfigKey key : config.definition().configKeys().values()) {
      if (!key.internalConfig) {
        names.add(key.name);
      }
    }
    return names;
  }

  /** Names of the settings made for all brokers. */
  Set<String> namesForAll() {
    return broker.forAll().keySet();
  }

  /** One setting of this broker, with all synonyms and the documentation. */
  DescribeConfigsResourceResult ofBroker(String name) {
    BrokerConfig config = broker.current();
    Optional<ConfigDef.ConfigKey> key = key(config.definition(), name);
    Object value =
        key.isPresent() && !key.get().internalConfig
            ? config.value(name)
            : config.originals().get(name);
    return broker(name, value, synonyms(name, sensitive(type(name))));
  }

  /** One setting made for all brokers. */
  DescribeConfigsResourceResult forAll(String name) {
    List<DescribeConfigsSynonym> synonyms = synonyms(name, sensitive(type(name)));
    synonyms.removeIf(
        synonym -> synonym.source() != ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG.id());
    return broker(name, broker.forAll().get(name), synonyms);
  }

  private DescribeConfigsResourceResult broker(
      String name, Object value, List<DescribeConfigsSynonym> synonyms) {
    Optional<ConfigDef.Type> type = type(name);
    String text = null;
    if (!sensitive(type)) {
      text =
          value instanceof String plain
              ? plain
              : ConfigDef.convertToString(value, type.orElseThrow());
    }
    return entry(name, type, text, synonyms)
        .setDocumentation(
            key(broker.fixed().definition(), name).map(key -> key.documentation).orElse(null))
        .setReadOnly(!DynamicBrokerConfig.isDynamic(name));
  }

  /** Also of one listener's setting, and of those that stand in no properties file. */
  private Optional<ConfigDef.Type> type(String name) {
    return DynamicBrokerConfig.definition(name).map(ConfigDef.ConfigKey::type);
  }

  /** Where a broker setting's value may come from, first the one in force. */
  private List<DescribeConfigsSynonym> synonyms(String name, boolean sensitive) {
    List<String> names = DynamicBrokerConfig.synonyms(name);
    List<DescribeConfigsSynonym> found = new ArrayList<>();
    add(found, names, broker.own(), ConfigSource.DYNAMIC_BROKER_CONFIG, sensitive);
    add(found, names, broker.forAll(), ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, sensitive);
    add(found, names, broker.fixed().originals(), ConfigSource.STATIC_BROKER_CONFIG, sensitive);
    for (String synonym : names) {
      key(broker.fixed().definition(), synonym)
          .filter(key -> key.hasDefault() && key.defaultValue != null)
          .map(key -> ConfigDef.convertToString(key.defaultValue, key.type()))
          .ifPresent(
              value ->
                  found.add(
                      synonym(synonym, sensitive ? null : value, ConfigSource.DEFAULT_CONFIG)));
    }
    while (!found.isEmpty() && !found.get(0).name().equals(name)) {
      found.remove(0);
    }
    return found;
  }

  private static void add(
      List<DescribeConfigsSynonym> found,
      List<String> names,
      Map<String, String> settings,
      ConfigSource source,
      boolean sensitive) {
    for (String name : names) {
      if (settings.containsKey(name)) {
        found.add(synonym(name, sensitive ? null : settings.get(name), source));
      }
    }
  }

  private static DescribeConfigsResourceResult entry(
      String name,
      Optional<ConfigDef.Type> type,
      String value,
      List<DescribeConfigsSynonym> synonyms) {
    ConfigSource lastResort = ConfigSource.DEFAULT_CONFIG;
    return new DescribeConfigsResourceResult()
        .setName(name)
        .setValue(value)
        .setIsSensitive(sensitive(type))
        .setConfigSource(synonyms.isEmpty() ? lastResort.id() : synonyms.get(0).source())
        .setSynonyms(synonyms)
        .setConfigType(type.map(ConfigEntries::answered).orElse(ConfigType.UNKNOWN).id());
  }

  private static Optional<ConfigDef.ConfigKey> key(ConfigDef definition, String name) {
    return Optional.ofNullable(definition.configKeys().get(name));
  }

  private static boolean sensitive(Optional<ConfigDef.Type> type) {
    return type.isEmpty() || type.get() == ConfigDef.Type.PASSWORD;
  }

  private static DescribeConfigsSynonym synonym(String name, String value, ConfigSource source) {
    return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
  }

  private static ConfigType answered(ConfigDef.Type type) {
    return switch (type) {
      case BOOLEAN -> ConfigType.BOOLEAN;
      case STRING -> ConfigType.STRING;
      case INT -> ConfigType.INT;
      case SHORT -> ConfigType.SHORT;
      case LONG -> ConfigType.LONG;
      case DOUBLE -> ConfigType.DOUBLE;
      case LIST -> ConfigType.LIST;
      case CLASS -> ConfigType.CLASS;
      case PASSWORD -> ConfigType.PASSWORD;
    };
  }
}
