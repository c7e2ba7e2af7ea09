package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics that come into being because somebody asked for them: the controller is sent a
 * CreateTopics request.
 *
 * <p>Owns the set of topics under way, so that many askers make one request. Never blocks and tells
 * nobody how it went: who asked asks again until metadata know the topic. Safe from any thread.
 */
public final class AutoTopicCreation {
  private static final Logger LOG = LoggerFactory.getLogger(AutoTopicCreation.class);

  private final int brokerId;
  private final BrokerConfig config;
  private final MetadataCache metadata;
  private final NodeClients clients;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  public AutoTopicCreation(
      int brokerId, BrokerConfig config, MetadataCache metadata, NodeClients clients) {
    this.brokerId = brokerId;
    this.config = config;
    this.metadata = metadata;
    this.clients = clients;
  }

  /** Asks the controller to create those topics that are not under way; names must be valid. */
  public void create(Collection<String> names) {
    List<String> topics = new ArrayList<>();
    for (String name : names) {
      if (underWay.add(name)) {
        topics.add(name);
      }
    }
    if (topics.isEmpty()) {
      return;
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
      return;
    }
    send(controller, topics);
  }

  private void send(Node controller, List<String> topics) {
    CreatableTopicCollection creatable = new CreatableTopicCollection();
    topics.forEach(name -> creatable.add(creatable(name)));
    NodeClient client =
        clients.connectTo(controller.host(), controller.port(), "auto topic creation");
    client
        .send(
            new CreateTopicsRequest.Builder(
                new CreateTopicsRequestData()
                    .setTimeoutMs(config.requestTimeoutMs())
                    .setTopics(creatable)),
            ApiKeys.CREATE_TOPICS.latestVersion())
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
    if (name.equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
      topic
          .setNumPartitions(config.offsetsTopicNumPartitions())
          .setReplicationFactor(config.offsetsTopicReplicationFactor());
      Map.of(
              "cleanup.policy", "compact",
              "compression.type", "producer",
              "segment.bytes", Integer.toString(config.offsetsTopicSegmentBytes()))
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
