package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.zookeeper.ZkPaths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.StopReplicaResponseData.StopReplicaPartitionError;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.StopReplicaResponse;

/**
 * Topics on their way out: marked, stopped on every replica, then gone from ZooKeeper (M16).
 *
 * <p>A topic with a replica that cannot be deleted waits until a broker of its comes back. One
 * whose reassignment was resumed waits for its end or for the next broker that comes, as Kafka's
 * does; a mark made while a reassignment is under way does not wait. Owned by the event thread.
 */
final class TopicDeletion {
  private final Office office;
  private final ControllerContext context;
  private final Set<String> ineligible = new TreeSet<>();
  private final Map<TopicPartition, Map<Integer, Progress>> progress =
      new TreeMap<>(ControllerContext.ORDER);

  /** How far the deletion of one replica has come; nothing at all before it began. */
  private enum Progress {
    STARTED,
    SUCCESSFUL,
    INELIGIBLE
  }

  TopicDeletion(Office office) {
    this.office = office;
    this.context = office.context();
  }

  void watch() {
    office.watch(ZkPaths.DELETE_TOPICS, ControllerEvent.TOPIC_DELETION, this::marked);
  }

  // ---- marks ---------------------------------------------------------------------------------

  /** Takes in the marks there are at the beginning of the reign; {@link #resume} acts on them. */
  void load() {
    enqueue(wanted(marks()));
    for (String topic : context.deleting()) {
      for (TopicPartition partition : context.partitionsOf(topic)) {
        boolean offline =
            !context.assignment(partition).stream()
                .allMatch(broker -> context.replicaOnline(broker, partition));
        if (offline || context.fullAssignment(partition).reassigning()) {
          ineligible.add(topic);
        }
      }
    }
  }

  private void marked() {
    enqueue(wanted(marks()));
    resume();
  }

  /** Marks that count: none where {@code delete.topic.enable} is off, and they go then. */
  private Set<String> wanted(Set<String> marked) {
    if (office.config().deleteTopicEnable()) {
      return marked;
    }
    marked.forEach(office.store()::deleteMark);
    return Set.of();
  }

  /** Marked topics; marks of topics that do not exist go. */
  private Set<String> marks() {
    Set<String> marked = new TreeSet<>(office.childrenAndWatch(ZkPaths.DELETE_TOPICS));
    for (String topic : List.copyOf(marked)) {
      if (context.partitionsOf(topic).isEmpty()) {
        office.store().deleteMark(topic);
        marked.remove(topic);
      }
    }
    return marked;
  }

  private void enqueue(Collection<String> topics) {
    for (String topic : topics) {
      if (context.deleting().add(topic)) {
        office.report(new ClusterEvent.TopicDeletionStarted(topic));
      }
    }
  }

  // ---- the steps -----------------------------------------------------------------------------

  /** Goes on with every topic that can: asks replicas to delete, finishes those that all did. */
  void resume() {
    List<String> retried = new ArrayList<>();
    List<String> begun = new ArrayList<>();
    for (String topic : List.copyOf(context.deleting())) {
      if (allSuccessful(topic)) {
        finish(topic);
      } else if (!any(topic, Progress.STARTED)) {
        if (any(topic, Progress.INELIGIBLE)) {
          retried.add(topic);
        }
        if (!ineligible.contains(topic)) {
          begun.add(topic);
        }
      }
    }
    retried.forEach(this::retry);
    if (!begun.isEmpty()) {
      begin(begun);
    }
  }

  /** What failed counts as offline again, so that it can be asked once more. */
  private void retry(String topic) {
    Map<Integer, List<TopicPartition>> failed = new TreeMap<>();
    for (TopicPartition partition : context.partitionsOf(topic)) {
      Map<Integer, Progress> replicas = progress.getOrDefault(partition, Map.of());
      for (int broker : List.copyOf(replicas.keySet())) {
        if (replicas.get(broker) == Progress.INELIGIBLE) {
          replicas.remove(broker);
          failed.computeIfAbsent(broker, id -> new ArrayList<>()).add(partition);
        }
      }
    }
    takeOffline(failed);
  }

  private void begin(List<String> topics) {
    Map<Integer, List<TopicPartition>> open = new TreeMap<>();
    OrderBatch metadata = office.orders();
    for (String topic : topics) {
      Set<TopicPartition> partitions = context.partitionsOf(topic);
      metadata.updateMetadata(context.brokers().keySet(), partitions);
      for (TopicPartition partition : partitions) {
        for (int broker : context.assignment(partition)) {
          if (!context.replicaOnline(broker, partition)) {
            failed(partition, broker);
            ineligible.add(topic);
          } else if (of(partition).get(broker) != Progress.SUCCESSFUL) {
            open.computeIfAbsent(broker, id -> new ArrayList<>()).add(partition);
          }
        }
      }
    }
    metadata.send();
    takeOffline(open);
    OrderBatch deletions = office.orders();
    open.forEach(
        (broker, partitions) -> {
          for (TopicPartition partition : partitions) {
            set(partition, broker, Progress.STARTED);
            deletions.stopReplica(List.of(broker), partition, true);
          }
        });
    deletions.send();
  }

