package io.vitrine.cluster.replica;

import io.vitrine.cluster.event.ClusterEvent.EpochSample;
import io.vitrine.cluster.event.ClusterEvent.FollowerSample;
import io.vitrine.cluster.event.ClusterEvent.OpenTransaction;
import io.vitrine.cluster.event.ClusterEvent.ReplicaSample;
import io.vitrine.cluster.event.ClusterEvent.SegmentSample;
import io.vitrine.storage.log.PartitionLog;
import java.util.List;
import java.util.Optional;

/** Takes down what a replica is and how far it has come. Locks nothing for long. */
final class ReplicaSampler {
  private final PartitionContext context;

  ReplicaSampler(PartitionContext context) {
    this.context = context;
  }

  Optional<ReplicaSample> sample(Partition partition) {
    return partition.log().map(log -> sample(partition, log));
  }

  private ReplicaSample sample(Partition partition, PartitionLog log) {
    ReplicaRole role = partition.role();
    List<SegmentSample> segments =
        log.segments().stream()
            .map(
                segment ->
                    new SegmentSample(
                        segment.baseOffset(),
                        segment.nextOffset(),
                        segment.sizeBytes(),
                        segment.largestTimestampMs(),
                        segment.offsetIndexBytes(),
                        segment.timeIndexBytes(),
                        segment.active()))
            .toList();
    return new ReplicaSample(
        partition.topicPartition(),
        role instanceof LeaderState,
        role.leader(),
        role.leaderEpoch(),
        role.partitionEpoch(),
        log.logStartOffset(),
        log.logEndOffset(),
        log.highWatermark(),
        log.lastStableOffset(),
        partition.maximalIsr(),
        role instanceof LeaderState leader ? followers(leader) : List.of(),
        context.delayed().produces().waitingFor(partition.topicPartition()),
        context.delayed().fetches().waitingFor(partition.topicPartition()),
        segments.stream().mapToLong(SegmentSample::sizeBytes).sum(),
        log.logDirectory().toString(),
        segments,
        log.epochEntries().stream()
            .map(entry -> new EpochSample(entry.epoch(), entry.startOffset()))
            .toList());
  }

  /** The transactions without a marker in a partition led here; looks closer only if any is. */
  List<OpenTransaction> openTransactions(Partition partition) {
    if (!(partition.role() instanceof LeaderState)) {
      return List.of();
    }
    return partition
        .log()
        .filter(log -> log.lastStableOffset() < log.highWatermark())
        .map(PartitionLog::activeProducers)
        .orElse(List.of())
        .stream()
        .filter(producer -> producer.transactionStartOffset() >= 0)
        .map(
            producer ->
                new OpenTransaction(
                    producer.producerId(),
                    producer.epoch(),
                    producer.transactionStartOffset(),
                    producer.lastTimestampMs()))
        .toList();
  }

  private List<FollowerSample> followers(LeaderState leader) {
    long nowMs = context.nowMs().getAsLong();
    return leader.followers().stream()
        .map(
            follower -> {
              FollowerProgress progress = follower.progress();
              return new FollowerSample(
                  follower.brokerId(),
                  progress.logEndOffset(),
                  FollowerProgress.age(nowMs, progress.lastFetchMs()),
                  FollowerProgress.age(nowMs, progress.lastCaughtUpMs()),
                  context.lagTimeMaxMs());
            })
        .toList();
  }
}
