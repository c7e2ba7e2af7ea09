package io.vitrine.console.storage;

import io.vitrine.cluster.snapshot.ReplicaView;
import io.vitrine.cluster.snapshot.TopicView;
import io.vitrine.console.live.Frame;
import io.vitrine.storage.inspect.PartitionView;
import io.vitrine.storage.inspect.SegmentView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * A partition's directory as it was read.
 *
 * @param brokerId whose it is, -1 for a folder from disk
 * @param largestTimestampMs by base offset, of the segments in use; absent where it cannot be read
 * @param checkpoints what the directory's checkpoint files say of it, by file name
 * @param readNanos when, on the frame's monotonic clock
 */
record PartitionDetail(
    PartitionView partition,
    int brokerId,
    Map<Long, Long> largestTimestampMs,
    Map<String, Long> checkpoints,
    long readNanos) {
  PartitionDetail {
    largestTimestampMs = Map.copyOf(largestTimestampMs);
    checkpoints = Map.copyOf(checkpoints);
  }

  TopicPartition id() {
    return new TopicPartition(partition.topic(), partition.partition());
  }

  /** What the broker reports of it, when a broker does. */
  Optional<ReplicaView> replica(Frame frame) {
    return brokerId < 0
        ? Optional.empty()
        : Optional.ofNullable(frame.snapshot().partitions().get(id()))
            .flatMap(p -> p.replica(brokerId))
            .filter(r -> r.reportedNanos() > 0);
  }

  /** The topic's own settings, when the topic is one of the cluster's. */
  Map<String, String> config(Frame frame) {
    return brokerId < 0
        ? Map.of()
        : Optional.ofNullable(frame.snapshot().topics().get(partition.topic()))
            .map(TopicView::config)
            .orElse(Map.of());
  }

  /** The segment in use with this base offset. */
  Optional<SegmentView> segment(long baseOffset) {
    return partition.inUse().stream().filter(s -> s.baseOffset() == baseOffset).findFirst();
  }

  /** All segments by where they begin, those that are not in use any more before those that are. */
  List<SegmentView> ordered() {
    return partition.segments().stream()
        .sorted(
            Comparator.comparingLong(SegmentView::baseOffset)
                .thenComparing(s -> s.state().isEmpty()))
        .toList();
  }

  /** The segment that is written to; empty when there is none. */
  Optional<SegmentView> active() {
    return partition.inUse().isEmpty()
        ? Optional.empty()
        : Optional.of(partition.inUse().get(partition.inUse().size() - 1));
  }

  /** What a checkpoint file says of it, -1 when it says nothing. */
  long checkpoint(String file) {
    return checkpoints.getOrDefault(file, -1L);
  }
}
