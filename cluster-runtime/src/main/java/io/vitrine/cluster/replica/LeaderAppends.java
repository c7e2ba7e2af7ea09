package io.vitrine.cluster.replica;

import io.vitrine.storage.log.AppendResult;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.RecordsRejectedException;
import io.vitrine.storage.log.VerificationGuard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.ProduceResponse.PartitionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends to the partitions this broker leads, and waits for acknowledgement if asked to. */
final class LeaderAppends {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderAppends.class);

  private final HostedPartitions partitions;
  private final DelayedOperations delayed;
  private final BooleanSupplier verify;
  private final Traffic traffic;
  private final LongAdder recordsOfClients = new LongAdder();

  /**
   * @param verify whether, now, transactions begin only with the guard of a verification
   */
  LeaderAppends(
      HostedPartitions partitions,
      DelayedOperations delayed,
      BooleanSupplier verify,
      Traffic traffic) {
    this.partitions = partitions;
    this.delayed = delayed;
    this.verify = verify;
    this.traffic = traffic;
  }

  /** See {@link ReplicaManager#appendRecords}. */
  void append(
      Map<TopicPartition, MemoryRecords> records,
      AppendParameters parameters,
      Consumer<Map<TopicPartition, PartitionResponse>> callback) {
    short acks = parameters.acks();
    Map<TopicPartition, PartitionResponse> answers = new HashMap<>();
    if (acks < -1 || acks > 1) {
      records
          .keySet()
          .forEach(tp -> answers.put(tp, new PartitionResponse(Errors.INVALID_REQUIRED_ACKS)));
      callback.accept(answers);
      return;
    }
    List<DelayedProduce.Waiting> appended = new ArrayList<>();
    records.forEach((tp, batch) -> answers.put(tp, appendOne(tp, batch, parameters, appended)));
    if (acks == -1 && !appended.isEmpty()) {
      DelayedProduce produce =
          new DelayedProduce(parameters.timeoutMs(), partitions, appended, answers, callback);
      delayed
          .produces()
          .tryCompleteElseWatch(
              produce, appended.stream().map(DelayedProduce.Waiting::partition).toList());
    } else {
      callback.accept(answers);
    }
    for (DelayedProduce.Waiting each : appended) {
      if (each.highWatermarkRose()) {
        delayed.changed(each.partition());
      } else {
        delayed.appended(each.partition());
      }
    }
  }

  /** Records of clients appended since the broker's start. */
  long recordsOfClients() {
    return recordsOfClients.sum();
  }

  private PartitionResponse appendOne(
      TopicPartition tp,
      MemoryRecords batch,
      AppendParameters parameters,
      List<DelayedProduce.Waiting> appended) {
    int sizeBytes = batch.sizeInBytes();
    traffic.produceAsked(tp.topic());
    VerificationGuard guard =
        verify.getAsBoolean()
            ? parameters.guards().getOrDefault(tp, VerificationGuard.NONE)
            : VerificationGuard.NOT_REQUIRED;
    try {
      LeaderWrites.Append append =
          partitions.getOrThrow(tp).leaderWrites().append(batch, parameters, guard);
      AppendResult result = append.result();
      appended.add(
          new DelayedProduce.Waiting(tp, result.lastOffset() + 1, append.highWatermarkRose()));
      if (!result.duplicate()) {
        count(tp.topic(), batch, result.lastOffset() - result.firstOffset() + 1, parameters);
      }
      return new PartitionResponse(
          Errors.NONE,
          result.firstOffset(),
          result.lastOffset(),
          result.logAppendTimeMs(),
          result.logStartOffset(),
          List.of(),
          null);
    } catch (RecordsRejectedException e) {
      traffic.produceFailed(tp.topic());
      return refused(
          e.reason(),
          logStart(tp),
          e.records().stream()
              .map(each -> new ProduceResponse.RecordError(each.index(), each.message()))
              .toList(),
          e.reason().getMessage());
    } catch (UnknownTopicOrPartitionException
        | NotLeaderOrFollowerException
        | RecordTooLargeException
        | RecordBatchTooLargeException
        | CorruptRecordException
        | KafkaStorageException e) {
      if (e instanceof RecordTooLargeException || e instanceof RecordBatchTooLargeException) {
        traffic.rejected(tp.topic(), sizeBytes);
      }
      return new PartitionResponse(Errors.forException(e));
    } catch (ApiException e) {
      traffic.produceFailed(tp.topic());
      return refused(e, logStart(tp), List.of(), null);
    } catch (RuntimeException e) {
      traffic.produceFailed(tp.topic());
      LOG.error("appending to {} failed", tp, e);
      return refused(e, logStart(tp), List.of(), null);
    }
  }

  private void count(String topic, MemoryRecords batch, long records, AppendParameters parameters) {
    traffic.appended(topic, records, batch.sizeInBytes());
    if (!batch.hasMatchingMagic(RecordBatch.CURRENT_MAGIC_VALUE)) {
      traffic.convertedIn(topic, records);
    }
    if (parameters.origin() == Origin.CLIENT) {
      recordsOfClients.add(records);
    }
  }

  private long logStart(TopicPartition tp) {
    return partitions.get(tp).flatMap(Partition::log).map(log -> log.logStartOffset()).orElse(-1L);
  }

  private static PartitionResponse refused(
      RuntimeException e,
      long logStart,
      List<ProduceResponse.RecordError> records,
      String message) {
    return new PartitionResponse(
        Errors.forException(e),
        ProduceResponse.INVALID_OFFSET,
        ProduceResponse.INVALID_OFFSET,
        -1,
        logStart,
        records,
        message);
  }
}
