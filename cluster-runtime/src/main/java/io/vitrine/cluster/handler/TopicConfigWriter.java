package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.zookeeper.TopicStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.requests.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes settings of topics for both ways of asking, and maps what goes wrong to Kafka's errors.
 *
 * <p>Any broker may do it: the settings go to ZooKeeper with a notification, and every broker
 * applies them when it hears of it. Settings of brokers are refused: they are fixed while a broker
 * runs. Stateless; never blocks.
 */
final class TopicConfigWriter {
  private static final Logger LOG = LoggerFactory.getLogger(TopicConfigWriter.class);

  private final MetadataCache metadata;
  private final TopicStore topics;

  TopicConfigWriter(MetadataCache metadata, TopicStore topics) {
    this.metadata = metadata;
    this.topics = topics;
  }

  /**
   * Changes one resource's settings.
   *
   * @param change from the settings before to those after
   * @return the error, NONE included; does not fail
   */
  CompletableFuture<ApiError> change(
      ConfigResource resource, UnaryOperator<Map<String, String>> change, boolean validateOnly) {
    try {
      requireKnownTopic(resource);
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(ApiError.fromThrowable(e));
    }
    return topics
        .topicConfig(resource.name())
        .thenCompose(
            before -> {
              Map<String, String> after = change.apply(before);
              TopicConfig.validate(after);
              return validateOnly
                  ? CompletableFuture.completedFuture(null)
                  : topics.changeTopicConfig(resource.name(), after);
            })
        .handle((done, failure) -> failure == null ? ApiError.NONE : error(resource, failure));
  }

  private void requireKnownTopic(ConfigResource resource) {
    if (resource.type() == ConfigResource.Type.BROKER) {
      throw new InvalidRequestException(
          "Settings of a broker cannot be changed while it runs: set them in its properties and"
              + " restart it.");
    }
    if (resource.type() != ConfigResource.Type.TOPIC) {
      throw new InvalidRequestException(
          "AlterConfigs is only supported for topics, but resource type is " + resource.type());
    }
    if (resource.name().isEmpty()) {
      throw new InvalidRequestException("Default topic resources are not allowed.");
    }
    if (!metadata.image().contains(resource.name())) {
      throw new UnknownTopicOrPartitionException(
          "The topic '" + resource.name() + "' does not exist.");
    }
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
