package io.vitrine.cluster.replica;

import io.vitrine.cluster.purgatory.Awaited;
import io.vitrine.cluster.purgatory.DelayedOperation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * A deletion of records that waits until every live replica's log starts where it was asked to.
 *
 * <p>A partition is settled once: reached, or its error when this broker does not lead it any more
 * (6), its directory failed (56) or it is gone (3). When the time is up the others get 7 with the
 * low watermark as it was at the beginning; the leader's records are deleted all the same.
 */
final class DelayedDeleteRecords extends DelayedOperation {
  private final HostedPartitions partitions;
  private final Map<TopicPartition, Long> required;
  private final Map<TopicPartition, RecordsDeleted> answers;
  private final Map<TopicPartition, RecordsDeleted> settled = new ConcurrentHashMap<>();
  private final Consumer<Map<TopicPartition, RecordsDeleted>> callback;

  /**
   * @param required the log start each partition waits for
   * @param answers of all partitions; those of {@code required} stand as if the time were up now
   */
  DelayedDeleteRecords(
      long timeoutMs,
      HostedPartitions partitions,
      Map<TopicPartition, Long> required,
      Map<TopicPartition, RecordsDeleted> answers,
      Consumer<Map<TopicPartition, RecordsDeleted>> callback) {
    super(timeoutMs);
    this.partitions = partitions;
    this.required = Map.copyOf(required);
    this.answers = Map.copyOf(answers);
    this.callback = callback;
  }

  @Override
  protected boolean canComplete() {
    required.forEach(
        (tp, offset) -> {
          if (!settled.containsKey(tp)) {
            outcome(tp, offset).ifPresent(outcome -> settled.putIfAbsent(tp, outcome));
          }
        });
    return settled.size() == required.size();
  }

  private Optional<RecordsDeleted> outcome(TopicPartition tp, long offset) {
    Optional<Partition> partition = partitions.get(tp);
    if (partition.isEmpty()) {
      boolean offline = partitions.isOffline(tp);
      return Optional.of(
          RecordsDeleted.failed(
              offline ? Errors.KAFKA_STORAGE_ERROR : Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }
    Optional<Long> low = partition.get().leaderWrites().lowWatermark();
    if (low.isEmpty()) {
      return Optional.of(RecordsDeleted.failed(Errors.NOT_LEADER_OR_FOLLOWER));
    }
    return low.filter(now -> now >= offset).map(now -> new RecordsDeleted(Errors.NONE, now));
  }

  @Override
  protected void onComplete() {
    Map<TopicPartition, RecordsDeleted> all = new HashMap<>(answers);
    all.putAll(settled);
    callback.accept(all);
  }

  @Override
  protected List<Awaited> awaited() {
    return required.entrySet().stream()
        .limit(MOST_AWAITED)
        .map(
            each ->
                new Awaited(each.getKey().toString(), lowWatermark(each.getKey()), each.getValue()))
        .toList();
  }

  private long lowWatermark(TopicPartition partition) {
    return partitions
        .get(partition)
        .flatMap(each -> each.leaderWrites().lowWatermark())
        .orElse(-1L);
  }
}
