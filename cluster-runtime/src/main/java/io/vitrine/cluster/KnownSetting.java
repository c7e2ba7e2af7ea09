package io.vitrine.cluster;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.TopicConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;

/**
 * A setting of Kafka 3.9's brokers or topics, as it is looked up by its name. Immutable.
 *
 * @param name as in a properties file
 * @param scope whose setting it is
 * @param type in lower case, such as {@code long}
 * @param standard the value it has unless somebody says otherwise; empty when there is none, and
 *     for passwords
 * @param documentation a sentence in English
 * @param brokerSynonym the broker setting a topic has its default from
 */
public record KnownSetting(
    String name,
    Scope scope,
    String type,
    Optional<String> standard,
    String documentation,
    Optional<String> brokerSynonym) {

  /** Whose setting it is. */
  public enum Scope {
    BROKER,
    TOPIC
  }

  /** All that Kafka tells of, topics' first, each in the order of their names. */
  public static List<KnownSetting> all() {
    List<KnownSetting> all = new ArrayList<>();
    add(TopicConfig.definition(), Scope.TOPIC, all);
    ConfigDef broker =
        BrokerConfig.parse(Map.of("broker.id", "0", "zookeeper.connect", "localhost:2181"))
            .definition();
    add(broker, Scope.BROKER, all);
    return List.copyOf(all);
  }

  private static void add(ConfigDef definition, Scope scope, List<KnownSetting> all) {
    definition.configKeys().values().stream()
        .filter(key -> !key.internalConfig)
        .sorted((a, b) -> a.name.compareTo(b.name))
        .map(key -> of(key, scope))
        .forEach(all::add);
  }

  private static KnownSetting of(ConfigDef.ConfigKey key, Scope scope) {
    return new KnownSetting(
        key.name,
        scope,
        key.type.name().toLowerCase(Locale.ROOT),
        key.type == ConfigDef.Type.PASSWORD || !key.hasDefault() || key.defaultValue == null
            ? Optional.empty()
            : Optional.of(ConfigDef.convertToString(key.defaultValue, key.type)),
        key.documentation,
        scope == Scope.TOPIC ? TopicConfig.brokerSynonym(key.name) : Optional.empty());
  }
}
