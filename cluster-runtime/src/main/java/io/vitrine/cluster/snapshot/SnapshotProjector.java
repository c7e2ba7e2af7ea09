package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.event.StampedEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;

/**
 * Folds the event stream into the cluster's present state.
 *
 * <p>The state depends on nothing but the events folded in, so that live, replayed and tested
 * states are the same. Not safe for several threads: one owner folds and takes snapshots; the
 * snapshots themselves are immutable.
 *
 * <p>Three truths stay apart: a partition's state is what the controller wrote to ZooKeeper, a
 * replica's numbers are its own broker's, and how far a follower is in the leader's eyes is the
 * leader's. A broker that is gone leaves its last numbers behind.
 */
public final class SnapshotProjector {
  private static final String MIN_IN_SYNC_REPLICAS = "min.insync.replicas";

  /** Its rates are kept for every API. */
  private static final int BROKER_WEIGHT = 64;

  private static final Comparator<TopicPartition> BY_TOPIC_THEN_NUMBER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private final int defaultMinInSyncReplicas;
  private final Map<Integer, BrokerDraft> brokers = new TreeMap<>();
  private final Map<String, TopicView> topics = new TreeMap<>();
  private final Map<TopicPartition, PartitionDraft> partitions =
      new TreeMap<>(BY_TOPIC_THEN_NUMBER);
  private final RateWindow trafficRate;
  private final ZooKeeperDraft zooKeeper;
  private final ControllerDraft controller;
  private final GroupsDraft groups;
  private final TransactionsDraft transactions;
  private final ProcessDraft process;
  private TrafficView traffic = TrafficView.off();
  private ClusterEvent.DemoSampled demo = ClusterEvent.DemoSampled.nothing();
  private long sequence;
  private long nanos;
  private long wallMs;

  /**
   * @param defaultMinInSyncReplicas the brokers' {@code min.insync.replicas}, which holds for every
   *     topic that does not set its own
   */
  public SnapshotProjector(int defaultMinInSyncReplicas) {
    this.defaultMinInSyncReplicas = defaultMinInSyncReplicas;
    trafficRate = new RateWindow();
    zooKeeper = new ZooKeeperDraft();
    controller = new ControllerDraft();
    groups = new GroupsDraft();
    transactions = new TransactionsDraft();
    process = new ProcessDraft();
  }

  private SnapshotProjector(SnapshotProjector other) {
    defaultMinInSyncReplicas = other.defaultMinInSyncReplicas;
    other.brokers.forEach((id, broker) -> brokers.put(id, broker.copy()));
    topics.putAll(other.topics);
    other.partitions.forEach((id, partition) -> partitions.put(id, partition.copy()));
    trafficRate = other.trafficRate.copy();
    zooKeeper = other.zooKeeper.copy();
    controller = other.controller.copy();
    groups = other.groups.copy();
    transactions = other.transactions.copy();
    process = other.process.copy();
    traffic = other.traffic;
    demo = other.demo;
    sequence = other.sequence;
    nanos = other.nanos;
    wallMs = other.wallMs;
  }

  /** The same state, to be folded on by itself; what the two share never changes. */
  SnapshotProjector copy() {
    return new SnapshotProjector(this);
  }

  /** A projector of the same brokers that has heard nothing. */
  SnapshotProjector anew() {
    return new SnapshotProjector(defaultMinInSyncReplicas);
  }

  /** The last event folded in, 0 none. */
  long sequence() {
    return sequence;
  }

  /** Monotonic time of that event. */
  long nanos() {
    return nanos;
  }

  /** How much a copy holds, in replicas; a broker weighs as much as {@value #BROKER_WEIGHT}. */
  int weight() {
    int weight = 1 + brokers.size() * BROKER_WEIGHT + groups.size() + transactions.size();
    for (PartitionDraft partition : partitions.values()) {
      weight += partition.size();
    }
    return weight;
  }

  /** The state after all these events, oldest first. */
  public static ClusterSnapshot fold(Iterable<StampedEvent> events, int defaultMinInSyncReplicas) {
    SnapshotProjector projector = new SnapshotProjector(defaultMinInSyncReplicas);
    events.forEach(projector::apply);
    return projector.snapshot();
  }

