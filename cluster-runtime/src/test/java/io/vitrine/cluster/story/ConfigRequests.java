package io.vitrine.cluster.story;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfigCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What clients ask about settings of topics and brokers, and which they change. Levels of loggers
 * are left out: Kafka has them with Log4j only, which is not on this class path.
 */
final class ConfigRequests {
  /** Each cluster has its own. */
  private static final List<String> PLACES =
      List.of("listeners", "advertised.listeners", "zookeeper.connect", "log.dir", "log.dirs");

  /** The last setting that {@link #changes} makes. */
  static final Map.Entry<String, String> LAST = Map.entry("message.max.bytes", "2000001");

  private ConfigRequests() {}

  static RequestTable descriptions() {
    RequestTable table = new RequestTable();
    describe(table, "a topic", Type.TOPIC, "data");
    describe(table, "a topic with settings", Type.TOPIC, "compacted");
    describe(table, "a topic with smaller batches", Type.TOPIC, "small");
    describe(table, "an unknown topic", Type.TOPIC, "nowhere");
    describe(table, "an illegal topic", Type.TOPIC, "no/topic");
    describe(table, "no topic's name", Type.TOPIC, "");
    describe(table, "one setting", Type.TOPIC, "data", "retention.ms");
    describe(table, "an unknown setting", Type.TOPIC, "data", "retension.ms");
    describe(table, "a broker", Type.BROKER, "1", brokerSettings());
    describe(table, "all brokers", Type.BROKER, "");
    describe(table, "another broker", Type.BROKER, "2");
    describe(table, "no such broker", Type.BROKER, "77");
    describe(table, "no number", Type.BROKER, "one");
    describe(table, "an unknown setting of a broker", Type.BROKER, "1", "log.retension.ms");
    describe(table, "another broker's loggers", Type.BROKER_LOGGER, "2");
    describe(table, "nobody's loggers", Type.BROKER_LOGGER, "");
    describe(table, "loggers of no number", Type.BROKER_LOGGER, "one");
    describe(table, "client metrics", Type.CLIENT_METRICS, "mine");
    describe(table, "client metrics without a name", Type.CLIENT_METRICS, "");
    describe(table, "nothing known", Type.UNKNOWN, "x");
    table.ask(
        "several things",
        ApiKeys.DESCRIBE_CONFIGS,
        (asked, version) -> {
          DescribeConfigsRequestData request = description(version);
          request.resources().add(resource(Type.TOPIC, "data", "retention.ms"));
          request.resources().add(resource(Type.TOPIC, "nowhere"));
          request.resources().add(resource(Type.BROKER, "1", "num.io.threads", "broker.id"));
          return request;
        });
    return table;
  }

  private static String[] brokerSettings() {
    List<String> names = new ArrayList<>(CollectionConverters.asJava(KafkaConfig.configNames()));
    names.removeAll(PLACES);
    return names.toArray(String[]::new);
  }

  private static void describe(
      RequestTable table, String what, Type type, String name, String... keys) {
    table.ask(
        what,
        ApiKeys.DESCRIBE_CONFIGS,
        (asked, version) -> {
          DescribeConfigsRequestData request = description(version);
          request.resources().add(resource(type, name, keys));
          return request;
        });
  }

  private static DescribeConfigsRequestData description(short version) {
    return new DescribeConfigsRequestData()
        .setIncludeSynonyms(version >= 1)
        .setIncludeDocumentation(version >= 3);
  }

  private static DescribeConfigsResource resource(Type type, String name, String... keys) {
    return new DescribeConfigsResource()
        .setResourceType(type.id())
        .setResourceName(name)
        .setConfigurationKeys(keys.length == 0 ? null : List.of(keys));
  }

  /** Refused ones first, so that what they leave is seen. */
  static RequestTable changes() {
    RequestTable table = new RequestTable();
    refusedOnTopics(table);
    refusedOnBrokers(table);
    refusedOnOthers(table);
    for (boolean validateOnly : new boolean[] {true, false}) {
      onTopics(table, validateOnly);
      onBrokers(table, validateOnly);
    }
    return table;
  }

