package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.apache.kafka.common.message.ControlledShutdownResponseData;
import org.apache.kafka.common.message.ControlledShutdownResponseData.RemainingPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Brokers that ask to be relieved before they stop: their leaders move, their followers stop (M14).
 * Owned by the event thread.
 */
final class Shutdowns {
  private static final long EPOCH_UNKNOWN = -1;

  private final Office office;
  private final ControllerContext context;

  Shutdowns(Office office) {
    this.office = office;
    this.context = office.context();
  }

  ControlledShutdownResponseData process(ControlledShutdownRequestData request) {
    int id = request.brokerId();
    LiveBroker broker = context.brokers().get(id);
    if (broker == null) {
      return new ControlledShutdownResponseData().setErrorCode(Errors.BROKER_NOT_AVAILABLE.code());
    }
    if (request.brokerEpoch() != EPOCH_UNKNOWN && request.brokerEpoch() < broker.epoch()) {
      return new ControlledShutdownResponseData().setErrorCode(Errors.STALE_BROKER_EPOCH.code());
    }
    context.shuttingDown().add(id);
    Set<TopicPartition> led = new TreeSet<>(ControllerContext.ORDER);
    Set<TopicPartition> followed = new TreeSet<>(ControllerContext.ORDER);
    for (TopicPartition partition : context.staying(context.partitionsOn(id))) {
      Optional<PartitionState> state = context.state(partition);
      if (context.assignment(partition).size() > 1 && state.isPresent()) {
        (state.get().leader() == id ? led : followed).add(partition);
      }
    }
    OrderBatch elections = office.orders();
    office.changes().elect(led, this::successor, ElectionReason.CONTROLLED_SHUTDOWN, elections);
    elections.send();
    OrderBatch stops = office.orders();
    followed.forEach(partition -> stops.stopReplica(List.of(id), partition, false));
    office.changes().removeReplica(id, followed, stops);
    stops.send();
    ControlledShutdownResponseData response = new ControlledShutdownResponseData();
    for (TopicPartition partition : led) {
      if (context.state(partition).map(state -> state.leader() == id).orElse(false)) {
        response
            .remainingPartitions()
            .add(
                new RemainingPartition()
                    .setTopicName(partition.topic())
                    .setPartitionIndex(partition.partition()));
      }
    }
    return response;
  }

  private Optional<Elections.Elected> successor(TopicPartition partition, PartitionState state) {
    return Elections.controlledShutdown(
        context.assignment(partition),
        state.isr(),
        context.liveFor(partition),
        context.shuttingDown());
  }
}