  /** Followers stop fetching, and nobody leads any more. */
  private void takeOffline(Map<Integer, List<TopicPartition>> replicas) {
    OrderBatch orders = office.orders();
    replicas.forEach(
        (broker, partitions) -> {
          partitions.forEach(p -> orders.stopReplica(List.of(broker), p, false));
          office.changes().removeReplica(broker, partitions, orders);
        });
    orders.send();
  }

  private void finish(String topic) {
    office.store().deleteTopic(topic, context.partitionsOf(topic));
    forget(topic);
    office.report(new ClusterEvent.TopicDeleted(topic));
  }

  // ---- what happens meanwhile ----------------------------------------------------------------

  /**
   * A broker said what became of its replicas.
   *
   * @param deletes what it was asked to delete; it may have been asked to stop others only
   */
  void answered(int broker, Set<TopicPartition> deletes, StopReplicaResponse response) {
    List<TopicPartition> failed = new ArrayList<>();
    boolean succeeded = false;
    for (StopReplicaPartitionError each : response.partitionErrors()) {
      TopicPartition partition = new TopicPartition(each.topicName(), each.partitionIndex());
      if (!deletes.contains(partition) || of(partition).get(broker) != Progress.STARTED) {
        continue;
      }
      if (each.errorCode() == Errors.NONE.code()) {
        set(partition, broker, Progress.SUCCESSFUL);
        succeeded = true;
      } else {
        failed.add(partition);
      }
    }
    replicasGone(broker, failed);
    if (succeeded) {
      resume();
    }
  }

  /** Replicas of a broker are out of reach or would not go: those of marked topics wait. */
  void replicasGone(int broker, Collection<TopicPartition> partitions) {
    boolean concerned = false;
    for (TopicPartition partition : partitions) {
      if (context.deleting().contains(partition.topic())) {
        failed(partition, broker);
        ineligible.add(partition.topic());
        concerned = true;
      }
    }
    if (concerned) {
      resume();
    }
  }

  /** Brokers came: marked topics with replicas on them may go on. */
  void brokersBack(Collection<Integer> brokers) {
    for (int broker : brokers) {
      for (TopicPartition partition : context.partitionsOn(broker)) {
        ineligible.remove(partition.topic());
      }
    }
    resume();
  }

  /** A reassignment goes on: its topic waits, if it is on its way out. */
  void hold(String topic) {
    if (context.deleting().contains(topic)) {
      ineligible.add(topic);
    }
  }

  /** A reassignment ended: its topic may go on. */
  void release(String topic) {
    if (context.deleting().contains(topic)) {
      ineligible.remove(topic);
      resume();
    }
  }

  /** The topic vanished from ZooKeeper, perhaps by other hands. */
  void forget(String topic) {
    office.unwatch(ZkPaths.topic(topic));
    context.partitionsOf(topic).forEach(progress::remove);
    ineligible.remove(topic);
    context.removeTopic(topic);
  }

  // ---- progress ------------------------------------------------------------------------------

  DeletionBacklog backlog() {
    int replicas = 0;
    int ineligibleReplicas = 0;
    for (String topic : context.deleting()) {
      for (TopicPartition partition : context.partitionsOf(topic)) {
        Map<Integer, Progress> reached = of(partition);
        for (int broker : context.assignment(partition)) {
          replicas += reached.get(broker) == Progress.SUCCESSFUL ? 0 : 1;
          ineligibleReplicas += reached.get(broker) == Progress.INELIGIBLE ? 1 : 0;
        }
      }
    }
    return new DeletionBacklog(
        context.deleting().size(), replicas, ineligible.size(), ineligibleReplicas);
  }

  private boolean allSuccessful(String topic) {
    for (TopicPartition partition : context.partitionsOf(topic)) {
      Map<Integer, Progress> replicas = of(partition);
      for (int broker : context.assignment(partition)) {
        if (replicas.get(broker) != Progress.SUCCESSFUL) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean any(String topic, Progress wanted) {
    return context.partitionsOf(topic).stream().anyMatch(p -> of(p).containsValue(wanted));
  }

  private Map<Integer, Progress> of(TopicPartition partition) {
    return progress.getOrDefault(partition, Map.of());
  }

  /** A replica that is deleted stays so, whatever becomes of its broker. */
  private void failed(TopicPartition partition, int broker) {
    if (of(partition).get(broker) != Progress.SUCCESSFUL) {
      set(partition, broker, Progress.INELIGIBLE);
    }
  }

  private void set(TopicPartition partition, int broker, Progress reached) {
    progress.computeIfAbsent(partition, p -> new HashMap<>()).put(broker, reached);
  }
}