  private static void refusedOnTopics(RequestTable table) {
    set(table, "an unknown topic", Type.TOPIC, "nowhere", "retention.ms", "1");
    set(table, "an illegal topic", Type.TOPIC, "no/topic", "retention.ms", "1");
    set(table, "no topic's name", Type.TOPIC, "", "retention.ms", "1");
    set(table, "an unknown setting", Type.TOPIC, "data", "retension.ms", "1");
    set(table, "no number", Type.TOPIC, "data", "retention.ms", "soon");
    set(table, "out of bounds", Type.TOPIC, "data", "min.insync.replicas", "0");
    set(table, "not among those", Type.TOPIC, "data", "cleanup.policy", "burn");
    set(table, "no value", Type.TOPIC, "data", "retention.ms", null);
    set(
        table,
        "a conflict",
        Type.TOPIC,
        "data",
        "max.compaction.lag.ms",
        "5",
        "min.compaction.lag.ms",
        "6");
    set(table, "another store", Type.TOPIC, "data", "remote.storage.enable", "true");
    set(table, "no copies", Type.TOPIC, "data", "remote.log.copy.disable", "true");
    change(table, "no list", Type.TOPIC, "data", OpType.APPEND, "retention.ms", "1");
    change(table, "no list to shorten", Type.TOPIC, "data", OpType.SUBTRACT, "retention.ms", "1");
    change(
        table,
        "removed though never there",
        Type.TOPIC,
        "data",
        OpType.DELETE,
        "retension.ms",
        null);
    incremental(
        table,
        "the same setting twice",
        Type.TOPIC,
        "data",
        false,
        config("retention.ms", OpType.SET, "1"),
        config("retention.ms", OpType.DELETE, null));
    for (String name : List.of("data", "nowhere")) {
      table.ask(
          "twice " + name,
          ApiKeys.INCREMENTAL_ALTER_CONFIGS,
          (asked, version) -> {
            IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
            for (String value : List.of("1", "2")) {
              request
                  .resources()
                  .add(altered(Type.TOPIC, name, config("retention.ms", OpType.SET, value)));
            }
            return request;
          });
    }
  }

  private static void refusedOnBrokers(RequestTable table) {
    set(table, "another broker", Type.BROKER, "2", "message.max.bytes", "1");
    set(table, "a broker without number", Type.BROKER, "one", "message.max.bytes", "1");
    for (String broker : List.of("1", "")) {
      set(table, "fixed of '" + broker + "'", Type.BROKER, broker, "broker.rack", "r");
      set(table, "no number of '" + broker + "'", Type.BROKER, broker, "message.max.bytes", "x");
      set(table, "too few of '" + broker + "'", Type.BROKER, broker, "message.max.bytes", "-1");
      set(table, "a store of '" + broker + "'", Type.BROKER, broker, "ssl.keystore.location", "/k");
      set(
          table,
          "a password of '" + broker + "'",
          Type.BROKER,
          broker,
          "listener.name.plaintext.ssl.keystore.password",
          "p");
      set(
          table,
          "too many threads of '" + broker + "'",
          Type.BROKER,
          broker,
          "num.io.threads",
          "99");
      set(table, "too few threads of '" + broker + "'", Type.BROKER, broker, "num.io.threads", "1");
      set(table, "no thread of '" + broker + "'", Type.BROKER, broker, "num.io.threads", "0");
      set(
          table,
          "too many network threads of '" + broker + "'",
          Type.BROKER,
          broker,
          "num.network.threads",
          "99");
      set(
          table,
          "too many cleaners of '" + broker + "'",
          Type.BROKER,
          broker,
          "log.cleaner.threads",
          "99");
      set(
          table,
          "more here than at all of '" + broker + "'",
          Type.BROKER,
          broker,
          "log.local.retention.ms",
          "9000000000");
      set(
          table,
          "no memory for cleaners of '" + broker + "'",
          Type.BROKER,
          broker,
          "log.cleaner.dedupe.buffer.size",
          "1");
      set(
          table,
          "no address at all of '" + broker + "'",
          Type.BROKER,
          broker,
          "max.connections.per.ip",
          "0");
      set(
          table,
          "no connection of '" + broker + "'",
          Type.BROKER,
          broker,
          "listener.name.plaintext.max.connections",
          "0");
      set(
          table,
          "a rate of '" + broker + "'",
          Type.BROKER,
          broker,
          "leader.replication.throttled.rate",
          "-5");
      change(
          table,
          "no list of '" + broker + "'",
          Type.BROKER,
          broker,
          OpType.APPEND,
          "message.max.bytes",
          "1");
    }
    set(table, "listeners of all", Type.BROKER, "", "advertised.listeners", "PLAINTEXT://h:1");
  }

  private static void refusedOnOthers(RequestTable table) {
    set(table, "client metrics", Type.CLIENT_METRICS, "mine", "interval.ms", "1000");
    set(table, "nothing known", Type.UNKNOWN, "x", "a", "b");
    set(table, "another broker's logger", Type.BROKER_LOGGER, "2", "root", "INFO");
    set(table, "nobody's logger", Type.BROKER_LOGGER, "", "root", "INFO");
    change(table, "a longer level", Type.BROKER_LOGGER, "1", OpType.APPEND, "root", "INFO");
  }

