package io.vitrine.cluster.remote;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.DirectorySample;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.ClusterEvent.GroupCause;
import io.vitrine.cluster.event.ClusterEvent.GroupMember;
import io.vitrine.cluster.event.ClusterEvent.GroupSample;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.event.ClusterEvent.ReplicaSample;
import io.vitrine.cluster.event.ClusterEvent.RequestSample;
import io.vitrine.cluster.event.ClusterEvent.StorageSample;
import io.vitrine.cluster.event.ClusterEvent.TransactionSample;
import io.vitrine.cluster.event.ClusterEvent.TransactionStage;
import io.vitrine.cluster.event.EventSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.ConsumerGroupState;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;

/**
 * What two readings of a cluster, one after the other, tell as events. Pure.
 *
 * <p>Why something changed is not told to clients: an election is {@link ElectionReason#OBSERVED},
 * a broker that is gone has gone for an unknown reason.
 */
final class Observation {
  private final RemoteState before;
  private final RemoteState now;
  private final long nowMs;
  private final List<Told> told = new ArrayList<>();

  /** An event and the broker it is told of. */
  record Told(int broker, ClusterEvent event) {}

  private Observation(RemoteState before, RemoteState now, long nowMs) {
    this.before = before;
    this.now = now;
    this.nowMs = nowMs;
  }

  /**
   * The events, in an order in which they could have happened; measurements last.
   *
   * @param nowMs wall-clock time, for how long transactions are open
   */
  static List<Told> between(RemoteState before, RemoteState now, long nowMs) {
    Observation observation = new Observation(before, now, nowMs);
    observation.zooKeeper();
    observation.brokers();
    observation.controller();
    observation.topics();
    observation.groups();
    observation.samples();
    return List.copyOf(observation.told);
  }

  private void tell(int broker, ClusterEvent event) {
    told.add(new Told(broker, event));
  }

  // ---- brokers ---------------------------------------------------------------------------------

  private void zooKeeper() {
    if (now.keeper().read() && !before.keeper().read()) {
      tell(EventSink.NO_BROKER, new ClusterEvent.ZooKeeperStarted(now.keeper().connect(), 0));
    }
  }

  private void brokers() {
    for (Node node : now.brokers().values()) {
      Node known = before.brokers().get(node.id());
      long epoch = now.brokerEpoch(node.id());
      boolean other =
          known == null
              || !known.equals(node)
              || epoch != before.brokerEpoch(node.id()) && epoch >= 0;
      if (other) {
        tell(
            node.id(),
            new ClusterEvent.BrokerRegistered(epoch, node.host(), node.port(), node.rack(), null));
      }
      if (known == null) {
        tell(node.id(), new ClusterEvent.BrokerServing(node.host(), node.port(), -1));
      }
    }
    for (int id : before.brokers().keySet()) {
      if (!now.brokers().containsKey(id)) {
        tell(
            id,
            new ClusterEvent.BrokerFailed(
                "It is in the cluster's metadata no more. Clients are not told why."));
      }
    }
  }

  private void controller() {
    if (now.controller() >= 0
        && (now.controller() != before.controller()
            || now.controllerEpoch() != before.controllerEpoch())) {
      tell(now.controller(), new ClusterEvent.ControllerElected(now.controllerEpoch()));
    } else if (now.controller() < 0 && before.controller() >= 0) {
      tell(before.controller(), new ClusterEvent.ControllerResigned(before.controllerEpoch(), ""));
    }
  }

  // ---- topics ----------------------------------------------------------------------------------

  private void topics() {
    for (String name : before.topics().keySet()) {
      if (!now.topics().containsKey(name)) {
        tell(EventSink.NO_BROKER, new ClusterEvent.TopicDeleted(name));
      }
    }
    for (TopicDescription topic : now.topics().values()) {
      TopicDescription known = before.topics().get(topic.name());
      boolean same = known != null && known.topicId().equals(topic.topicId());
      if (!same || known.partitions().size() != topic.partitions().size()) {
        tell(EventSink.NO_BROKER, created(topic));
      }
      Map<String, String> config = now.configs().getOrDefault(topic.name(), Map.of());
      if (!config.equals(same ? before.configs().getOrDefault(topic.name(), Map.of()) : Map.of())) {
        tell(EventSink.NO_BROKER, new ClusterEvent.TopicConfigChanged(topic.name(), config));
      }
      for (TopicPartitionInfo partition : topic.partitions()) {
        partition(topic, partition, same ? partition(known, partition.partition()) : null);
      }
    }
  }

  private static ClusterEvent created(TopicDescription topic) {
    Map<Integer, List<Integer>> assignment = new TreeMap<>();
    topic.partitions().forEach(p -> assignment.put(p.partition(), RemoteState.ids(p.replicas())));
    return new ClusterEvent.TopicCreated(topic.name(), topic.topicId().toString(), assignment);
  }

