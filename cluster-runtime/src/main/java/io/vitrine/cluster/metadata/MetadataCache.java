package io.vitrine.cluster.metadata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataBroker;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataPartitionState;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataTopicState;
import org.apache.kafka.common.requests.UpdateMetadataRequest;

/**
 * Holds the newest {@link MetadataImage} of one broker.
 *
 * <p>Written by the UpdateMetadata handler, under this object's monitor; read from any thread
 * without a lock. An update replaces the brokers and the controller as a whole, and the state of
 * the partitions it names; a partition whose leader is {@value #LEADER_DURING_DELETE} is forgotten.
 */
public final class MetadataCache {
  /** The leader the controller names for a partition that is being deleted. */
  public static final int LEADER_DURING_DELETE = -2;

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<List<TopicPartition>>> deletionListeners =
      new CopyOnWriteArrayList<>();
  private volatile MetadataImage image = MetadataImage.EMPTY;

  public MetadataImage image() {
    return image;
  }

  /**
   * Takes in what the controller says. Whether the controller may still say something is checked
   * before.
   *
   * @return the partitions that are gone
   */
  public List<TopicPartition> apply(UpdateMetadataRequest request) {
    List<TopicPartition> deleted;
    synchronized (this) {
      deleted = replaceImage(request);
    }
    listeners.forEach(Runnable::run);
    if (!deleted.isEmpty()) {
      deletionListeners.forEach(listener -> listener.accept(deleted));
    }
    return deleted;
  }

  /**
   * Hears of every new image, on the thread that brought it, after the image is in place.
   *
   * @param listener short; only hands over
   * @return ends it
   */
  public Runnable onChange(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /**
   * Hears of partitions that are gone, on the thread that brought the image, after it is in place.
   *
   * @param listener short; only hands over
   */
  public void onDeletion(Consumer<List<TopicPartition>> listener) {
    deletionListeners.add(listener);
  }

  private List<TopicPartition> replaceImage(UpdateMetadataRequest request) {
    MetadataImage before = image;
    Map<String, Map<Integer, PartitionMetadata>> partitions = new HashMap<>(before.partitions());
    Map<String, Uuid> topicIds = new HashMap<>(before.topicIds());
    for (UpdateMetadataTopicState topic : request.topicStates()) {
      if (topic.topicId().equals(Uuid.ZERO_UUID)) {
        topicIds.remove(topic.topicName());
      } else {
        topicIds.put(topic.topicName(), topic.topicId());
      }
    }
    Set<String> copied = new HashSet<>();
    List<TopicPartition> deleted = new ArrayList<>();
    for (UpdateMetadataPartitionState state : request.partitionStates()) {
      String topic = state.topicName();
      if (copied.add(topic)) {
        partitions.put(topic, new TreeMap<>(partitions.getOrDefault(topic, new TreeMap<>())));
      }
      if (state.leader() == LEADER_DURING_DELETE) {
        partitions.get(topic).remove(state.partitionIndex());
        deleted.add(new TopicPartition(topic, state.partitionIndex()));
      } else {
        partitions.get(topic).put(state.partitionIndex(), metadata(state));
      }
    }
    for (String topic : copied) {
      if (partitions.get(topic).isEmpty()) {
        partitions.remove(topic);
        topicIds.remove(topic);
      }
    }
    image = new MetadataImage(request.controllerId(), brokers(request), partitions, topicIds);
    return List.copyOf(deleted);
  }

  private static PartitionMetadata metadata(UpdateMetadataPartitionState state) {
    return new PartitionMetadata(
        state.leader(),
        state.leaderEpoch(),
        state.zkVersion(),
        state.replicas(),
        state.isr(),
        state.offlineReplicas());
  }

  private static Map<Integer, BrokerNode> brokers(UpdateMetadataRequest request) {
    Map<Integer, BrokerNode> brokers = new TreeMap<>();
    for (UpdateMetadataBroker broker : request.liveBrokers()) {
      Map<String, BrokerNode.HostPort> endpoints = new HashMap<>();
      broker
          .endpoints()
          .forEach(
              endpoint ->
                  endpoints.put(
                      endpoint.listener(),
                      new BrokerNode.HostPort(endpoint.host(), endpoint.port())));
      brokers.put(
          broker.id(), new BrokerNode(broker.id(), Optional.ofNullable(broker.rack()), endpoints));
    }
    return brokers;
  }
}
