package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import io.vitrine.cluster.zookeeper.ProducerIds;
import io.vitrine.cluster.zookeeper.ZkException;
import io.vitrine.protocol.server.Request;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a producer its id and epoch: without a transactional id always a new id with epoch 0, else
 * what the coordinator of that says, see {@link TransactionCoordinator#initProducerId}.
 *
 * <p>One id in a thousand waits for ZooKeeper, which may be away: it does so on the executor, so
 * that no I/O thread waits along.
 */
public final class InitProducerIdHandler implements ApiHandler {
  private static final Logger LOG = LoggerFactory.getLogger(InitProducerIdHandler.class);
  private static final short FIRST_EPOCH = 0;

  private static final short FIRST_WITH_FENCED = 4;

  private final ProducerIds producerIds;
  private final TransactionCoordinator transactions;
  private final Executor executor;
  private final Authorizer authorizer;

  /**
   * @param executor may wait for ZooKeeper
   */
  public InitProducerIdHandler(
      ProducerIds producerIds,
      TransactionCoordinator transactions,
      Executor executor,
      Authorizer authorizer) {
    this.producerIds = producerIds;
    this.transactions = transactions;
    this.executor = executor;
    this.authorizer = authorizer;
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
    Errors denied = denied(request, body.transactionalId());
    if (denied != Errors.NONE) {
      respond(request, denied);
      return;
    }
    if ((body.producerId() == RecordBatch.NO_PRODUCER_ID)
        != (body.producerEpoch() == RecordBatch.NO_PRODUCER_EPOCH)) {
      respond(request, Errors.INVALID_REQUEST);
      return;
    }
    try {
      executor.execute(() -> give(request, body));
    } catch (RejectedExecutionException e) {
      respond(request, Errors.COORDINATOR_NOT_AVAILABLE);
    }
  }

  /** Who may write any topic may do so idempotently (KIP-679). */
  private Errors denied(Request request, String transactionalId) {
    if (transactionalId != null) {
      return authorizer.authorize(
              request, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, transactionalId)
          ? Errors.NONE
          : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }
    return authorizer.authorizeCluster(request, AclOperation.IDEMPOTENT_WRITE, false)
            || authorizer.authorizeAny(request, AclOperation.WRITE, ResourceType.TOPIC)
        ? Errors.NONE
        : Errors.CLUSTER_AUTHORIZATION_FAILED;
  }

  private void give(Request request, InitProducerIdRequestData body) {
    try {
      if (body.transactionalId() == null) {
        respond(request, Errors.NONE, producerIds.next(), FIRST_EPOCH);
      } else {
        transactions
            .initProducerId(body.transactionalId(), body.transactionTimeoutMs(), expected(body))
            .thenAccept(
                given ->
                    respond(
                        request,
                        FencedErrors.told(given.error(), request.apiVersion(), FIRST_WITH_FENCED),
                        given.producerId(),
                        given.producerEpoch()));
      }
    } catch (ZkException e) {
      // The client asks again; meanwhile ZooKeeper may be back.
      respond(request, Errors.COORDINATOR_LOAD_IN_PROGRESS);
    } catch (RuntimeException e) {
      LOG.error("no producer id can be given", e);
      respond(request, Errors.UNKNOWN_SERVER_ERROR);
    }
  }

  private static Optional<ProducerIdAndEpoch> expected(InitProducerIdRequestData body) {
    return body.producerId() == RecordBatch.NO_PRODUCER_ID
        ? Optional.empty()
        : Optional.of(new ProducerIdAndEpoch(body.producerId(), body.producerEpoch()));
  }

  private static void respond(Request request, Errors error) {
    respond(request, error, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH);
  }

  private static void respond(Request request, Errors error, long producerId, short epoch) {
    request.respond(
        new InitProducerIdResponse(
            new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(producerId)
                .setProducerEpoch(epoch)));
  }
}
