package io.vitrine.cluster.handler;

import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Adds partitions to transactions: v0–3 to one, from clients; v4–5 to many, from brokers, which may
 * also only want to know whether the partitions belong to them (KIP-890).
 *
 * <p>A transaction is added to as a whole or not at all: when a partition is not known (3), the
 * others answer 55.
 */
public final class AddPartitionsToTxnHandler implements ApiHandler {
  private static final short FIRST_WITH_FENCED = 2;
  private static final short FIRST_BATCHED = 4;

  private final TransactionCoordinator transactions;
  private final MetadataCache metadata;
  private final Authorizer authorizer;

  public AddPartitionsToTxnHandler(
      TransactionCoordinator transactions, MetadataCache metadata, Authorizer authorizer) {
    this.transactions = transactions;
    this.metadata = metadata;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ADD_PARTITIONS_TO_TXN;
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
    AddPartitionsToTxnRequest body = request.body(AddPartitionsToTxnRequest.class);
    short version = request.apiVersion();
    AddPartitionsToTxnRequest batch = version < FIRST_BATCHED ? body.normalizeRequest() : body;
    List<CompletableFuture<AddPartitionsToTxnResult>> results = new ArrayList<>();
    batch
        .data()
        .transactions()
        .forEach(transaction -> results.add(result(request, batch, transaction, version)));
    CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
        .thenRun(
            () ->
                request.respond(
                    response(version, results.stream().map(CompletableFuture::join).toList())));
  }

  private CompletableFuture<AddPartitionsToTxnResult> result(
      Request request,
      AddPartitionsToTxnRequest batch,
      AddPartitionsToTxnTransaction transaction,
      short version) {
    String id = transaction.transactionalId();
    // Later versions come from brokers, whose permission was asked for before.
    boolean fromClient = version < FIRST_BATCHED;
    if (fromClient
        && !authorizer.authorize(request, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, id)) {
      return CompletableFuture.completedFuture(
          batch.errorResponseForTransaction(id, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
    }
    Set<TopicPartition> partitions =
        Set.copyOf(AddPartitionsToTxnRequest.getPartitions(transaction.topics()));
    MetadataImage image = metadata.image();
    Set<String> topics = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    Set<String> writable = fromClient ? writable(request, partitions) : topics;
    if (!writable.containsAll(topics) || !partitions.stream().allMatch(image::contains)) {
      return CompletableFuture.completedFuture(
          AddPartitionsToTxnResponse.resultForTransaction(
              id, notAttempted(partitions, writable, image)));
    }
    if (transaction.verifyOnly()) {
      return CompletableFuture.completedFuture(
          AddPartitionsToTxnResponse.resultForTransaction(
              id,
              transactions.verify(
                  id, transaction.producerId(), transaction.producerEpoch(), partitions)));
    }
    return transactions
        .addPartitions(id, transaction.producerId(), transaction.producerEpoch(), partitions)
        .thenApply(
            error ->
                batch.errorResponseForTransaction(
                    id, FencedErrors.told(error, version, FIRST_WITH_FENCED)));
  }

  /** Nobody adds internal topics this way. */
  private Set<String> writable(Request request, Set<TopicPartition> partitions) {
    return authorizer.authorized(
        request,
        AclOperation.WRITE,
        ResourceType.TOPIC,
        partitions.stream()
            .map(TopicPartition::topic)
            .filter(topic -> !Topic.isInternal(topic))
            .toList());
  }

  private static Map<TopicPartition, Errors> notAttempted(
      Set<TopicPartition> partitions, Set<String> writable, MetadataImage image) {
    return partitions.stream()
        .collect(
            Collectors.toMap(
                partition -> partition,
                partition -> notAttempted(partition, writable, image),
                (one, same) -> one,
                HashMap::new));
  }

  private static Errors notAttempted(
      TopicPartition partition, Set<String> writable, MetadataImage image) {
    if (!writable.contains(partition.topic())) {
      return Errors.TOPIC_AUTHORIZATION_FAILED;
    }
    return image.contains(partition)
        ? Errors.OPERATION_NOT_ATTEMPTED
        : Errors.UNKNOWN_TOPIC_OR_PARTITION;
  }

  private static AddPartitionsToTxnResponse response(
      short version, List<AddPartitionsToTxnResult> results) {
    AddPartitionsToTxnResponseData data = new AddPartitionsToTxnResponseData();
    if (version < FIRST_BATCHED) {
      results.forEach(result -> data.setResultsByTopicV3AndBelow(result.topicResults()));
    } else {
      results.forEach(result -> data.resultsByTransaction().add(result));
    }
    return new AddPartitionsToTxnResponse(data);
  }
}