  /** Folds one event in. */
  public void apply(StampedEvent stamped) {
    sequence = stamped.sequence();
    nanos = stamped.nanos();
    wallMs = stamped.wallMs();
    int broker = stamped.brokerId();
    ClusterEvent event = stamped.event();
    if (event instanceof ClusterEvent.Sample e) {
      sample(broker, e);
    } else if (event instanceof ClusterEvent.Replication e) {
      replication(broker, e);
    } else if (event instanceof ClusterEvent.Decision e) {
      decision(broker, e, Moment.of(stamped));
    } else if (event instanceof ClusterEvent.ControllerWork e) {
      controller.works(broker, e, Moment.of(stamped));
    } else if (event instanceof ClusterEvent.GroupChanged e) {
      groups.changed(broker, e, nanos, wallMs);
    } else if (event instanceof ClusterEvent.TransactionalIdForgotten e) {
      transactions.forgotten(e);
    } else if (event instanceof ClusterEvent.Membership e) {
      membership(broker, e);
    } else if (event instanceof ClusterEvent.ZooKeeper e) {
      zooKeeper(broker, e);
    } else if (event instanceof ClusterEvent.TrafficSwitched e) {
      trafficSwitched(e);
    }
  }

  /** The state as of the last event folded in. */
  public ClusterSnapshot snapshot() {
    List<BrokerView> brokerViews = new ArrayList<>(brokers.size());
    int sessions = 0;
    for (BrokerDraft broker : brokers.values()) {
      brokerViews.add(broker.view());
      sessions += broker.session().alive() ? 1 : 0;
    }
    Map<TopicPartition, PartitionView> partitionViews = new LinkedHashMap<>();
    partitions.forEach((id, draft) -> partitionViews.put(id, draft.view()));
    return new ClusterSnapshot(
        sequence,
        nanos,
        wallMs,
        zooKeeper.view(sessions),
        List.copyOf(brokerViews),
        controller.view(),
        Collections.unmodifiableMap(new LinkedHashMap<>(topics)),
        Collections.unmodifiableMap(partitionViews),
        groups.view(),
        transactions.view(nanos),
        traffic,
        demo,
        process.view());
  }

  // ---- ZooKeeper and sessions ------------------------------------------------------------------

  private void zooKeeper(int broker, ClusterEvent.ZooKeeper event) {
    if (event instanceof ClusterEvent.ZooKeeperStarted e) {
      zooKeeper.started(e);
    } else if (event instanceof ClusterEvent.ZooKeeperStopped) {
      zooKeeper.stopped();
    } else if (event instanceof ClusterEvent.ZooKeeperMemberChanged e) {
      zooKeeper.changed(e);
    } else if (broker != EventSink.NO_BROKER) {
      session(broker, event);
    }
  }

  private void session(int id, ClusterEvent.ZooKeeper event) {
    BrokerDraft broker = broker(id);
    if (event instanceof ClusterEvent.SessionEstablished e) {
      broker.sessionEstablished(e, nanos);
    } else if (event instanceof ClusterEvent.SessionSuspended e) {
      broker.session(e.sessionId(), SessionView.State.RUNNING_OUT, nanos);
    } else if (event instanceof ClusterEvent.SessionResumed e) {
      broker.session(e.sessionId(), SessionView.State.CONNECTED, nanos);
    } else if (event instanceof ClusterEvent.SessionExpired e) {
      broker.session(e.sessionId(), SessionView.State.EXPIRED, nanos);
    } else if (event instanceof ClusterEvent.SessionClosed e) {
      broker.session(e.sessionId(), SessionView.State.CLOSED, nanos);
    }
    if (controller.brokerId() == id && broker.session().id() != 0 && !broker.session().alive()) {
      // /controller was an ephemeral node of that session.
      controller.sessionOver(nanos);
    }
  }

  // ---- brokers
  // -----------------------------------------------------------------------------------

  private void membership(int id, ClusterEvent.Membership event) {
    BrokerDraft broker = broker(id);
    if (event instanceof ClusterEvent.BrokerStarting) {
      broker.starting();
    } else if (event instanceof ClusterEvent.BrokerRegistered e) {
      broker.registered(e);
    } else if (event instanceof ClusterEvent.BrokerServing e) {
      broker.serving(e);
    } else if (event instanceof ClusterEvent.BrokerStopping) {
      broker.stopping();
    } else if (event instanceof ClusterEvent.ControlledShutdownProgress e) {
      broker.remaining(e.remainingLeaders());
    } else if (event instanceof ClusterEvent.LogDirectoryFailed e) {
      broker.directoryFailed(e);
    } else if (!(event instanceof ClusterEvent.ListenerExposed)) {
      ended(id, broker, event);
    }
  }

