package io.vitrine.cluster.controller;

import io.vitrine.cluster.zookeeper.CreateMode;
import io.vitrine.cluster.zookeeper.NodeData;
import io.vitrine.cluster.zookeeper.PartitionStateNode;
import io.vitrine.cluster.zookeeper.TopicNode;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkException;
import io.vitrine.cluster.zookeeper.ZkOp;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZkResult;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * The active controller's reads and writes. Every write is a multi that begins with a check of
 * {@code /controller_epoch} at the version this controller's election left, so that one that was
 * replaced changes nothing. Blocks; called by the event thread, each method one pipelined burst.
 */
final class FencedStore {
  private final ZooKeeperSession session;
  private final int epoch;
  private final int epochVersion;

  /**
   * @param epoch this controller's epoch
   * @param epochVersion version of {@code /controller_epoch} after its election
   */
  FencedStore(ZooKeeperSession session, int epoch, int epochVersion) {
    this.session = session;
    this.epoch = epoch;
    this.epochVersion = epochVersion;
  }

  int epoch() {
    return epoch;
  }

  // ---- reads ---------------------------------------------------------------------------------

  Map<String, TopicNode> topics(Collection<String> names) {
    Map<String, CompletableFuture<Optional<NodeData>>> asked = new LinkedHashMap<>();
    names.forEach(name -> asked.put(name, session.getAndWatch(ZkPaths.topic(name))));
    Map<String, TopicNode> found = new LinkedHashMap<>();
    asked.forEach(
        (name, answer) ->
            join(answer).ifPresent(node -> found.put(name, TopicNode.decode(name, node.data()))));
    return found;
  }

  Map<TopicPartition, PartitionState> states(Collection<TopicPartition> partitions) {
    Map<TopicPartition, CompletableFuture<Optional<NodeData>>> asked = new LinkedHashMap<>();
    partitions.forEach(partition -> asked.put(partition, session.get(statePath(partition))));
    Map<TopicPartition, PartitionState> found = new LinkedHashMap<>();
    asked.forEach(
        (partition, answer) ->
            join(answer)
                .ifPresent(
                    node ->
                        found.put(
                            partition,
                            PartitionState.of(
                                PartitionStateNode.decode(statePath(partition), node.data()),
                                node.stat().version()))));
    return found;
  }

  // ---- partition states ----------------------------------------------------------------------

  /** What became of conditional state writes. */
  record Written(Map<TopicPartition, PartitionState> done, List<TopicPartition> outdated) {}

  /** Writes each state if its partition epoch is still the one it was made from. */
  Written update(Map<TopicPartition, PartitionState> states) {
    Map<TopicPartition, CompletableFuture<List<ZkResult>>> asked = new LinkedHashMap<>();
    states.forEach(
        (partition, state) ->
            asked.put(
                partition,
                fenced(
                    new ZkOp.SetData(
                        statePath(partition), state.toNode().encode(), state.partitionEpoch()))));
    Map<TopicPartition, PartitionState> done = new LinkedHashMap<>();
    List<TopicPartition> outdated = new ArrayList<>();
    asked.forEach(
        (partition, answer) -> {
          try {
            int version = join(answer).get(1).stat().version();
            done.put(partition, states.get(partition).written(version));
          } catch (ZkException e) {
            if (e.code() != ZkException.Code.BAD_VERSION && e.code() != ZkException.Code.NO_NODE) {
              throw e;
            }
            outdated.add(partition);
          }
        });
    return new Written(done, outdated);
  }

