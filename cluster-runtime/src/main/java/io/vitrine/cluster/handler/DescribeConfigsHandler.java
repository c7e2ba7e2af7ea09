package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * Settings in force with where they come from: the topic itself, the broker's properties, or
 * Kafka's defaults.
 *
 * <p>Topic settings are read from ZooKeeper at each request. Left out: broker loggers and client
 * metrics, answered INVALID_REQUEST; dynamic broker settings, of which there are none.
 */
public final class DescribeConfigsHandler implements ApiHandler {
  private final int brokerId;
  private final DynamicBrokerConfig settings;
  private final MetadataCache metadata;
  private final TopicStore topics;

  public DescribeConfigsHandler(
      int brokerId, DynamicBrokerConfig settings, MetadataCache metadata, TopicStore topics) {
    this.brokerId = brokerId;
    this.settings = settings;
    this.metadata = metadata;
    this.topics = topics;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_CONFIGS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 4;
  }

  @Override
  public void handle(Request request) {
    DescribeConfigsRequestData body = request.body(DescribeConfigsRequest.class).data();
    List<CompletableFuture<DescribeConfigsResult>> results = new ArrayList<>();
    for (DescribeConfigsResource resource : body.resources()) {
      results.add(
          describe(resource, body)
              .exceptionally(DescribeConfigsHandler::failed)
              .thenApply(
                  result ->
                      result
                          .setResourceName(resource.resourceName())
                          .setResourceType(resource.resourceType())));
    }
    CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenRun(
            () ->
                request.respond(
                    new DescribeConfigsResponse(
                        new DescribeConfigsResponseData()
                            .setResults(results.stream().map(CompletableFuture::join).toList()))));
  }

  private CompletableFuture<DescribeConfigsResult> describe(
      DescribeConfigsResource resource, DescribeConfigsRequestData request) {
    try {
      return switch (ConfigResource.Type.forId(resource.resourceType())) {
        case TOPIC -> topic(resource, request);
        case BROKER -> CompletableFuture.completedFuture(broker(resource, request));
        default ->
            throw new InvalidRequestException(
                "Unsupported resource type: " + ConfigResource.Type.forId(resource.resourceType()));
      };
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<DescribeConfigsResult> topic(
      DescribeConfigsResource resource, DescribeConfigsRequestData request) {
    String name = resource.resourceName();
    Topic.validate(name);
    if (!metadata.image().contains(name)) {
      return CompletableFuture.completedFuture(
          new DescribeConfigsResult().setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));
    }
    return topics
        .topicConfig(name)
        .thenApply(
            own -> {
              TopicConfig topic = TopicConfig.of(settings.current(), own);
              DescribeConfigsResult result = new DescribeConfigsResult();
              for (String key : asked(resource, TopicConfig.definition().names())) {
                result.configs().add(topicEntry(key, topic, request));
              }
              return result;
            });
  }

  private DescribeConfigsResourceResult topicEntry(
      String name, TopicConfig topic, DescribeConfigsRequestData request) {
    ConfigDef.ConfigKey key = TopicConfig.definition().configKeys().get(name);
    String value = ConfigDef.convertToString(topic.value(name), key.type());
    List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
    if (topic.overrides().containsKey(name)) {
      synonyms.add(synonym(name, value, ConfigSource.TOPIC_CONFIG));
    }
    TopicConfig.brokerSynonym(name).ifPresent(broker -> synonyms.addAll(synonyms(broker)));
    return entry(key, value, synonyms, request).setReadOnly(false);
  }

  private DescribeConfigsResult broker(
      DescribeConfigsResource resource, DescribeConfigsRequestData request) {
    DescribeConfigsResult result = new DescribeConfigsResult();
    String name = resource.resourceName();
    if (name == null || name.isEmpty()) {
      // The defaults of dynamic settings for all brokers: there are none.
      return result;
    }
    if (id(name) != brokerId) {
      throw new InvalidRequestException(
          "Unexpected broker id, expected " + brokerId + " or empty string, but received " + name);
    }
    BrokerConfig config = settings.current();
    for (String setting : asked(resource, config.definition().names())) {
      ConfigDef.ConfigKey key = config.definition().configKeys().get(setting);
      result
          .configs()
          .add(
              entry(
                      key,
                      ConfigDef.convertToString(config.value(setting), key.type()),
                      synonyms(setting),
                      request)
                  .setReadOnly(true));
    }
    return result;
  }

  private static int id(String name) {
    try {
      return Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("Broker id must be an integer, but it is: " + name);
    }
  }

  private static Collection<String> asked(
      DescribeConfigsResource resource, Collection<String> all) {
    Collection<String> names = new TreeSet<>(all);
    if (resource.configurationKeys() != null && !resource.configurationKeys().isEmpty()) {
      names.retainAll(resource.configurationKeys());
    }
    return names;
  }

  private static DescribeConfigsResourceResult entry(
      ConfigDef.ConfigKey key,
      String value,
      List<DescribeConfigsSynonym> synonyms,
      DescribeConfigsRequestData request) {
    boolean sensitive = key.type() == ConfigDef.Type.PASSWORD;
    return new DescribeConfigsResourceResult()
        .setName(key.name)
        .setValue(sensitive ? null : value)
        .setIsSensitive(sensitive)
        .setConfigSource(
            synonyms.isEmpty() ? ConfigSource.DEFAULT_CONFIG.id() : synonyms.get(0).source())
        .setSynonyms(request.includeSynonyms() ? synonyms : List.of())
        .setConfigType(type(key.type()).id())
        .setDocumentation(request.includeDocumentation() ? key.documentation : null);
  }

  /**
   * Where a broker setting's value may come from, first the one in force: the names that stand in
   * for each other in the broker's properties, then their defaults, beginning with the setting's
   * own name as Kafka lists them.
   */
  private List<DescribeConfigsSynonym> synonyms(String name) {
    List<DescribeConfigsSynonym> found = new ArrayList<>();
    List<String> names = BrokerConfig.synonyms(name);
    BrokerConfig config = settings.fixed();
    Map<String, String> originals = config.originals();
    for (String synonym : names) {
      if (originals.containsKey(synonym)) {
        found.add(synonym(synonym, originals.get(synonym), ConfigSource.STATIC_BROKER_CONFIG));
      }
    }
    for (String synonym : names) {
      ConfigDef.ConfigKey key = config.definition().configKeys().get(synonym);
      if (key != null && key.hasDefault() && key.defaultValue != null) {
        found.add(
            synonym(
                synonym,
                ConfigDef.convertToString(key.defaultValue, key.type()),
                ConfigSource.DEFAULT_CONFIG));
      }
    }
    while (!found.isEmpty() && !found.get(0).name().equals(name)) {
      found.remove(0);
    }
    return found;
  }

  private static DescribeConfigsSynonym synonym(String name, String value, ConfigSource source) {
    return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
  }

  private static ConfigType type(ConfigDef.Type type) {
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

  private static DescribeConfigsResult failed(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    ApiError error = ApiError.fromThrowable(cause);
    return new DescribeConfigsResult()
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }
}
