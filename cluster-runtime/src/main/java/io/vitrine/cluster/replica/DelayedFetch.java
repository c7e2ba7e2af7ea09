package io.vitrine.cluster.replica;

import io.vitrine.cluster.purgatory.Awaited;
import io.vitrine.cluster.purgatory.DelayedOperation;
import io.vitrine.storage.epoch.EpochEnd;
import io.vitrine.storage.log.LogRead;
import io.vitrine.storage.log.PartitionLog;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.requests.FetchRequest;

/**
 * A fetch that waits for enough bytes.
 *
 * <p>It is answered with what there is when: a partition cannot be read by it any more, its offset
 * lies beyond what can be seen (truncated) or in an older segment than that, the logs part, enough
 * bytes can be read, or the time is up. A follower's fetch is not woken when only the high
 * watermark moves: it sees to the log's end.
 */
final class DelayedFetch extends DelayedOperation {
  private final FetchParameters parameters;
  private final List<FetchItem> items;
  private final HostedPartitions partitions;
  private final FetchReads reads;
  private final Consumer<List<PartitionRead>> callback;

  DelayedFetch(
      FetchParameters parameters,
      List<FetchItem> items,
      HostedPartitions partitions,
      FetchReads reads,
      Consumer<List<PartitionRead>> callback) {
    super(parameters.maxWaitMs());
    this.parameters = parameters;
    this.items = items;
    this.partitions = partitions;
    this.reads = reads;
    this.callback = callback;
  }

  @Override
  protected boolean canComplete() {
    return canCompleteWith(items);
  }

  /** One byte is enough for most, and the other partitions tell of their own changes. */
  @Override
  protected boolean canCompleteAfter(Object changed) {
    if (parameters.minBytes() > 1) {
      return canComplete();
    }
    for (FetchItem item : items) {
      if (item.partition().topicPartition().equals(changed)) {
        return canCompleteWith(List.of(item));
      }
    }
    return false;
  }

  private boolean canCompleteWith(List<FetchItem> looked) {
    long readable = 0;
    try {
      for (FetchItem item : looked) {
        long more = readable(item);
        if (more < 0) {
          return true;
        }
        readable += more;
        if (readable >= parameters.minBytes()) {
          return true;
        }
      }
      return false;
    } catch (ApiException refused) {
      // The read that follows says so to the client.
      return true;
    }
  }

  /** Bytes that can be read from one partition, or -1 when the fetch must be answered now. */
  private long readable(FetchItem item) {
    FetchRequest.PartitionData asked = item.asked();
    Partition partition = partitions.getOrThrow(item.partition().topicPartition());
    PartitionLog log = partition.reads().logFor(asked.currentLeaderEpoch, parameters.leaderOnly());
    if (diverges(log, asked)) {
      return -1;
    }
    long visible = PartitionReads.visibleEnd(log, parameters.bound());
    if (asked.fetchOffset > visible) {
      return -1;
    }
    if (asked.fetchOffset == visible) {
      return 0;
    }
    if (reads.throttles(parameters, partition)) {
      return 0;
    }
    if (parameters.minBytes() <= 1) {
      return 1;
    }
    LogRead found = log.read(asked.fetchOffset, asked.maxBytes, parameters.bound(), false);
    found.records().close();
    long visibleIn = log.read(visible, 0, parameters.bound(), false).segmentBaseOffset();
    return visibleIn > found.segmentBaseOffset() ? -1 : found.records().sizeBytes();
  }

  private static boolean diverges(PartitionLog log, FetchRequest.PartitionData asked) {
    if (asked.lastFetchedEpoch.isEmpty()) {
      return false;
    }
    int lastFetched = asked.lastFetchedEpoch.get();
    EpochEnd end = log.endOffsetForEpoch(lastFetched);
    return end.epoch() < lastFetched || end.endOffset() < asked.fetchOffset;
  }

  @Override
  protected void onComplete() {
    callback.accept(reads.read(parameters, items, false));
  }

  @Override
  protected void onExpiration() {
    reads.expired(parameters);
  }

  @Override
  protected List<Awaited> awaited() {
    return items.stream()
        .limit(MOST_AWAITED)
        .map(
            item ->
                new Awaited(
                    item.partition().topicPartition().toString(),
                    visibleEnd(item),
                    item.asked().fetchOffset + 1))
        .toList();
  }

  private long visibleEnd(FetchItem item) {
    return partitions
        .get(item.partition().topicPartition())
        .flatMap(Partition::log)
        .map(log -> PartitionReads.visibleEnd(log, parameters.bound()))
        .orElse(-1L);
  }

  @Override
  protected int follower() {
    return parameters.replicaId();
  }

  @Override
  protected int leastBytes() {
    return parameters.minBytes();
  }
}
