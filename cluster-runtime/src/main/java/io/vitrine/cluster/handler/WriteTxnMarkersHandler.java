package io.vitrine.cluster.handler;

import io.vitrine.cluster.replica.AppendParameters;
import io.vitrine.cluster.replica.Partition;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import io.vitrine.storage.log.Origin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions in partitions this broker leads: appends a control batch with acks=all, and has
 * the group coordinator take offsets over that were committed with them. Asked by transaction
 * coordinators, and by operators who abort a hanging transaction.
 */
public final class WriteTxnMarkersHandler implements ApiHandler {
  private static final Logger LOG = LoggerFactory.getLogger(WriteTxnMarkersHandler.class);
  private static final short ACKS_ALL = -1;

  private final ReplicaManager replicas;
  private final MarkerListener listener;
  private final int timeoutMs;
  private final Authorizer authorizer;

  /**
   * @param timeoutMs how long the ISR may take
   */
  public WriteTxnMarkersHandler(
      ReplicaManager replicas, MarkerListener listener, int timeoutMs, Authorizer authorizer) {
    this.replicas = replicas;
    this.listener = listener;
    this.timeoutMs = timeoutMs;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.WRITE_TXN_MARKERS;
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
    // Tools that end hanging transactions may alter the cluster.
    if (!authorizer.authorizeCluster(request, AclOperation.ALTER, false)
        && !authorizer.authorizeCluster(request, AclOperation.CLUSTER_ACTION)) {
      request.respond(
          request.body().getErrorResponse(0, Errors.CLUSTER_AUTHORIZATION_FAILED.exception()));
      return;
    }
    List<TxnMarkerEntry> markers = request.body(WriteTxnMarkersRequest.class).markers();
    List<CompletableFuture<Map<TopicPartition, Errors>>> written =
        markers.stream().map(this::write).toList();
    CompletableFuture.allOf(written.toArray(CompletableFuture<?>[]::new))
        .thenRun(
            () -> {
              Map<Long, Map<TopicPartition, Errors>> errors = new HashMap<>();
              for (int i = 0; i < markers.size(); i++) {
                errors
                    .computeIfAbsent(markers.get(i).producerId(), id -> new HashMap<>())
                    .putAll(written.get(i).join());
              }
              request.respond(new WriteTxnMarkersResponse(errors));
            });
    request.parked();
  }

  private CompletableFuture<Map<TopicPartition, Errors>> write(TxnMarkerEntry marker) {
    Map<TopicPartition, Errors> errors = new HashMap<>();
    Map<TopicPartition, MemoryRecords> batches = new HashMap<>();
    for (TopicPartition partition : marker.partitions()) {
      if (replicas.partition(partition).flatMap(Partition::log).isPresent()) {
        batches.put(partition, batch(marker));
      } else {
        errors.put(partition, Errors.UNKNOWN_TOPIC_OR_PARTITION);
      }
    }
    CompletableFuture<Map<TopicPartition, Errors>> written = new CompletableFuture<>();
    replicas.appendRecords(
        batches,
        AppendParameters.of(ACKS_ALL, timeoutMs, Origin.COORDINATOR),
        answers -> {
          answers.forEach((partition, answer) -> errors.put(partition, answer.error));
          tellGroups(marker, errors);
          written.complete(errors);
        });
    return written;
  }

  private static MemoryRecords batch(TxnMarkerEntry marker) {
    ControlRecordType type =
        marker.transactionResult() == TransactionResult.COMMIT
            ? ControlRecordType.COMMIT
            : ControlRecordType.ABORT;
    return MemoryRecords.withEndTransactionMarker(
        marker.producerId(),
        marker.producerEpoch(),
        new EndTransactionMarker(type, marker.coordinatorEpoch()));
  }

  private void tellGroups(TxnMarkerEntry marker, Map<TopicPartition, Errors> errors) {
    List<TopicPartition> offsets =
        errors.entrySet().stream()
            .filter(each -> each.getValue() == Errors.NONE)
            .map(Map.Entry::getKey)
            .filter(partition -> partition.topic().equals(Topic.GROUP_METADATA_TOPIC_NAME))
            .toList();
    if (offsets.isEmpty()) {
      return;
    }
    try {
      listener.transactionEnded(
          marker.producerId(),
          offsets.stream().map(TopicPartition::partition).toList(),
          marker.transactionResult() == TransactionResult.COMMIT);
    } catch (RuntimeException e) {
      LOG.error("offsets of producer {} cannot be taken over", marker.producerId(), e);
      offsets.forEach(partition -> errors.put(partition, Errors.UNKNOWN_SERVER_ERROR));
    }
  }
}
