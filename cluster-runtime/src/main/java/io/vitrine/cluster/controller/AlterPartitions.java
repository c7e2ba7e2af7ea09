package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * A leader's wish for another ISR: checked, written, answered (KIP-497, KIP-704, KIP-841, KIP-903).
 *
 * <p>Owned by the event thread.
 */
final class AlterPartitions {
  private static final byte RECOVERING = 1;

  /** From here on topics go by id, and INELIGIBLE_REPLICA is understood. */
  private static final short TOPIC_IDS = 2;

  /** From here on members of the ISR come with their broker epochs. */
  private static final short BROKER_EPOCHS = 3;

  private final ControllerContext context;
  private final FencedStore store;
  private final PartitionChanges changes;

  /**
   * A wish with its checks done.
   *
   * @param next the state to write; empty when there is nothing to write
   */
  private record Wish(
      AlterPartitionResponseData.PartitionData answer, Optional<PartitionState> next) {}

  /**
   * What became of a request.
   *
   * @param granted partitions that now have the ISR that was asked for
   */
  record Outcome(AlterPartitionResponseData response, Set<TopicPartition> granted) {}

  AlterPartitions(ControllerContext context, FencedStore store, PartitionChanges changes) {
    this.context = context;
    this.store = store;
    this.changes = changes;
  }

  /** Answers a request; every partition it names goes out as metadata, changed or not. */
  Outcome process(AlterPartitionRequestData request, short version, OrderBatch orders) {
    LiveBroker sender = context.brokers().get(request.brokerId());
    if (sender == null || sender.epoch() != request.brokerEpoch()) {
      return new Outcome(
          new AlterPartitionResponseData().setErrorCode(Errors.STALE_BROKER_EPOCH.code()),
          Set.of());
    }
    AlterPartitionResponseData response = new AlterPartitionResponseData();
    Map<TopicPartition, Wish> wishes = new LinkedHashMap<>();
    for (AlterPartitionRequestData.TopicData topic : request.topics()) {
      AlterPartitionResponseData.TopicData answer =
          new AlterPartitionResponseData.TopicData()
              .setTopicId(topic.topicId())
              .setTopicName(topic.topicName());
      response.topics().add(answer);
      Optional<String> name =
          version >= TOPIC_IDS
              ? context.topicName(topic.topicId())
              : Optional.of(topic.topicName());
      for (AlterPartitionRequestData.PartitionData wish : topic.partitions()) {
        if (name.isEmpty()) {
          answer.partitions().add(refused(wish, Errors.UNKNOWN_TOPIC_ID).answer());
          continue;
        }
        TopicPartition partition = new TopicPartition(name.get(), wish.partitionIndex());
        Wish checked = check(partition, request.brokerId(), wish, version);
        wishes.put(partition, checked);
        answer.partitions().add(checked.answer());
      }
    }
    write(wishes);
    orders.updateMetadata(context.brokers().keySet(), wishes.keySet());
    Set<TopicPartition> granted = new TreeSet<>(ControllerContext.ORDER);
    wishes.forEach(
        (partition, wish) -> {
          if (wish.answer().errorCode() == Errors.NONE.code()) {
            granted.add(partition);
          }
        });
    return new Outcome(response, granted);
  }

  private void write(Map<TopicPartition, Wish> wishes) {
    Map<TopicPartition, PartitionState> next = new LinkedHashMap<>();
    wishes.forEach((partition, wish) -> wish.next().ifPresent(state -> next.put(partition, state)));
    FencedStore.Written written = store.update(next);
    written
        .done()
        .forEach(
            (partition, state) -> {
              changes.note(partition, state, ElectionReason.ALTER_PARTITION);
              describe(wishes.get(partition).answer(), state);
            });
    Map<TopicPartition, PartitionState> newer = store.states(written.outdated());
    newer.forEach(
        (partition, state) -> changes.note(partition, state, ElectionReason.ALTER_PARTITION));
    for (TopicPartition partition : written.outdated()) {
      AlterPartitionResponseData.PartitionData answer = wishes.get(partition).answer();
      PartitionState state = newer.get(partition);
      if (state != null && granted(state, next.get(partition))) {
        // This very wish: it was sent again because ZooKeeper's first answer was lost.
        describe(answer, state);
      } else {
        answer.setErrorCode(Errors.INVALID_UPDATE_VERSION.code());
      }
    }
  }

