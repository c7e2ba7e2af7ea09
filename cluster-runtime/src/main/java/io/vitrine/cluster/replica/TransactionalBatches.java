package io.vitrine.cluster.replica;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;

/**
 * The records of one producer that belong to its transaction.
 *
 * @param firstSequences of the first batch in each partition
 * @param knowsAbortable whether the producer understands TRANSACTION_ABORTABLE (120)
 */
public record TransactionalBatches(
    String transactionalId,
    long producerId,
    short producerEpoch,
    Map<TopicPartition, Integer> firstSequences,
    boolean knowsAbortable) {

  /**
   * Those among what was produced.
   *
   * @return empty when there are none
   * @throws InvalidPidMappingException when they are of several producers
   */
  static Optional<TransactionalBatches> in(
      String transactionalId, Map<TopicPartition, MemoryRecords> produced, boolean knowsAbortable) {
    Map<TopicPartition, Integer> sequences = new LinkedHashMap<>();
    MutableRecordBatch first = null;
    for (Map.Entry<TopicPartition, MemoryRecords> each : produced.entrySet()) {
      for (MutableRecordBatch batch : each.getValue().batches()) {
        if (batch.hasProducerId() && batch.isTransactional()) {
          if (first == null) {
            first = batch;
          } else if (first.producerId() != batch.producerId()
              || first.producerEpoch() != batch.producerEpoch()) {
            throw new InvalidPidMappingException("transactional records of several producers");
          }
          sequences.putIfAbsent(each.getKey(), batch.baseSequence());
        }
      }
    }
    return first == null
        ? Optional.empty()
        : Optional.of(
            new TransactionalBatches(
                transactionalId,
                first.producerId(),
                first.producerEpoch(),
                sequences,
                knowsAbortable));
  }
}
