package io.vitrine.cluster.replica;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes records of partitions this broker leads, and waits for the replicas to follow. */
final class RecordDeletions {
  private static final Logger LOG = LoggerFactory.getLogger(RecordDeletions.class);

  private final HostedPartitions partitions;
  private final DelayedOperations delayed;

  RecordDeletions(HostedPartitions partitions, DelayedOperations delayed) {
    this.partitions = partitions;
    this.delayed = delayed;
  }

  /** See {@link ReplicaManager#deleteRecords}. */
  void delete(
      Map<TopicPartition, Long> before,
      long timeoutMs,
      Consumer<Map<TopicPartition, RecordsDeleted>> callback) {
    Map<TopicPartition, RecordsDeleted> answers = new HashMap<>();
    Map<TopicPartition, Long> deleted = new HashMap<>();
    boolean allReached = true;
    for (Map.Entry<TopicPartition, Long> asked : before.entrySet()) {
      TopicPartition tp = asked.getKey();
      try {
        LeaderWrites.Deletion done = deleteOne(tp, asked.getValue());
        deleted.put(tp, done.logStart());
        answers.put(tp, new RecordsDeleted(Errors.NONE, done.lowWatermark()));
        allReached &= done.lowWatermark() >= done.logStart();
      } catch (ApiException e) {
        answers.put(tp, RecordsDeleted.failed(Errors.forException(e)));
      } catch (RuntimeException e) {
        LOG.error("deleting records of {} failed", tp, e);
        answers.put(tp, RecordsDeleted.failed(Errors.forException(e)));
      }
    }
    if (allReached) {
      callback.accept(answers);
      return;
    }
    deleted
        .keySet()
        .forEach(
            tp ->
                answers.computeIfPresent(
                    tp,
                    (id, now) -> new RecordsDeleted(Errors.REQUEST_TIMED_OUT, now.lowWatermark())));
    delayed
        .deletions()
        .tryCompleteElseWatch(
            new DelayedDeleteRecords(timeoutMs, partitions, deleted, answers, callback),
            deleted.keySet());
  }

  private LeaderWrites.Deletion deleteOne(TopicPartition tp, long before) {
    if (Topic.isInternal(tp.topic())) {
      throw Errors.INVALID_TOPIC_EXCEPTION.exception(
          "records of the internal topic " + tp.topic() + " cannot be deleted");
    }
    return partitions.getOrThrow(tp).leaderWrites().deleteRecords(before);
  }
}
