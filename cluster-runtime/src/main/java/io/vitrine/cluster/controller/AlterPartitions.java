package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import java.util.ArrayList;
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
      TopicPartition partition,
      AlterPartitionResponseData.PartitionData answer,
      Optional<PartitionState> next) {}

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

  /** Answers a request; partitions that changed go out as metadata. */
  Outcome process(AlterPartitionRequestData request, short version, OrderBatch orders) {
    LiveBroker sender = context.brokers().get(request.brokerId());
    if (sender == null || sender.epoch() != request.brokerEpoch()) {
      return new Outcome(
          new AlterPartitionResponseData().setErrorCode(Errors.STALE_BROKER_EPOCH.code()),
          Set.of());
    }
    AlterPartitionResponseData response = new AlterPartitionResponseData();
    List<Wish> wishes = new ArrayList<>();
    for (AlterPartitionRequestData.TopicData topic : request.topics()) {
      AlterPartitionResponseData.TopicData answer =
          new AlterPartitionResponseData.TopicData()
              .setTopicId(topic.topicId())
              .setTopicName(topic.topicName());
      response.topics().add(answer);
      boolean byId = version >= TOPIC_IDS;
      Optional<String> name =
          byId ? context.topicName(topic.topicId()) : Optional.of(topic.topicName());
      for (AlterPartitionRequestData.PartitionData wish : topic.partitions()) {
        Wish checked =
            name.map(n -> check(new TopicPartition(n, wish.partitionIndex()), wish, version))
                .orElseGet(() -> refused(null, wish, Errors.UNKNOWN_TOPIC_ID));
        answer.partitions().add(checked.answer());
        wishes.add(checked);
      }
    }
    write(wishes, orders);
    Set<TopicPartition> granted = new TreeSet<>(ControllerContext.ORDER);
    for (Wish wish : wishes) {
      if (wish.answer().errorCode() == Errors.NONE.code()) {
        granted.add(wish.partition());
      }
    }
    return new Outcome(response, granted);
  }

  private void write(List<Wish> wishes, OrderBatch orders) {
    Map<TopicPartition, PartitionState> next = new LinkedHashMap<>();
    wishes.forEach(wish -> wish.next().ifPresent(state -> next.put(wish.partition(), state)));
    FencedStore.Written written = store.update(next);
    written
        .done()
        .forEach(
            (partition, state) -> changes.note(partition, state, ElectionReason.ALTER_PARTITION));
    // The newer state may be this very wish, whose answer was lost: asked again it is then granted.
    store
        .states(written.outdated())
        .forEach(
            (partition, state) -> changes.note(partition, state, ElectionReason.ALTER_PARTITION));
    for (Wish wish : wishes) {
      if (written.outdated().contains(wish.partition())) {
        wish.answer().setErrorCode(Errors.INVALID_UPDATE_VERSION.code());
      } else if (wish.next().isPresent()) {
        describe(wish.answer(), written.done().get(wish.partition()));
      }
    }
    orders.updateMetadata(context.brokers().keySet(), written.done().keySet());
  }

  private Wish check(
      TopicPartition partition, AlterPartitionRequestData.PartitionData wish, short version) {
    Optional<PartitionState> known = context.state(partition);
    if (known.isEmpty()) {
      return refused(partition, wish, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
    PartitionState state = known.get();
    List<Integer> isr = wishedIsr(wish, version);
    boolean recovering = wish.leaderRecoveryState() == RECOVERING;
    Errors error = refusal(partition, state, wish, isr, recovering);
    if (error != Errors.NONE) {
      boolean unknownToSender = error == Errors.INELIGIBLE_REPLICA && version < TOPIC_IDS;
      return refused(partition, wish, unknownToSender ? Errors.OPERATION_NOT_ATTEMPTED : error);
    }
    AlterPartitionResponseData.PartitionData answer =
        describe(
            new AlterPartitionResponseData.PartitionData().setPartitionIndex(wish.partitionIndex()),
            state);
    boolean same = isr.equals(state.isr()) && recovering == state.recovering();
    return new Wish(
        partition,
        answer,
        same ? Optional.empty() : Optional.of(state.withIsr(isr, recovering, store.epoch())));
  }

  private Errors refusal(
      TopicPartition partition,
      PartitionState state,
      AlterPartitionRequestData.PartitionData wish,
      List<Integer> isr,
      boolean recovering) {
    if (wish.leaderEpoch() > state.leaderEpoch()
        || wish.partitionEpoch() > state.partitionEpoch()) {
      return Errors.NOT_CONTROLLER;
    }
    if (wish.leaderEpoch() < state.leaderEpoch()) {
      return Errors.FENCED_LEADER_EPOCH;
    }
    if (isr.equals(state.isr()) && recovering == state.recovering()) {
      return Errors.NONE;
    }
    if (wish.partitionEpoch() < state.partitionEpoch()) {
      return Errors.INVALID_UPDATE_VERSION;
    }
    boolean backToRecovering = recovering && !state.recovering();
    if (recovering && isr.size() > 1 || backToRecovering) {
      return Errors.INVALID_REQUEST;
    }
    return eligible(partition, wish, isr) ? Errors.NONE : Errors.INELIGIBLE_REPLICA;
  }

  /** Every proposed member must be live, and in the life the leader saw, where it says which. */
  private boolean eligible(
      TopicPartition partition, AlterPartitionRequestData.PartitionData wish, List<Integer> isr) {
    for (int member : isr) {
      if (!context.liveFor(partition).contains(member)) {
        return false;
      }
    }
    for (AlterPartitionRequestData.BrokerState member : wish.newIsrWithEpochs()) {
      LiveBroker broker = context.brokers().get(member.brokerId());
      if (member.brokerEpoch() != -1 && broker.epoch() != member.brokerEpoch()) {
        return false;
      }
    }
    return true;
  }

  private static List<Integer> wishedIsr(
      AlterPartitionRequestData.PartitionData wish, short version) {
    return version < BROKER_EPOCHS
        ? List.copyOf(wish.newIsr())
        : wish.newIsrWithEpochs().stream()
            .map(AlterPartitionRequestData.BrokerState::brokerId)
            .toList();
  }

  private static Wish refused(
      TopicPartition partition, AlterPartitionRequestData.PartitionData wish, Errors error) {
    return new Wish(
        partition,
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
