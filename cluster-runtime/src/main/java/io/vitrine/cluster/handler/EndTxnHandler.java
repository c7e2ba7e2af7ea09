package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Commits or aborts a transaction. Answered once that is written down; the leaders of its
 * partitions are told after that.
 */
public final class EndTxnHandler implements ApiHandler {
  private static final short FIRST_WITH_FENCED = 2;

  private final TransactionCoordinator transactions;
  private final Authorizer authorizer;

  public EndTxnHandler(TransactionCoordinator transactions, Authorizer authorizer) {
    this.transactions = transactions;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.END_TXN;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 4;
  }

  @Override
  public void handle(Request request) {
    EndTxnRequest body = request.body(EndTxnRequest.class);
    EndTxnRequestData data = body.data();
    if (!authorizer.authorize(
        request, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, data.transactionalId())) {
      respond(request, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
      return;
    }
    transactions
        .end(data.transactionalId(), data.producerId(), data.producerEpoch(), body.result())
        .thenAccept(
            error ->
                respond(
                    request, FencedErrors.told(error, request.apiVersion(), FIRST_WITH_FENCED)));
  }

  private static void respond(Request request, Errors error) {
    request.respond(new EndTxnResponse(new EndTxnResponseData().setErrorCode(error.code())));
  }
}