  private static void onTopics(RequestTable table, boolean validateOnly) {
    incremental(
        table,
        "set and extended, only checked: " + validateOnly,
        Type.TOPIC,
        "data",
        validateOnly,
        config("retention.ms", OpType.SET, "100000000"),
        config("cleanup.policy", OpType.APPEND, "compact"));
    incremental(
        table,
        "shortened, only checked: " + validateOnly,
        Type.TOPIC,
        "compacted",
        validateOnly,
        config("cleanup.policy", OpType.SUBTRACT, "delete"));
    legacy(
        table,
        "replaced, only checked: " + validateOnly,
        Type.TOPIC,
        "small",
        validateOnly,
        Map.of("max.message.bytes", "2000", "segment.ms", "100000000"));
  }

  private static void onBrokers(RequestTable table, boolean validateOnly) {
    incremental(
        table,
        "of all brokers, only checked: " + validateOnly,
        Type.BROKER,
        "",
        validateOnly,
        config("log.retention.ms", OpType.SET, "200000000"),
        config("log.cleanup.policy", OpType.APPEND, "compact"),
        config("num.network.threads", OpType.SET, "4"),
        config("max.connections", OpType.SET, "100000"),
        config("remote.fetch.max.wait.ms", OpType.SET, "600"),
        config("log.local.retention.ms", OpType.SET, "100000000"),
        config("follower.replication.throttled.rate", OpType.SET, "1000000000"),
        config("of.a.plugin", OpType.SET, "p"));
    incremental(
        table,
        "of one broker, only checked: " + validateOnly,
        Type.BROKER,
        "1",
        validateOnly,
        config("log.cleanup.policy", OpType.SET, "delete"),
        config("ssl.protocol", OpType.SET, "TLSv1.2"),
        config("listener.name.plaintext.max.connections", OpType.SET, "90000"),
        config("listener.name.plaintext.num.network.threads", OpType.SET, "5"),
        config("leader.replication.throttled.rate", OpType.SET, "1000000000"),
        config(LAST.getKey(), OpType.SET, LAST.getValue()));
  }

  private static void set(
      RequestTable table, String what, Type type, String name, String... settings) {
    AlterableConfig[] configs = new AlterableConfig[settings.length / 2];
    AlterConfigsRequestData.AlterableConfigCollection legacy =
        new AlterConfigsRequestData.AlterableConfigCollection();
    for (int i = 0; i < configs.length; i++) {
      configs[i] = config(settings[2 * i], OpType.SET, settings[2 * i + 1]);
    }
    incremental(table, "set: " + what, type, name, false, configs);
    table.ask(
        "replaced: " + what,
        ApiKeys.ALTER_CONFIGS,
        (asked, version) -> {
          for (AlterableConfig config : configs) {
            if (legacy.find(config.name()) == null) {
              legacy.add(
                  new AlterConfigsRequestData.AlterableConfig()
                      .setName(config.name())
                      .setValue(config.value()));
            }
          }
          return replacement(type, name, false, legacy.duplicate());
        });
  }

  private static void change(
      RequestTable table,
      String what,
      Type type,
      String name,
      OpType operation,
      String setting,
      String value) {
    incremental(table, what, type, name, false, config(setting, operation, value));
  }

  private static void incremental(
      RequestTable table,
      String what,
      Type type,
      String name,
      boolean validateOnly,
      AlterableConfig... configs) {
    table.ask(
        what,
        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
        (asked, version) -> {
          IncrementalAlterConfigsRequestData request =
              new IncrementalAlterConfigsRequestData().setValidateOnly(validateOnly);
          request.resources().add(altered(type, name, configs));
          return request;
        });
  }

  private static void legacy(
      RequestTable table,
      String what,
      Type type,
      String name,
      boolean validateOnly,
      Map<String, String> settings) {
    table.ask(
        what,
        ApiKeys.ALTER_CONFIGS,
        (asked, version) -> {
          AlterConfigsRequestData.AlterableConfigCollection configs =
              new AlterConfigsRequestData.AlterableConfigCollection();
          settings.forEach(
              (key, value) ->
                  configs.add(
                      new AlterConfigsRequestData.AlterableConfig().setName(key).setValue(value)));
          return replacement(type, name, validateOnly, configs);
        });
  }

  private static AlterConfigsRequestData replacement(
      Type type,
      String name,
      boolean validateOnly,
      AlterConfigsRequestData.AlterableConfigCollection configs) {
    AlterConfigsRequestData request = new AlterConfigsRequestData().setValidateOnly(validateOnly);
    request
        .resources()
        .add(
            new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(type.id())
                .setResourceName(name)
                .setConfigs(configs));
    return request;
  }

  private static AlterConfigsResource altered(Type type, String name, AlterableConfig... configs) {
    AlterableConfigCollection collection = new AlterableConfigCollection();
    for (AlterableConfig config : configs) {
      collection.add(config.duplicate());
    }
    return new AlterConfigsResource()
        .setResourceType(type.id())
        .setResourceName(name)
        .setConfigs(collection);
  }

  private static AlterableConfig config(String name, OpType operation, String value) {
    return new AlterableConfig().setName(name).setConfigOperation(operation.id()).setValue(value);
  }
}
