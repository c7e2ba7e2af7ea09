package io.vitrine.cluster.handler;

import io.vitrine.cluster.coordinator.InternalTopic;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import io.vitrine.protocol.server.Request;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Adds the partition of {@code __consumer_offsets} in which a group's offsets are to a transaction:
 * offsets will be committed with it.
 */
public final class AddOffsetsToTxnHandler implements ApiHandler {
  private static final short FIRST_WITH_FENCED = 2;

  private final TransactionCoordinator transactions;
  private final InternalTopic offsets;
  private final Authorizer authorizer;

  /**
   * @param offsets says in which partition a group's offsets are
   */
  public AddOffsetsToTxnHandler(
      TransactionCoordinator transactions, InternalTopic offsets, Authorizer authorizer) {
    this.transactions = transactions;
    this.offsets = offsets;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ADD_OFFSETS_TO_TXN;
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
    AddOffsetsToTxnRequestData body = request.body(AddOffsetsToTxnRequest.class).data();
    Errors denied = denied(request, body);
    if (denied != Errors.NONE) {
      respond(request, denied);
      return;
    }
    transactions
        .addPartitions(
            body.transactionalId(),
            body.producerId(),
            body.producerEpoch(),
            Set.of(offsets.partition(offsets.partitionFor(body.groupId()))))
        .thenAccept(
            error ->
                respond(
                    request, FencedErrors.told(error, request.apiVersion(), FIRST_WITH_FENCED)));
  }

  private Errors denied(Request request, AddOffsetsToTxnRequestData body) {
    if (!authorizer.authorize(
        request, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, body.transactionalId())) {
      return Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }
    return authorizer.authorize(request, AclOperation.READ, ResourceType.GROUP, body.groupId())
        ? Errors.NONE
        : Errors.GROUP_AUTHORIZATION_FAILED;
  }

  private static void respond(Request request, Errors error) {
    request.respond(
        new AddOffsetsToTxnResponse(new AddOffsetsToTxnResponseData().setErrorCode(error.code())));
  }
}
