package io.vitrine.cluster.handler;

import io.vitrine.cluster.zookeeper.ProducerIds;
import io.vitrine.cluster.zookeeper.ZkException;
import io.vitrine.protocol.server.Request;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives an idempotent producer its id: always a new one with epoch 0, as Kafka does without a
 * transactional id.
 *
 * <p>One id in a thousand waits for ZooKeeper, which may be away: it does so on the executor, so
 * that no I/O thread waits along.
 *
 * <p>Left out: transactions. A request with a transactional id is answered
 * COORDINATOR_NOT_AVAILABLE, since no broker coordinates them.
 */
public final class InitProducerIdHandler implements ApiHandler {
  private static final Logger LOG = LoggerFactory.getLogger(InitProducerIdHandler.class);
  private static final short FIRST_EPOCH = 0;

  private final ProducerIds producerIds;
  private final Executor executor;

  /**
   * @param executor may wait for ZooKeeper
   */
  public InitProducerIdHandler(ProducerIds producerIds, Executor executor) {
    this.producerIds = producerIds;
    this.executor = executor;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.INIT_PRODUCER_ID;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 5;
  }

  @Override
  public void handle(Request request) {
    InitProducerIdRequestData body = request.body(InitProducerIdRequest.class).data();
    if (body.transactionalId() != null) {
      // Kafka refuses an empty id first, with INVALID_REQUEST.
      respond(
          request,
          body.transactionalId().isEmpty()
              ? Errors.INVALID_REQUEST
              : Errors.COORDINATOR_NOT_AVAILABLE);
    } else if ((body.producerId() == RecordBatch.NO_PRODUCER_ID)
        != (body.producerEpoch() == RecordBatch.NO_PRODUCER_EPOCH)) {
      respond(request, Errors.INVALID_REQUEST);
    } else {
      try {
        executor.execute(() -> give(request));
      } catch (RejectedExecutionException e) {
        respond(request, Errors.COORDINATOR_NOT_AVAILABLE);
      }
    }
  }

  private void give(Request request) {
    long id;
    try {
      id = producerIds.next();
    } catch (ZkException e) {
      // The client asks again; meanwhile ZooKeeper may be back.
      respond(request, Errors.COORDINATOR_LOAD_IN_PROGRESS);
      return;
    } catch (RuntimeException e) {
      LOG.error("no producer id can be given", e);
      respond(request, Errors.UNKNOWN_SERVER_ERROR);
      return;
    }
    request.respond(
        new InitProducerIdResponse(
            new InitProducerIdResponseData().setProducerId(id).setProducerEpoch(FIRST_EPOCH)));
  }

  private static void respond(Request request, Errors error) {
    request.respond(
        new InitProducerIdResponse(
            new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(RecordBatch.NO_PRODUCER_ID)
                .setProducerEpoch(RecordBatch.NO_PRODUCER_EPOCH)));
  }
}
