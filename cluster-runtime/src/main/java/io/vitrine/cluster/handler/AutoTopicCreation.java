package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.coordinator.InternalTopic;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.quota.MutationBudget;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics that come into being because somebody asked for them: the controller is sent a
 * CreateTopics request.
 *
 * <p>Owns the set of topics under way, so that many askers make one request. Never blocks. Safe
 * from any thread.
 */
public final class AutoTopicCreation {
  private static final Logger LOG = LoggerFactory.getLogger(AutoTopicCreation.class);

  /** The last whose sender is never refused over a quota: the one who asked us is held to his. */
  private static final short VERSION = 5;

  private final int brokerId;
  private final BrokerConfig config;
  private final MetadataCache metadata;
  private final NodeClients clients;
  private final Map<String, InternalTopic> internal;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param internalTopics those that are made in their own way
   */
  public AutoTopicCreation(
      int brokerId,
      BrokerConfig config,
      MetadataCache metadata,
      NodeClients clients,
      Collection<InternalTopic> internalTopics) {
    this.brokerId = brokerId;
    this.config = config;
    this.metadata = metadata;
    this.clients = clients;
    this.internal =
        internalTopics.stream()
            .collect(Collectors.toUnmodifiableMap(InternalTopic::name, Function.identity()));
  }

  /**
   * Asks the controller to create those topics that are not under way; names must be valid.
   *
   * @param budget of who asked for them: what is created is taken off
   * @return what to tell whoever asked for them: 5 for a topic that is there now and has no leaders
   *     yet, 3 for one under way and without a controller, else why it cannot be created; never
   *     fails
   */
  public CompletableFuture<Map<String, Errors>> create(
      Collection<String> names, MutationBudget budget) {
    List<String> topics = new ArrayList<>();
    Map<String, Errors> outcome = new HashMap<>();
    for (String name : names) {
      outcome.put(name, Errors.UNKNOWN_TOPIC_OR_PARTITION);
      if (underWay.add(name)) {
        topics.add(name);
      }
    }
    if (topics.isEmpty()) {
      return CompletableFuture.completedFuture(outcome);
    }
    Node controller =
        metadata
            .image()
            .broker(metadata.image().controllerId())
            .flatMap(broker -> broker.node(config.interBrokerListenerName()))
            .orElse(null);
    if (controller == null) {
      LOG.info("broker={} no controller known to create {}", brokerId, topics);
      topics.forEach(underWay::remove);
      return CompletableFuture.completedFuture(outcome);
    }
    CreatableTopicCollection creatable = new CreatableTopicCollection();
    topics.forEach(name -> creatable.add(creatable(name)));
    return send(controller, creatable)
        .handle(
            (response, failure) -> {
              if (failure == null) {
                for (CreatableTopicResult topic : response.data().topics()) {
                  outcome.put(topic.name(), told(topic.errorCode()));
                  if (isCreated(topic.errorCode())) {
                    budget.spend(creatable.find(topic.name()).numPartitions());
                  }
                }
              }
              return outcome;
            });
  }

  /** The controller is not to wait for leaders, so it may say that there was no time. */
  private static boolean isCreated(short errorCode) {
    return errorCode == Errors.NONE.code() || errorCode == Errors.REQUEST_TIMED_OUT.code();
  }

  private static Errors told(short errorCode) {
    if (isCreated(errorCode)) {
      return Errors.LEADER_NOT_AVAILABLE;
    }
    Errors error = Errors.forCode(errorCode);
    return switch (error) {
      case TOPIC_ALREADY_EXISTS -> Errors.LEADER_NOT_AVAILABLE;
      case NOT_CONTROLLER -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
      default -> error;
    };
  }

  private CompletableFuture<CreateTopicsResponse> send(
      Node controller, CreatableTopicCollection creatable) {
    List<String> topics = creatable.stream().map(CreatableTopic::name).toList();
    NodeClient client =
        clients.connectTo(controller.host(), controller.port(), "auto topic creation");
    return client
        .send(
            new CreateTopicsRequest.Builder(
                new CreateTopicsRequestData().setTimeoutMs(0).setTopics(creatable)),
            VERSION)
        .thenApply(CreateTopicsResponse.class::cast)
        .whenComplete(
            (response, failure) -> {
              topics.forEach(underWay::remove);
              client.close();
              if (failure != null) {
                LOG.info(
                    "broker={} controller={} did not create {}: {}",
                    brokerId,
                    controller.id(),
                    topics,
                    failure.toString());
              } else {
                LOG.debug("broker={} created {}: {}", brokerId, topics, response);
              }
            });
  }

  private CreatableTopic creatable(String name) {
    CreatableTopic topic = new CreatableTopic().setName(name);
    InternalTopic own = internal.get(name);
    if (own != null) {
      topic.setNumPartitions(own.partitionCount()).setReplicationFactor(own.replicationFactor());
      own.settings()
          .forEach(
              (key, value) ->
                  topic.configs().add(new CreatableTopicConfig().setName(key).setValue(value)));
      return topic;
    }
    return topic
        .setNumPartitions(config.numPartitions())
        .setReplicationFactor((short) config.defaultReplicationFactor());
  }
}
