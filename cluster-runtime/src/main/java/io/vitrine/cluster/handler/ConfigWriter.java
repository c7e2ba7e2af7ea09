package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.zookeeper.ConfigStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.requests.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes settings of topics and brokers for both ways of asking, and maps what goes wrong to
 * Kafka's errors.
 *
 * <p>Any broker may do it, except that a broker's own settings are changed by itself: the settings
 * go to ZooKeeper with a notification, and every broker applies them when it hears of it. Of a
 * broker's settings only those are taken that take effect while it runs. Stateless; never blocks.
 */
public final class ConfigWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWriter.class);

  private final int brokerId;
  private final MetadataCache metadata;
  private final DynamicBrokerConfig broker;
  private final ConfigStore store;

  public ConfigWriter(
      int brokerId, MetadataCache metadata, DynamicBrokerConfig broker, ConfigStore store) {
    this.brokerId = brokerId;
    this.metadata = metadata;
    this.broker = broker;
    this.store = store;
  }

  /** What becomes of settings; the definition is that of all settings the resource has. */
  interface Change {
    Map<String, String> of(Map<String, String> before, ConfigDef definition);
  }

  /**
   * Changes one resource's settings.
   *
   * @return the error, NONE included; does not fail
   */
  CompletableFuture<ApiError> change(ConfigResource resource, Change change, boolean validateOnly) {
    try {
      return switch (resource.type()) {
        case TOPIC -> {
          requireKnownTopic(resource.name());
          yield write(
              resource,
              ConfigStore.topic(resource.name()),
              before -> {
                Map<String, String> after = change.of(before, TopicConfig.definition());
                TopicConfig.validate(after);
                return after;
              },
              validateOnly);
        }
        case BROKER ->
            write(
                resource,
                brokerPath(resource.name()),
                before -> {
                  Map<String, String> after = change.of(before, broker.fixed().definition());
                  broker.validate(after, !resource.name().isEmpty());
                  return after;
                },
                validateOnly);
        default ->
            throw new InvalidRequestException(
                "AlterConfigs is only supported for topics and brokers, but resource type is "
                    + resource.type());
      };
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(ApiError.fromThrowable(e));
    }
  }

  private CompletableFuture<ApiError> write(
      ConfigResource resource,
      String path,
      UnaryOperator<Map<String, String>> checkedChange,
      boolean validateOnly) {
    return store
        .read(path)
        .thenCompose(
            before -> {
              Map<String, String> after = checkedChange.apply(before);
              return validateOnly
                  ? CompletableFuture.completedFuture(null)
                  : store.change(path, after);
            })
        .handle((done, failure) -> failure == null ? ApiError.NONE : error(resource, failure));
  }

  private void requireKnownTopic(String name) {
    if (name.isEmpty()) {
      throw new InvalidRequestException("Default topic resources are not allowed.");
    }
    if (!metadata.image().contains(name)) {
      throw new UnknownTopicOrPartitionException("The topic '" + name + "' does not exist.");
    }
  }

  private String brokerPath(String name) {
    if (name.isEmpty()) {
      return ConfigStore.ALL_BROKERS;
    }
    if (!name.equals(Integer.toString(brokerId))) {
      throw new InvalidRequestException(
          "Unexpected broker id, expected " + brokerId + " or empty string, but received " + name);
    }
    return ConfigStore.broker(brokerId);
  }

  private static ApiError error(ConfigResource resource, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof ConfigException || cause instanceof IllegalArgumentException) {
      cause =
          new InvalidConfigurationException(
              "Invalid config value for resource " + resource + ": " + cause.getMessage(), cause);
    }
    LOG.info("settings of {} are not changed: {}", resource, cause.toString());
    return ApiError.fromThrowable(cause);
  }
}
