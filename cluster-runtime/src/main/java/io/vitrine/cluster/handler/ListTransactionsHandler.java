package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.transaction.Transaction;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import io.vitrine.cluster.transaction.TransactionState;
import io.vitrine.protocol.server.Request;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListTransactionsRequest;
import org.apache.kafka.common.requests.ListTransactionsResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Lists the transactional ids this broker coordinates: of some producers, in some states and, from
 * v1 on (KIP-994), whose transaction began longer ago than a time.
 */
public final class ListTransactionsHandler implements ApiHandler {
  private final TransactionCoordinator transactions;
  private final InstantSource clock;
  private final Authorizer authorizer;

  public ListTransactionsHandler(
      TransactionCoordinator transactions, InstantSource clock, Authorizer authorizer) {
    this.transactions = transactions;
    this.clock = clock;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_TRANSACTIONS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 1;
  }

  @Override
  public void handle(Request request) {
    ListTransactionsResponseData data = list(request.body(ListTransactionsRequest.class).data());
    Set<String> visible =
        authorizer.authorized(
            request,
            AclOperation.DESCRIBE,
            ResourceType.TRANSACTIONAL_ID,
            data.transactionStates().stream()
                .map(ListTransactionsResponseData.TransactionState::transactionalId)
                .toList());
    data.transactionStates().removeIf(each -> !visible.contains(each.transactionalId()));
    request.respond(new ListTransactionsResponse(data));
  }

  private ListTransactionsResponseData list(ListTransactionsRequestData asked) {
    ListTransactionsResponseData data = new ListTransactionsResponseData();
    try {
      transactions.list().stream()
          .filter(each -> isAskedFor(each, asked))
          .forEach(
              each ->
                  data.transactionStates()
                      .add(
                          new ListTransactionsResponseData.TransactionState()
                              .setTransactionalId(each.transactionalId())
                              .setProducerId(each.producerId())
                              .setTransactionState(each.state().kafkaName())));
    } catch (ApiException e) {
      return data.setErrorCode(Errors.forException(e).code());
    }
    return data.setUnknownStateFilters(unknownStates(asked.stateFilters()));
  }

  private boolean isAskedFor(Transaction transaction, ListTransactionsRequestData asked) {
    if (!asked.producerIdFilters().isEmpty()
        && !asked.producerIdFilters().contains(transaction.producerId())) {
      return false;
    }
    if (!asked.stateFilters().isEmpty()
        && !asked.stateFilters().contains(transaction.state().kafkaName())) {
      return false;
    }
    return asked.durationFilter() < 0
        || clock.millis() - transaction.startMs() > asked.durationFilter();
  }

  private static List<String> unknownStates(List<String> names) {
    return Set.copyOf(names).stream().filter(name -> TransactionState.of(name).isEmpty()).toList();
  }
}
