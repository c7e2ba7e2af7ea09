package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.config.TopicConfig;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.zookeeper.ConfigStore;
import io.vitrine.protocol.server.Request;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.server.policy.AlterConfigPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes settings of topics and brokers for both ways of asking, and maps what goes wrong to
 * Kafka's errors.
 *
 * <p>Any broker may do it, except that a broker's own settings are changed by itself: the settings
 * go to ZooKeeper with a notification, and every broker applies them when it hears of it. Of a
 * broker's settings only those are taken that take effect while it runs. Never blocks; safe from
 * any thread.
 */
public final class ConfigWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWriter.class);

  private final int brokerId;
  private final MetadataCache metadata;
  private final DynamicBrokerConfig broker;
  private final ConfigStore store;
  private final Authorizer authorizer;
  private final Optional<AlterConfigPolicy> policy;

  public ConfigWriter(
      int brokerId,
      MetadataCache metadata,
      DynamicBrokerConfig broker,
      ConfigStore store,
      Authorizer authorizer) {
    this.brokerId = brokerId;
    this.metadata = metadata;
    this.broker = broker;
    this.store = store;
    this.authorizer = authorizer;
    this.policy = broker.fixed().alterConfigPolicy();
  }

  /** What becomes of settings; the definition is that of all settings the resource has. */
  interface Change {
    Map<String, String> of(Map<String, String> before, ConfigDef definition);
  }

  /**
   * Changes one resource's settings.
   *
   * @param asked the settings as they stand in the request, for the policy
   * @return the error, NONE included; does not fail
   */
  CompletableFuture<ApiError> change(
      Request request,
      ConfigResource resource,
      Map<String, String> asked,
      Change change,
      boolean validateOnly) {
    CompletableFuture<Void> changed;
    try {
      changed =
          switch (resource.type()) {
            case TOPIC -> topic(request, resource, asked, change, validateOnly);
            case BROKER -> broker(request, resource, asked, change, validateOnly);
            case CLIENT_METRICS ->
                throw new InvalidRequestException(
                    "AlterConfigs is only supported for topics and brokers, but resource type is "
                        + resource.type());
            default ->
                throw new InvalidRequestException("Unknown resource type " + resource.type().id());
          };
    } catch (RuntimeException e) {
      changed = CompletableFuture.failedFuture(e);
    }
    return changed.handle(
        (done, failure) -> failure == null ? ApiError.NONE : error(resource, failure));
  }

  private CompletableFuture<Void> topic(
      Request request,
      ConfigResource resource,
      Map<String, String> asked,
      Change change,
      boolean validateOnly) {
    if (!authorizer.authorize(
        request, AclOperation.ALTER_CONFIGS, ResourceType.TOPIC, resource.name())) {
      throw Errors.TOPIC_AUTHORIZATION_FAILED.exception();
    }
    if (resource.name().isEmpty()) {
      throw new InvalidRequestException("Default topic resources are not allowed.");
    }
    String path = ConfigStore.topic(resource.name());
    return store
        .read(path)
        .thenCompose(
            before -> {
              Map<String, String> after = change.of(before, TopicConfig.definition());
              if (!metadata.image().contains(resource.name())) {
                throw new UnknownTopicOrPartitionException(
                    "The topic '" + resource.name() + "' does not exist.");
              }
              TopicConfig.validate(broker.current(), after);
              askPolicy(resource, asked);
              return write(path, after, validateOnly);
            });
  }

  private CompletableFuture<Void> broker(
      Request request,
      ConfigResource resource,
      Map<String, String> asked,
      Change change,
      boolean validateOnly) {
    boolean ofOneBroker = !resource.name().isEmpty();
    if (ofOneBroker) {
      requireThisBroker(resource.name());
    }
    String path = ofOneBroker ? ConfigStore.broker(brokerId) : ConfigStore.ALL_BROKERS;
    return store
        .read(path)
        .thenCompose(
            persistent -> {
              Map<String, String> after =
                  change.of(
                      broker.fromPersistent(persistent, ofOneBroker), broker.fixed().definition());
              validate(after, ofOneBroker);
              if (!authorizer.authorizeCluster(request, AclOperation.ALTER_CONFIGS)) {
                throw Errors.CLUSTER_AUTHORIZATION_FAILED.exception();
              }
              askPolicy(resource, asked);
              if (ofOneBroker && !validateOnly) {
                broker.reloadFiles();
              }
              return validateOnly
                  ? CompletableFuture.completedFuture(null)
                  : write(path, broker.toPersistent(after, ofOneBroker), false);
            });
  }

  /** Kafka answers INVALID_REQUEST to brokers' settings that cannot be, which clients know. */
  private void validate(Map<String, String> settings, boolean ofOneBroker) {
    try {
      broker.validate(settings, ofOneBroker);
    } catch (ConfigException e) {
      throw new InvalidRequestException(e.getMessage());
    }
  }

  private void requireThisBroker(String name) {
    int id;
    try {
      id = Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("Node id must be an integer, but it is: " + name);
    }
    if (id != brokerId) {
      throw new InvalidRequestException(
          "Unexpected broker id, expected " + brokerId + ", but received " + name);
    }
  }

  private void askPolicy(ConfigResource resource, Map<String, String> asked) {
    policy.ifPresent(
        plugin -> plugin.validate(new AlterConfigPolicy.RequestMetadata(resource, asked)));
  }

  private CompletableFuture<Void> write(
      String path, Map<String, String> settings, boolean validateOnly) {
    return validateOnly ? CompletableFuture.completedFuture(null) : store.change(path, settings);
  }

  private static ApiError error(ConfigResource resource, Throwable failure) {
    Throwable cause = Failures.cause(failure);
    if (cause instanceof ApiException) {
      LOG.info("settings of {} are not changed: {}", resource, cause.toString());
    } else if (cause instanceof ConfigException || cause instanceof IllegalArgumentException) {
      cause =
          new InvalidConfigurationException(
              "Invalid config value for resource " + resource + ": " + cause.getMessage(), cause);
      LOG.info("settings of {} are not changed: {}", resource, cause.getMessage());
    } else {
      LOG.error("settings of {} are not changed", resource, cause);
    }
    return ApiError.fromThrowable(cause);
  }
}