  private static TopicPartitionInfo partition(TopicDescription topic, int number) {
    return topic.partitions().stream()
        .filter(p -> p.partition() == number)
        .findFirst()
        .orElse(null);
  }

  private void partition(
      TopicDescription topic, TopicPartitionInfo partition, TopicPartitionInfo known) {
    TopicPartition id = new TopicPartition(topic.name(), partition.partition());
    List<Integer> replicas = RemoteState.ids(partition.replicas());
    if (known != null && !RemoteState.ids(known.replicas()).equals(replicas)) {
      tell(
          EventSink.NO_BROKER,
          new ClusterEvent.ReassignmentChanged(id, replicas, List.of(), List.of()));
    }
    int leader = RemoteState.leader(partition);
    int epoch = now.offsetsOf(id).leaderEpoch();
    List<Integer> isr = RemoteState.ids(partition.isr());
    boolean sameLeader = known != null && RemoteState.leader(known) == leader;
    boolean sameIsr = known != null && RemoteState.ids(known.isr()).equals(isr);
    boolean sameEpoch = epoch == before.offsetsOf(id).leaderEpoch() || epoch < 0;
    if (sameLeader && sameIsr && sameEpoch) {
      return;
    }
    tell(
        EventSink.NO_BROKER,
        new ClusterEvent.PartitionStateWritten(
            id,
            leader,
            epoch,
            isr,
            -1,
            sameLeader && sameIsr && before.offsetsOf(id).leaderEpoch() < 0
                ? ElectionReason.LOADED
                : reason(known, sameLeader && sameEpoch, isr)));
  }

  private ElectionReason reason(
      TopicPartitionInfo known, boolean sameLeadership, List<Integer> isr) {
    if (known == null) {
      return before.none() ? ElectionReason.LOADED : ElectionReason.NEW_PARTITION;
    }
    if (!sameLeadership) {
      return ElectionReason.OBSERVED;
    }
    boolean brokerGone =
        RemoteState.ids(known.isr()).stream()
            .anyMatch(id -> !isr.contains(id) && !now.brokers().containsKey(id));
    return brokerGone ? ElectionReason.REPLICA_OFFLINE : ElectionReason.ALTER_PARTITION;
  }

  // ---- groups ----------------------------------------------------------------------------------

  private void groups() {
    for (Map.Entry<String, RemoteState.Group> each : before.groups().entrySet()) {
      if (!now.groups().containsKey(each.getKey())) {
        ConsumerGroupDescription gone = each.getValue().description();
        tell(coordinator(gone), changed(gone, GroupStage.DEAD, GroupCause.REMOVED));
      }
    }
    now.groups()
        .forEach(
            (id, group) -> {
              ConsumerGroupDescription description = group.description();
              RemoteState.Group known = before.groups().get(id);
              if (known == null || !known.description().equals(description)) {
                tell(
                    coordinator(description),
                    changed(description, stage(description.state()), GroupCause.OBSERVED));
              }
            });
  }

  private ClusterEvent changed(ConsumerGroupDescription group, GroupStage stage, GroupCause cause) {
    return new ClusterEvent.GroupChanged(
        group.groupId(),
        partitionOf(group.groupId(), Topic.GROUP_METADATA_TOPIC_NAME),
        stage,
        -1,
        group.isSimpleConsumerGroup() ? "" : "consumer",
        group.partitionAssignor(),
        "",
        group.members().stream()
            .map(
                m ->
                    new GroupMember(
                        m.consumerId(),
                        m.groupInstanceId().orElse(""),
                        m.clientId(),
                        m.host(),
                        false,
                        false,
                        -1,
                        -1,
                        List.copyOf(m.assignment().topicPartitions())))
            .toList(),
        cause,
        "",
        "");
  }

  /** The partition an id is kept in, by Kafka's rule; -1 when the topic is not known. */
  private int partitionOf(String id, String topic) {
    TopicDescription description = now.topics().get(topic);
    return description == null || description.partitions().isEmpty()
        ? -1
        : Utils.abs(id.hashCode()) % description.partitions().size();
  }

  private static int coordinator(ConsumerGroupDescription group) {
    return group.coordinator() == null ? EventSink.NO_BROKER : group.coordinator().id();
  }

  private static GroupStage stage(ConsumerGroupState state) {
    return switch (state) {
      case STABLE -> GroupStage.STABLE;
      case PREPARING_REBALANCE -> GroupStage.PREPARING_REBALANCE;
      case COMPLETING_REBALANCE, ASSIGNING, RECONCILING -> GroupStage.COMPLETING_REBALANCE;
      case DEAD -> GroupStage.DEAD;
      default -> GroupStage.EMPTY;
    };
  }

