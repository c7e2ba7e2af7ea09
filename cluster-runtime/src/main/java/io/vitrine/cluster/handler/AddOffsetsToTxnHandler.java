package io.vitrine.cluster.handler;

import io.vitrine.cluster.coordinator.InternalTopic;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import io.vitrine.protocol.server.Request;
import java.util.Set;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;

/**
 * Adds the partition of {@code __consumer_offsets} in which a group's offsets are to a transaction:
 * offsets will be committed with it.
 */
public final class AddOffsetsToTxnHandler implements ApiHandler {
  private static final short FIRST_WITH_FENCED = 2;

  private final TransactionCoordinator transactions;
  private final InternalTopic offsets;

  /**
   * @param offsets says in which partition a group's offsets are
   */
  public AddOffsetsToTxnHandler(TransactionCoordinator transactions, InternalTopic offsets) {
    this.transactions = transactions;
    this.offsets = offsets;
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
    transactions
        .addPartitions(
            body.transactionalId(),
            body.producerId(),
            body.producerEpoch(),
            Set.of(offsets.partition(offsets.partitionFor(body.groupId()))))
        .thenAccept(
            error ->
                request.respond(
                    new AddOffsetsToTxnResponse(
                        new AddOffsetsToTxnResponseData()
                            .setErrorCode(
                                FencedErrors.told(error, request.apiVersion(), FIRST_WITH_FENCED)
                                    .code()))));
  }
}
