package io.vitrine.cluster.controller;

import io.vitrine.cluster.zookeeper.ProducerIdBlockNode;
import io.vitrine.cluster.zookeeper.ProducerIdBlocks;
import io.vitrine.cluster.zookeeper.ZkException;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Blocks of producer ids for brokers that ask the controller for them, as Apache Kafka's do
 * (KIP-730); ours take them out of ZooKeeper themselves. Owned by the event thread.
 */
final class ProducerIdAllocation {
  private final ControllerContext context;
  private final ProducerIdBlocks blocks;

  ProducerIdAllocation(ControllerContext context, ProducerIdBlocks blocks) {
    this.context = context;
    this.blocks = blocks;
  }

  AllocateProducerIdsResponseData process(AllocateProducerIdsRequestData request) {
    LiveBroker broker = context.brokers().get(request.brokerId());
    if (broker == null) {
      return refused(Errors.BROKER_ID_NOT_REGISTERED);
    }
    if (broker.epoch() != request.brokerEpoch()) {
      return refused(Errors.STALE_BROKER_EPOCH);
    }
    try {
      ProducerIdBlockNode block = blocks.take(request.brokerId());
      return new AllocateProducerIdsResponseData()
          .setProducerIdStart(block.first())
          .setProducerIdLen(ProducerIdBlocks.SIZE);
    } catch (ZkException e) {
      return refused(Errors.UNKNOWN_SERVER_ERROR);
    }
  }

  private static AllocateProducerIdsResponseData refused(Errors error) {
    return new AllocateProducerIdsResponseData().setErrorCode(error.code());
  }
}