  private Wish check(
      TopicPartition partition,
      int sender,
      AlterPartitionRequestData.PartitionData wish,
      short version) {
    Optional<PartitionState> known = context.state(partition);
    if (known.isEmpty()) {
      return refused(wish, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
    PartitionState state = known.get();
    PartitionState wanted =
        new PartitionState(
            sender,
            wish.leaderEpoch(),
            wishedIsr(wish, version),
            wish.partitionEpoch(),
            store.epoch(),
            wish.leaderRecoveryState() == RECOVERING);
    Errors error = refusal(state, wanted, version);
    if (error != Errors.NONE) {
      return refused(wish, error);
    }
    AlterPartitionResponseData.PartitionData answer =
        describe(
            new AlterPartitionResponseData.PartitionData().setPartitionIndex(wish.partitionIndex()),
            state);
    return new Wish(answer, granted(state, wanted) ? Optional.empty() : Optional.of(wanted));
  }

  /** Kafka's checks in Kafka's order. */
  private Errors refusal(PartitionState state, PartitionState wanted, short version) {
    if (wanted.leaderEpoch() > state.leaderEpoch()
        || wanted.partitionEpoch() > state.partitionEpoch()) {
      return Errors.NOT_CONTROLLER;
    }
    if (wanted.leaderEpoch() < state.leaderEpoch()) {
      return Errors.FENCED_LEADER_EPOCH;
    }
    if (granted(state, wanted)) {
      return Errors.NONE;
    }
    if (wanted.partitionEpoch() < state.partitionEpoch()) {
      return Errors.INVALID_UPDATE_VERSION;
    }
    boolean backToRecovering = wanted.recovering() && !state.recovering();
    if (wanted.recovering() && wanted.isr().size() > 1 || backToRecovering) {
      return Errors.INVALID_REQUEST;
    }
    if (!context.live().containsAll(wanted.isr())) {
      return version >= TOPIC_IDS ? Errors.INELIGIBLE_REPLICA : Errors.OPERATION_NOT_ATTEMPTED;
    }
    return Errors.NONE;
  }

  /** Whether this is what the sender wants; an older partition epoch of its does not matter. */
  private static boolean granted(PartitionState state, PartitionState wanted) {
    return wanted.leader() == state.leader()
        && wanted.leaderEpoch() == state.leaderEpoch()
        && wanted.isr().equals(state.isr())
        && wanted.recovering() == state.recovering();
  }

  private static List<Integer> wishedIsr(
      AlterPartitionRequestData.PartitionData wish, short version) {
    return version < BROKER_EPOCHS
        ? List.copyOf(wish.newIsr())
        : wish.newIsrWithEpochs().stream()
            .map(AlterPartitionRequestData.BrokerState::brokerId)
            .toList();
  }

  private static Wish refused(AlterPartitionRequestData.PartitionData wish, Errors error) {
    return new Wish(
        new AlterPartitionResponseData.PartitionData()
            .setPartitionIndex(wish.partitionIndex())
            .setErrorCode(error.code()),
        Optional.empty());
  }

  private static AlterPartitionResponseData.PartitionData describe(
      AlterPartitionResponseData.PartitionData answer, PartitionState state) {
    return answer
        .setLeaderId(state.leader())
        .setLeaderEpoch(state.leaderEpoch())
        .setIsr(state.isr())
        .setLeaderRecoveryState(state.recovering() ? RECOVERING : 0)
        .setPartitionEpoch(state.partitionEpoch());
  }
}
