package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.transaction.Transaction;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import io.vitrine.protocol.server.Request;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.DescribeTransactionsResponse;
import org.apache.kafka.common.resource.ResourceType;

/** Says how transactional ids stand that this broker coordinates; 105 for one it does not know. */
public final class DescribeTransactionsHandler implements ApiHandler {
  private final TransactionCoordinator transactions;
  private final Authorizer authorizer;

  public DescribeTransactionsHandler(TransactionCoordinator transactions, Authorizer authorizer) {
    this.transactions = transactions;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_TRANSACTIONS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 0;
  }

  @Override
  public void handle(Request request) {
    DescribeTransactionsResponseData data = new DescribeTransactionsResponseData();
    request
        .body(DescribeTransactionsRequest.class)
        .data()
        .transactionalIds()
        .forEach(id -> data.transactionStates().add(visible(request, id)));
    request.respond(new DescribeTransactionsResponse(data));
  }

  /** With those of its topics only that the client may describe. */
  private TransactionState visible(Request request, String transactionalId) {
    if (!authorizer.authorize(
        request, AclOperation.DESCRIBE, ResourceType.TRANSACTIONAL_ID, transactionalId)) {
      return new TransactionState()
          .setTransactionalId(transactionalId)
          .setErrorCode(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
    }
    TransactionState described = describe(transactionalId);
    Set<String> topics =
        authorizer.authorized(
            request,
            AclOperation.DESCRIBE,
            ResourceType.TOPIC,
            described.topics().stream().map(TopicData::topic).toList());
    described.topics().removeIf(topic -> !topics.contains(topic.topic()));
    return described;
  }

  private TransactionState describe(String transactionalId) {
    TransactionState described = new TransactionState().setTransactionalId(transactionalId);
    Transaction transaction;
    try {
      transaction = transactions.describe(transactionalId);
    } catch (ApiException e) {
      return described.setErrorCode(Errors.forException(e).code());
    }
    for (TopicPartition partition : transaction.partitions()) {
      TopicData topic = described.topics().find(partition.topic());
      if (topic == null) {
        topic = new TopicData().setTopic(partition.topic());
        described.topics().add(topic);
      }
      topic.partitions().add(partition.partition());
    }
    return described
        .setProducerId(transaction.producerId())
        .setProducerEpoch(transaction.producerEpoch())
        .setTransactionState(transaction.state().kafkaName())
        .setTransactionTimeoutMs(transaction.timeoutMs())
        .setTransactionStartTimeMs(transaction.startMs());
  }
}
