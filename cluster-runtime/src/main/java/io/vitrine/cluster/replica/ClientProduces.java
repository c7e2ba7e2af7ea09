package io.vitrine.cluster.replica;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.ProduceResponse.PartitionResponse;

/** Appends what producers send, transactional records after their transaction was verified. */
final class ClientProduces {
  private static final long UNKNOWN = -1;

  private final TransactionVerifier verifier;
  private final LeaderAppends appends;

  ClientProduces(TransactionVerifier verifier, LeaderAppends appends) {
    this.verifier = verifier;
    this.appends = appends;
  }

  /** See {@link ReplicaManager#produce}. */
  void produce(
      String transactionalId,
      boolean knowsAbortable,
      Map<TopicPartition, MemoryRecords> records,
      AppendParameters parameters,
      Consumer<Map<TopicPartition, PartitionResponse>> callback) {
    Optional<TransactionalBatches> batches =
        TransactionalBatches.in(transactionalId, records, knowsAbortable);
    if (batches.isEmpty()) {
      appends.append(records, parameters, callback);
      return;
    }
    Verified begun = verifier.begin(batches.get());
    if (begun.guards().isEmpty()) {
      append(records, begun, parameters, callback);
      return;
    }
    Map<TopicPartition, MemoryRecords> kept = new HashMap<>();
    records.forEach((partition, each) -> kept.put(partition, copy(each)));
    verifier.confirm(
        batches.get(), begun, verified -> append(kept, verified, parameters, callback));
  }

  /** The request's own memory is given back when this call returns. */
  private static MemoryRecords copy(MemoryRecords records) {
    ByteBuffer bytes = records.buffer();
    return MemoryRecords.readableRecords(
        ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip());
  }

  private void append(
      Map<TopicPartition, MemoryRecords> records,
      Verified verified,
      AppendParameters parameters,
      Consumer<Map<TopicPartition, PartitionResponse>> callback) {
    Map<TopicPartition, MemoryRecords> accepted = new HashMap<>(records);
    Map<TopicPartition, PartitionResponse> refused = new HashMap<>();
    verified
        .refused()
        .forEach(
            (partition, error) -> {
              accepted.remove(partition);
              refused.put(partition, refusal(error));
            });
    appends.append(
        accepted,
        parameters.withGuards(verified.guards()),
        appended -> {
          Map<TopicPartition, PartitionResponse> all = new HashMap<>(refused);
          all.putAll(appended);
          callback.accept(all);
        });
  }

  /**
   * Errors older clients would not try again become NOT_ENOUGH_REPLICAS, which all do, and without
   * asking for new metadata.
   */
  private static PartitionResponse refusal(Errors error) {
    return switch (error) {
      case INVALID_TXN_STATE -> response(error, "the partition was not added to the transaction");
      case CONCURRENT_TRANSACTIONS,
          NETWORK_EXCEPTION,
          COORDINATOR_LOAD_IN_PROGRESS,
          COORDINATOR_NOT_AVAILABLE,
          NOT_COORDINATOR ->
          response(
              Errors.NOT_ENOUGH_REPLICAS,
              "the coordinator could not say whether the partition was added to the transaction: "
                  + error);
      default -> response(error, null);
    };
  }

  private static PartitionResponse response(Errors error, String message) {
    return new PartitionResponse(
        error,
        ProduceResponse.INVALID_OFFSET,
        ProduceResponse.INVALID_OFFSET,
        UNKNOWN,
        UNKNOWN,
        List.of(),
        message);
  }
}
