package io.vitrine.cluster.replica;

import io.vitrine.storage.index.AbortedTransaction;
import io.vitrine.storage.log.LogSlice;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a fetch found in one partition. Owns the slice: whoever gets it sends it or closes it.
 *
 * @param highWatermark -1 with an error, as the other offsets
 * @param abortedTransactions for a reader of committed records alone: what it has to leave out
 * @param divergingEpoch where the leader's log parts from the fetcher's; then there are no records
 * @param preferredReadReplica where a consumer should read instead; then there are no records
 */
public record PartitionRead(
    TopicIdPartition partition,
    Errors error,
    LogSlice records,
    long highWatermark,
    long lastStableOffset,
    long logStartOffset,
    Optional<List<AbortedTransaction>> abortedTransactions,
    Optional<EpochEndOffset> divergingEpoch,
    OptionalInt preferredReadReplica) {

  /** An answer without records. */
  static PartitionRead empty(
      TopicIdPartition partition,
      long highWatermark,
      long lastStableOffset,
      long logStartOffset,
      Optional<EpochEndOffset> divergingEpoch,
      OptionalInt preferredReadReplica) {
    return new PartitionRead(
        partition,
        Errors.NONE,
        LogSlice.EMPTY,
        highWatermark,
        lastStableOffset,
        logStartOffset,
        Optional.empty(),
        divergingEpoch,
        preferredReadReplica);
  }

  /** Whether it is to be told at once, however many bytes the fetch waits for. */
  boolean urgent() {
    return error != Errors.NONE || divergingEpoch.isPresent() || preferredReadReplica.isPresent();
  }

  /** The same without its records, which are given back. */
  PartitionRead withoutRecords() {
    records.close();
    return new PartitionRead(
        partition,
        error,
        LogSlice.EMPTY,
        highWatermark,
        lastStableOffset,
        logStartOffset,
        abortedTransactions,
        divergingEpoch,
        preferredReadReplica);
  }

  static PartitionRead failed(TopicIdPartition partition, Errors error) {
    return new PartitionRead(
        partition,
        error,
        LogSlice.EMPTY,
        -1,
        -1,
        -1,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  /** Gives back the slices of reads nobody will send. */
  static void closeAll(List<PartitionRead> reads) {
    for (PartitionRead read : reads) {
      read.records().close();
    }
  }
}