  /** Writes the first states of new partitions; those that have one already are outdated. */
  Written create(Map<TopicPartition, PartitionState> states) {
    List<CompletableFuture<List<ZkResult>>> parents = new ArrayList<>();
    states.keySet().stream()
        .map(TopicPartition::topic)
        .distinct()
        .forEach(topic -> parents.add(create(ZkPaths.partitions(topic), null)));
    states
        .keySet()
        .forEach(p -> parents.add(create(ZkPaths.partition(p.topic(), p.partition()), null)));
    Map<TopicPartition, CompletableFuture<List<ZkResult>>> asked = new LinkedHashMap<>();
    states.forEach(
        (partition, state) ->
            asked.put(partition, create(statePath(partition), state.toNode().encode())));
    parents.forEach(this::ignoreExisting);
    Map<TopicPartition, PartitionState> done = new LinkedHashMap<>();
    List<TopicPartition> outdated = new ArrayList<>();
    asked.forEach(
        (partition, answer) -> {
          try {
            join(answer);
            done.put(partition, states.get(partition).written(0));
          } catch (ZkException e) {
            if (e.code() != ZkException.Code.NODE_EXISTS) {
              throw e;
            }
            outdated.add(partition);
          }
        });
    return new Written(done, outdated);
  }

  // ---- topics and notifications --------------------------------------------------------------

  /** Writes the features node, unless another controller did. */
  void createFeature(byte[] data) {
    ignoreExisting(create(ZkPaths.FEATURE, data));
  }

  /** Writes a node that is there, whatever its version. */
  void setData(String path, byte[] data) {
    join(fenced(new ZkOp.SetData(path, data, -1)));
  }

  void setTopic(String topic, TopicNode node) {
    setData(ZkPaths.topic(topic), node.encode());
  }

  /** Deletes a topic's nodes from the leaves up, its settings and its mark. */
  void deleteTopic(String topic, Collection<TopicPartition> partitions) {
    List<CompletableFuture<List<ZkResult>>> asked = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      asked.add(delete(statePath(partition)));
      asked.add(delete(ZkPaths.partition(topic, partition.partition())));
    }
    asked.add(delete(ZkPaths.partitions(topic)));
    // Settings before their topic: without it the next controller takes the mark for a mistake.
    asked.add(delete(ZkPaths.topicConfig(topic)));
    asked.add(delete(ZkPaths.topic(topic)));
    asked.forEach(this::ignoreMissing);
    // The mark goes last: while anything is left, the deletion is asked for.
    deleteMark(topic);
  }

  void deleteMark(String topic) {
    ignoreMissing(delete(ZkPaths.deleteTopic(topic)));
  }

  /** Deletes nodes below a parent. */
  void deleteChildren(String parent, Collection<String> names) {
    List<CompletableFuture<List<ZkResult>>> asked = new ArrayList<>();
    names.forEach(name -> asked.add(delete(parent + "/" + name)));
    asked.forEach(this::ignoreMissing);
  }

  void delete(String path, boolean mayBeMissing) {
    if (mayBeMissing) {
      ignoreMissing(delete(path));
    } else {
      join(delete(path));
    }
  }

  // ---- inside --------------------------------------------------------------------------------

  private CompletableFuture<List<ZkResult>> create(String path, byte[] data) {
    return fenced(new ZkOp.Create(path, data, CreateMode.PERSISTENT));
  }

  private CompletableFuture<List<ZkResult>> delete(String path) {
    return fenced(new ZkOp.Delete(path, -1));
  }

  private CompletableFuture<List<ZkResult>> fenced(ZkOp op) {
    return session.multi(List.of(new ZkOp.Check(ZkPaths.CONTROLLER_EPOCH, epochVersion), op));
  }

  private void ignoreExisting(CompletableFuture<List<ZkResult>> answer) {
    ignore(answer, ZkException.Code.NODE_EXISTS);
  }

  private void ignoreMissing(CompletableFuture<List<ZkResult>> answer) {
    ignore(answer, ZkException.Code.NO_NODE);
  }

  private void ignore(CompletableFuture<List<ZkResult>> answer, ZkException.Code code) {
    try {
      join(answer);
    } catch (ZkException e) {
      if (e.code() != code) {
        throw e;
      }
    }
  }

  private <T> T join(CompletableFuture<T> answer) {
    try {
      return Waiting.on(answer);
    } catch (ZkException e) {
      if (e.code() == ZkException.Code.BAD_VERSION && e.failedOp() == 0) {
        throw new ControllerMovedException(epoch);
      }
      throw e;
    }
  }

  private static String statePath(TopicPartition partition) {
    return ZkPaths.partitionState(partition.topic(), partition.partition());
  }
}
