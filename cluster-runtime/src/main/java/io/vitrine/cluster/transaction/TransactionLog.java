package io.vitrine.cluster.transaction;

import io.vitrine.cluster.coordinator.CoordinatorRuntime;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;

/**
 * Writes states of transactional ids: uncompressed, with acks=all, in the epoch in which this
 * broker leads their partition. Safe from any thread.
 */
final class TransactionLog {
  private final CoordinatorRuntime<TransactionPartition> runtime;
  private final InstantSource clock;

  TransactionLog(CoordinatorRuntime<TransactionPartition> runtime, InstantSource clock) {
    this.runtime = runtime;
    this.clock = clock;
  }

  /**
   * Writes a state; the entry is left alone.
   *
   * @return NONE once the ISR has it, else the error a client gets; never fails
   */
  CompletableFuture<Errors> write(TransactionPartition partition, Transaction next) {
    SimpleRecord record =
        new SimpleRecord(
            clock.millis(),
            TransactionRecords.key(next.transactionalId()),
            TransactionRecords.value(next));
    return append(partition, List.of(record), next.timeoutMs());
  }

  /** Writes that ids are forgotten, in one batch; as {@link #write}. */
  CompletableFuture<Errors> forget(
      TransactionPartition partition, List<String> transactionalIds, long timeoutMs) {
    long nowMs = clock.millis();
    return append(
        partition,
        transactionalIds.stream()
            .map(id -> new SimpleRecord(nowMs, TransactionRecords.key(id), null))
            .toList(),
        timeoutMs);
  }

  private CompletableFuture<Errors> append(
      TransactionPartition partition, List<SimpleRecord> records, long timeoutMs) {
    return runtime
        .append(
            partition.number(),
            partition.leaderEpoch(),
            MemoryRecords.withRecords(Compression.NONE, records.toArray(SimpleRecord[]::new)),
            timeoutMs)
        .handle((offset, failure) -> failure == null ? afterwards(partition) : told(failure));
  }

  /** Who led again meanwhile has loaded the log anew: nobody is to be told of the old state. */
  private Errors afterwards(TransactionPartition partition) {
    return runtime.leaderEpoch(partition.number()).orElse(-1) == partition.leaderEpoch()
        ? Errors.NONE
        : Errors.NOT_COORDINATOR;
  }

  private static Errors told(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    Errors error = Errors.forException(cause);
    return switch (error) {
      case UNKNOWN_TOPIC_OR_PARTITION,
          NOT_ENOUGH_REPLICAS,
          NOT_ENOUGH_REPLICAS_AFTER_APPEND,
          REQUEST_TIMED_OUT ->
          Errors.COORDINATOR_NOT_AVAILABLE;
      case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> Errors.NOT_COORDINATOR;
      case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE -> Errors.UNKNOWN_SERVER_ERROR;
      default -> error;
    };
  }
}
