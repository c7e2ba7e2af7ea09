package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.ClusterEvent.PartitionStateWritten;
import io.vitrine.cluster.event.EventSink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of partition states: decided, written to ZooKeeper in one burst, then ordered.
 *
 * <p>A write that meets a newer state is decided again from it. Owned by the event thread.
 */
final class PartitionChanges {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionChanges.class);

  private final ControllerContext context;
  private final FencedStore store;
  private final EventSink events;
  private final int brokerId;
  private final boolean leaderRecovery;

  /** A pure decision over a partition's newest state; empty when there is nobody to elect. */
  interface Decision {
    Optional<Elections.Elected> decide(TopicPartition partition, PartitionState state);
  }

  /**
   * @param leaderRecovery whether an unclean election leaves its mark in the partition's state
   */
  PartitionChanges(
      ControllerContext context,
      FencedStore store,
      EventSink events,
      int brokerId,
      boolean leaderRecovery) {
    this.context = context;
    this.store = store;
    this.events = events;
    this.brokerId = brokerId;
    this.leaderRecovery = leaderRecovery;
  }

  /** Gives new partitions their first state: all live replicas in sync, epoch 0. */
  void createFirst(Collection<TopicPartition> partitions, OrderBatch orders) {
    Map<TopicPartition, PartitionState> first = new LinkedHashMap<>();
    for (TopicPartition partition : partitions) {
      Elections.first(context.assignment(partition), context.liveFor(partition))
          .ifPresentOrElse(
              elected ->
                  first.put(
                      partition,
                      new PartitionState(
                          elected.leader(), 0, elected.isr(), 0, store.epoch(), false)),
              () -> LOG.warn("{} stays without leader: none of its replicas is live", partition));
    }
    FencedStore.Written written = store.create(first);
    written
        .done()
        .forEach(
            (partition, state) -> {
              note(partition, state, ElectionReason.NEW_PARTITION);
              orders.leaderAndIsr(state.isr(), partition, true);
            });
    // Another controller wrote it before this one: its state counts.
    store
        .states(written.outdated())
        .forEach(
            (partition, state) -> {
              note(partition, state, ElectionReason.NEW_PARTITION);
              orders.leaderAndIsr(liveReplicas(partition), partition, false);
            });
  }

  /**
   * Elects leaders.
   *
   * @return the partitions nobody could be elected for
   */
  Set<TopicPartition> elect(
      Collection<TopicPartition> partitions,
      Decision decision,
      ElectionReason reason,
      OrderBatch orders) {
    Set<TopicPartition> failed = new LinkedHashSet<>();
    Collection<TopicPartition> open = partitions;
    while (!open.isEmpty()) {
      Map<TopicPartition, PartitionState> next = new LinkedHashMap<>();
      Set<TopicPartition> unclean = new LinkedHashSet<>();
      Map<TopicPartition, PartitionState> now = store.states(open);
      for (TopicPartition partition : open) {
        PartitionState state = now.get(partition);
        if (state == null) {
          failed.add(partition);
          continue;
        }
        ensureNotNewer(state);
        context.states().put(partition, state);
        decision
            .decide(partition, state)
            .ifPresentOrElse(
                elected -> {
                  if (elected.unclean()) {
                    unclean.add(partition);
                  }
                  next.put(
                      partition,
                      state.next(
                          elected.leader(),
                          elected.isr(),
                          elected.unclean() && leaderRecovery,
                          store.epoch()));
                },
                () -> failed.add(partition));
      }
      FencedStore.Written written = store.update(next);
      written
          .done()
          .forEach(
              (partition, state) -> {
                note(
                    partition,
                    state,
                    unclean.contains(partition) ? ElectionReason.UNCLEAN : reason);
                orders.leaderAndIsr(electorate(partition, reason), partition, false);
              });
      open = written.outdated();
    }
    return failed;
  }

  /** Who hears of an election, as in Kafka; brokers that are gone are left out later. */
  private List<Integer> electorate(TopicPartition partition, ElectionReason reason) {
    List<Integer> assignment = context.assignment(partition);
    return switch (reason) {
      case OFFLINE ->
          assignment.stream().filter(id -> context.replicaOnline(id, partition)).toList();
      case CONTROLLED_SHUTDOWN -> liveReplicas(partition);
      default -> assignment;
    };
  }

  /**
   * Raises the leader epoch and changes nothing else, so that replicas take over a new assignment.
   *
   * @return the state written; empty when the partition has none
   */
  Optional<PartitionState> bumpLeaderEpoch(TopicPartition partition, ElectionReason reason) {
    while (true) {
      PartitionState state = store.states(List.of(partition)).get(partition);
      if (state == null) {
        return Optional.empty();
      }
      ensureNotNewer(state);
      PartitionState next =
          state.next(state.leader(), state.isr(), state.recovering(), store.epoch());
      PartitionState written = store.update(Map.of(partition, next)).done().get(partition);
      if (written != null) {
        note(partition, written, reason);
        return Optional.of(written);
      }
    }
  }

  /** Takes a replica out of the ISR of partitions, and of the lead where it led. */
  void removeReplica(int replica, Collection<TopicPartition> partitions, OrderBatch orders) {
    Collection<TopicPartition> open = partitions;
    boolean again = false;
    while (!open.isEmpty()) {
      Map<TopicPartition, PartitionState> next = new LinkedHashMap<>();
      for (Map.Entry<TopicPartition, PartitionState> entry : store.states(open).entrySet()) {
        PartitionState state = entry.getValue();
        ensureNotNewer(state);
        context.states().put(entry.getKey(), state);
        if (state.isr().contains(replica)) {
          Elections.Elected rest = Elections.without(replica, state.leader(), state.isr());
          next.put(
              entry.getKey(),
              state.next(rest.leader(), rest.isr(), state.recovering(), store.epoch()));
        } else if (again) {
          // Written the first time, before the answer was lost: nobody was told of it.
          removed(replica, entry.getKey(), state, orders);
        }
      }
      FencedStore.Written written = store.update(next);
      written.done().forEach((partition, state) -> removed(replica, partition, state, orders));
      open = written.outdated();
      again = true;
    }
  }

  private void removed(
      int replica, TopicPartition partition, PartitionState state, OrderBatch orders) {
    note(partition, state, ElectionReason.REPLICA_OFFLINE);
    if (!context.deleting().contains(partition.topic())) {
      List<Integer> others = new ArrayList<>(context.assignment(partition));
      others.remove(Integer.valueOf(replica));
      orders.leaderAndIsr(others, partition, false);
    }
  }

  /** Takes over states that others wrote, or that this change wrote. */
  void note(TopicPartition partition, PartitionState state, ElectionReason reason) {
    context.states().put(partition, state);
    events.report(
        brokerId,
        new PartitionStateWritten(
            partition,
            state.leader(),
            state.leaderEpoch(),
            state.isr(),
            state.partitionEpoch(),
            reason));
  }

  /** Live replicas, those on brokers that are shutting down included. */
  List<Integer> liveReplicas(TopicPartition partition) {
    return context.assignment(partition).stream()
        .filter(id -> context.replicaThere(id, partition))
        .toList();
  }

  private void ensureNotNewer(PartitionState state) {
    if (state.controllerEpoch() > store.epoch()) {
      throw new ControllerMovedException(store.epoch());
    }
  }
}