  private void ended(int id, BrokerDraft broker, ClusterEvent.Membership event) {
    if (event instanceof ClusterEvent.BrokerStopped) {
      broker.stopped();
    } else if (event instanceof ClusterEvent.BrokerKilled e) {
      broker.killed(e, nanos);
    } else if (event instanceof ClusterEvent.BrokerFailed e) {
      broker.failed(e);
    }
    partitions.values().forEach(p -> p.offline(id));
    transactions.ended(id);
  }

  // ---- controller
  // --------------------------------------------------------------------------------

  private void decision(int broker, ClusterEvent.Decision event, Moment at) {
    if (event instanceof ClusterEvent.PartitionStateWritten e) {
      PartitionDraft partition = partition(e.partition(), e.isr());
      controller.written(partition.leader(), e, at);
      partition.written(e, nanos);
    } else if (event instanceof ClusterEvent.TopicCreated e) {
      topicCreated(e);
    } else if (event instanceof ClusterEvent.ReassignmentChanged e) {
      partition(e.partition(), e.replicas()).assign(e.replicas());
    } else if (event instanceof ClusterEvent.TopicConfigChanged e) {
      topicConfigured(e);
    } else if (event instanceof ClusterEvent.TopicDeletionStarted e) {
      topics.computeIfPresent(
          e.topic(), (n, t) -> view(n, t.topicId(), t.partitions(), t, t.config(), true));
    } else if (event instanceof ClusterEvent.TopicDeleted e) {
      topics.remove(e.topic());
      partitions.keySet().removeIf(p -> p.topic().equals(e.topic()));
    } else if (event instanceof ClusterEvent.ControllerElected e) {
      controller.elected(broker, e.controllerEpoch(), at);
    } else if (event instanceof ClusterEvent.ControllerReady e) {
      controller.ready(broker, e);
    } else if (event instanceof ClusterEvent.OrdersSent e) {
      controller.ordered(broker, e, at);
    } else if (event instanceof ClusterEvent.ControllerResigned e) {
      controller.resigned(broker, e, nanos);
    } else if (event instanceof ClusterEvent.BrokersChanged e) {
      e.added().forEach(id -> broker(id).seen());
      e.bounced().forEach(id -> broker(id).seen());
      e.bounced().forEach(controller::gone);
      e.gone().forEach(id -> broker(id).gone(nanos));
      e.gone().forEach(controller::gone);
    }
  }

  // ---- topics
  // ------------------------------------------------------------------------------------

  private void topicCreated(ClusterEvent.TopicCreated event) {
    String name = event.topic();
    TopicView known = topics.get(name);
    if (known != null && !known.topicId().equals(event.topicId())) {
      // Deleted and created anew under the same name: nothing of the old one holds.
      topics.remove(name);
      partitions.keySet().removeIf(p -> p.topic().equals(name));
      known = null;
    }
    int replicationFactor =
        event.assignment().values().stream().mapToInt(List::size).max().orElse(0);
    Map<String, String> config = known == null ? Map.of() : known.config();
    topics.put(
        name,
        new TopicView(
            name,
            event.topicId(),
            event.assignment().size(),
            replicationFactor,
            config,
            Topic.isInternal(name),
            false));
    int minInSyncReplicas = minInSyncReplicas(config);
    event
        .assignment()
        .forEach(
            (number, replicas) ->
                partitions
                    .computeIfAbsent(
                        new TopicPartition(name, number),
                        id -> new PartitionDraft(id, replicas, minInSyncReplicas))
                    .assign(replicas));
  }

  private void topicConfigured(ClusterEvent.TopicConfigChanged event) {
    String name = event.topic();
    TopicView known = topics.get(name);
    topics.put(
        name,
        known == null
            ? new TopicView(name, "", 0, 0, event.config(), Topic.isInternal(name), false)
            : view(
                name,
                known.topicId(),
                known.partitions(),
                known,
                event.config(),
                known.deleting()));
    int minInSyncReplicas = minInSyncReplicas(event.config());
    partitions.forEach(
        (id, partition) -> {
          if (id.topic().equals(name)) {
            partition.minInSyncReplicas(minInSyncReplicas);
          }
        });
  }