  // ---- measurements ----------------------------------------------------------------------------

  private void samples() {
    Map<Integer, List<ReplicaSample>> replicas = new HashMap<>();
    for (TopicDescription topic : now.topics().values()) {
      for (TopicPartitionInfo partition : topic.partitions()) {
        for (Node replica : partition.replicas()) {
          if (now.brokers().containsKey(replica.id())) {
            replicas
                .computeIfAbsent(replica.id(), id -> new ArrayList<>())
                .add(replica(topic.name(), partition, replica.id()));
          }
        }
      }
    }
    Map<Integer, Map<String, GroupSample>> groups = groupSamples();
    Map<Integer, List<TransactionSample>> transactions = transactionSamples();
    for (int id : new TreeSet<>(now.brokers().keySet())) {
      tell(
          id,
          new ClusterEvent.BrokerSampled(
              replicas.getOrDefault(id, List.of()), RequestSample.untold(), storage(id)));
      if (groups.containsKey(id)) {
        tell(id, new ClusterEvent.GroupsSampled(0, groups.get(id)));
      }
      List<TransactionSample> ids = transactions.getOrDefault(id, List.of());
      tell(id, new ClusterEvent.TransactionsSampled(0, 0, ids.size(), ids, Map.of()));
    }
  }

  private ReplicaSample replica(String topic, TopicPartitionInfo partition, int broker) {
    TopicPartition id = new TopicPartition(topic, partition.partition());
    int leader = RemoteState.leader(partition);
    boolean leads = leader == broker;
    RemoteState.Offsets offsets = leads ? now.offsetsOf(id) : RemoteState.Offsets.UNKNOWN;
    Map.Entry<String, Long> place = now.place(broker, id);
    return new ReplicaSample(
        id,
        leads,
        leader,
        now.offsetsOf(id).leaderEpoch(),
        -1,
        offsets.start(),
        -1,
        offsets.highWatermark(),
        offsets.lastStableOffset(),
        leads ? RemoteState.ids(partition.isr()) : List.of(),
        List.of(),
        0,
        0,
        place.getValue(),
        place.getKey(),
        List.of(),
        List.of());
  }

  private StorageSample storage(int broker) {
    List<DirectorySample> directories = new ArrayList<>();
    new TreeMap<>(now.directories().getOrDefault(broker, Map.of()))
        .forEach((path, found) -> directories.add(directory(path, found)));
    return new StorageSample(directories);
  }

  private static DirectorySample directory(String path, LogDirDescription found) {
    Set<TopicPartition> partitions = new HashSet<>(found.replicaInfos().keySet());
    return new DirectorySample(
        path,
        found.error() == null,
        partitions.size(),
        found.replicaInfos().values().stream().mapToLong(r -> r.size()).sum(),
        found.usableBytes().orElse(-1));
  }

  private Map<Integer, Map<String, GroupSample>> groupSamples() {
    Map<Integer, Map<String, GroupSample>> samples = new HashMap<>();
    now.groups()
        .forEach(
            (id, group) ->
                samples
                    .computeIfAbsent(coordinator(group.description()), c -> new HashMap<>())
                    .put(id, new GroupSample(group.committed(), -1, Map.of())));
    return samples;
  }

  private Map<Integer, List<TransactionSample>> transactionSamples() {
    Map<Integer, List<TransactionSample>> samples = new HashMap<>();
    now.transactions()
        .forEach(
            (id, found) ->
                samples
                    .computeIfAbsent(found.coordinatorId(), c -> new ArrayList<>())
                    .add(transaction(id, found)));
    return samples;
  }

  private TransactionSample transaction(String id, TransactionDescription found) {
    return new TransactionSample(
        id,
        partitionOf(id, Topic.TRANSACTION_STATE_TOPIC_NAME),
        found.producerId(),
        (short) found.producerEpoch(),
        stage(found.state()),
        (int) found.transactionTimeoutMs(),
        List.copyOf(found.topicPartitions()),
        found.transactionStartTimeMs().isPresent()
            ? Math.max(0, nowMs - found.transactionStartTimeMs().getAsLong())
            : -1);
  }

  private static TransactionStage stage(TransactionState state) {
    return switch (state) {
      case ONGOING -> TransactionStage.ONGOING;
      case PREPARE_COMMIT -> TransactionStage.PREPARE_COMMIT;
      case PREPARE_ABORT, PREPARE_EPOCH_FENCE -> TransactionStage.PREPARE_ABORT;
      case COMPLETE_COMMIT -> TransactionStage.COMPLETE_COMMIT;
      case COMPLETE_ABORT -> TransactionStage.COMPLETE_ABORT;
      default -> TransactionStage.EMPTY;
    };
  }
}
