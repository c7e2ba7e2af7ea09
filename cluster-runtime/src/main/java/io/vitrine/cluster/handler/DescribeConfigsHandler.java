package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Settings in force of topics, of this broker, of all brokers, and the levels of this broker's
 * loggers; see {@link ConfigEntries} for where they come from.
 *
 * <p>Topic settings are read from ZooKeeper at each request. Client metrics are refused: Kafka has
 * them with KRaft only.
 */
public final class DescribeConfigsHandler implements ApiHandler {
  private final int brokerId;
  private final DynamicBrokerConfig settings;
  private final ConfigEntries entries;
  private final BrokerLoggers loggers;
  private final MetadataCache metadata;
  private final TopicStore topics;
  private final Authorizer authorizer;

  public DescribeConfigsHandler(
      int brokerId,
      DynamicBrokerConfig settings,
      BrokerLoggers loggers,
      MetadataCache metadata,
      TopicStore topics,
      Authorizer authorizer) {
    this.brokerId = brokerId;
    this.settings = settings;
    this.entries = new ConfigEntries(settings);
    this.loggers = loggers;
    this.metadata = metadata;
    this.topics = topics;
    this.authorizer = authorizer;
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
    body.resources().forEach(DescribeConfigsHandler::requireType);
    List<CompletableFuture<DescribeConfigsResult>> results = new ArrayList<>();
    for (DescribeConfigsResource resource : body.resources()) {
      results.add(
          permitted(request, resource, body)
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

  /** A type nobody knows spoils the whole request. */
  private static void requireType(DescribeConfigsResource resource) {
    ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
    switch (type) {
      case TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS -> {
        // known
      }
      default ->
          throw new InvalidRequestException(
              "Unexpected resource type " + type + " for resource " + resource.resourceName());
    }
  }

  private CompletableFuture<DescribeConfigsResult> permitted(
      Request request, DescribeConfigsResource resource, DescribeConfigsRequestData body) {
    boolean topic = resource.resourceType() == ConfigResource.Type.TOPIC.id();
    boolean permitted =
        topic
            ? authorizer.authorize(
                request, AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC, resource.resourceName())
            : authorizer.authorizeCluster(request, AclOperation.DESCRIBE_CONFIGS);
    if (permitted) {
      return describe(resource, body);
    }
    Errors error = topic ? Errors.TOPIC_AUTHORIZATION_FAILED : Errors.CLUSTER_AUTHORIZATION_FAILED;
    return CompletableFuture.completedFuture(
        new DescribeConfigsResult().setErrorCode(error.code()).setErrorMessage(error.message()));
  }

  private CompletableFuture<DescribeConfigsResult> describe(
      DescribeConfigsResource resource, DescribeConfigsRequestData request) {
    try {
      return switch (ConfigResource.Type.forId(resource.resourceType())) {
        case TOPIC -> topic(resource, request);
        case BROKER -> CompletableFuture.completedFuture(broker(resource, request));
        case BROKER_LOGGER -> CompletableFuture.completedFuture(loggers(resource));
        default -> throw clientMetrics(resource);
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
        .thenApply(own -> TopicConfig.of(settings.current(), own))
        .thenApply(
            topic ->
                described(
                    resource,
                    request,
                    ConfigEntries.names(topic),
                    setting -> entries.ofTopic(setting, topic)));
  }

  private DescribeConfigsResult broker(
      DescribeConfigsResource resource, DescribeConfigsRequestData request) {
    String name = resource.resourceName();
    if (name == null || name.isEmpty()) {
      return described(resource, request, entries.namesForAll(), entries::forAll);
    }
    requireThisBroker(name, " or empty string,");
    return described(resource, request, entries.namesOfBroker(), entries::ofBroker);
  }

  private static DescribeConfigsResult described(
      DescribeConfigsResource resource,
      DescribeConfigsRequestData request,
      Set<String> names,
      Function<String, DescribeConfigsResourceResult> describe) {
    DescribeConfigsResult result = new DescribeConfigsResult();
    for (String name : names) {
      if (isAsked(resource, name)) {
        DescribeConfigsResourceResult entry = describe.apply(name);
        if (!request.includeSynonyms()) {
          entry.setSynonyms(List.of());
        }
        if (!request.includeDocumentation()) {
          entry.setDocumentation(null);
        }
        result.configs().add(entry);
      }
    }
    return result;
  }

  private DescribeConfigsResult loggers(DescribeConfigsResource resource) {
    String name = resource.resourceName();
    if (name == null || name.isEmpty()) {
      throw new InvalidRequestException("Broker id must not be empty");
    }
    requireThisBroker(name, "");
    DescribeConfigsResult result = new DescribeConfigsResult();
    loggers
        .levels()
        .forEach(
            (logger, level) -> {
              if (isAsked(resource, logger)) {
                result
                    .configs()
                    .add(
                        new DescribeConfigsResourceResult()
                            .setName(logger)
                            .setValue(level)
                            .setConfigSource(ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG.id())
                            .setReadOnly(false));
              }
            });
    return result;
  }

  private static InvalidRequestException clientMetrics(DescribeConfigsResource resource) {
    String name = resource.resourceName();
    return new InvalidRequestException(
        name == null || name.isEmpty()
            ? "Client metrics subscription name must not be empty"
            : "Config type client-metrics is only supported on KRaft clusters");
  }

  private void requireThisBroker(String name, String alternative) {
    int id;
    try {
      id = Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("Broker id must be an integer, but it is: " + name);
    }
    if (id != brokerId) {
      throw new InvalidRequestException(
          "Unexpected broker id, expected " + brokerId + alternative + " but received " + name);
    }
  }

  private static boolean isAsked(DescribeConfigsResource resource, String name) {
    List<String> keys = resource.configurationKeys();
    return keys == null || keys.isEmpty() || keys.contains(name);
  }

  private static DescribeConfigsResult failed(Throwable failure) {
    ApiError error = ApiError.fromThrowable(Failures.cause(failure));
    return new DescribeConfigsResult()
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }
}