  private static TopicView view(
      String name,
      String topicId,
      int partitionCount,
      TopicView base,
      Map<String, String> config,
      boolean deleting) {
    return new TopicView(
        name, topicId, partitionCount, base.replicationFactor(), config, base.internal(), deleting);
  }

  private int minInSyncReplicas(Map<String, String> config) {
    String own = config.get(MIN_IN_SYNC_REPLICAS);
    return own == null ? defaultMinInSyncReplicas : Integer.parseInt(own.trim());
  }

  // ---- replicas
  // ----------------------------------------------------------------------------------

  private void replication(int broker, ClusterEvent.Replication event) {
    PartitionDraft partition = partitions.get(event.partition());
    if (partition == null) {
      return;
    }
    if (event instanceof ClusterEvent.BecameLeader e) {
      partition.lead(broker, e.leaderEpoch());
    } else if (event instanceof ClusterEvent.BecameFollower e) {
      partition.follow(broker, e.leader(), e.leaderEpoch());
    } else if (event instanceof ClusterEvent.ReplicaStopped) {
      partition.offline(broker);
    } else if (event instanceof ClusterEvent.LogTruncated e) {
      partition.truncated(broker, e.toOffset());
    } else if (event instanceof ClusterEvent.LogRecovered e) {
      partition.recovered(broker, e.logEndOffset());
    }
  }

  private void sample(int broker, ClusterEvent.Sample event) {
    if (event instanceof ClusterEvent.TrafficSampled e) {
      trafficSampled(e);
    } else if (event instanceof ClusterEvent.DemoSampled e) {
      demo = e;
    } else if (event instanceof ClusterEvent.ProcessSampled e) {
      process.sampled(e, nanos);
    } else if (event instanceof ClusterEvent.ZooKeeperSampled e) {
      zooKeeper.sampled(e);
    } else if (event instanceof ClusterEvent.GroupsSampled e) {
      groups.sampled(broker, e, nanos);
    } else if (event instanceof ClusterEvent.TransactionsSampled e) {
      transactions.sampled(broker, e, nanos);
    } else if (event instanceof ClusterEvent.PipelineSampled e && broker(broker).running()) {
      broker(broker).sampled(e);
    } else if (event instanceof ClusterEvent.BrokerSampled e && broker(broker).running()) {
      broker(broker).sampled(e.requests(), e.storage(), nanos);
      for (ClusterEvent.ReplicaSample replica : e.replicas()) {
        PartitionDraft partition = partitions.get(replica.partition());
        if (partition != null) {
          partition.sampled(broker, replica, nanos);
        }
      }
    }
  }

  // ---- traffic
  // -----------------------------------------------------------------------------------

  private void trafficSwitched(ClusterEvent.TrafficSwitched event) {
    trafficRate.clear();
    traffic =
        event.on()
            ? new TrafficView(true, event.topic(), 0, 0, 0, 0, 0, 0, 0, 0)
            : new TrafficView(
                false,
                traffic.topic(),
                traffic.sent(),
                traffic.acknowledged(),
                traffic.failed(),
                traffic.received(),
                traffic.duplicates(),
                traffic.missing(),
                0,
                traffic.longestGapMs());
  }

  private void trafficSampled(ClusterEvent.TrafficSampled event) {
    trafficRate.add(nanos, event.acknowledged());
    traffic =
        new TrafficView(
            traffic.on(),
            traffic.topic(),
            event.sent(),
            event.acknowledged(),
            event.failed(),
            event.received(),
            event.duplicates(),
            event.missing(),
            traffic.on() ? trafficRate.perSecond(0) : 0,
            event.longestGapMs());
  }

  private BrokerDraft broker(int id) {
    return brokers.computeIfAbsent(id, BrokerDraft::new);
  }

  /** The partition; one whose assignment is not known yet is taken to be assigned to its ISR. */
  private PartitionDraft partition(TopicPartition id, List<Integer> isr) {
    return partitions.computeIfAbsent(
        id, p -> new PartitionDraft(p, isr, defaultMinInSyncReplicas));
  }
}
