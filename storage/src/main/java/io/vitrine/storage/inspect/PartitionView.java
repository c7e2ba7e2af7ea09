package io.vitrine.storage.inspect;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One partition's directory.
 *
 * @param kind what its name says
 * @param topicId as it stands in partition.metadata
 * @param epochs of leader-epoch-checkpoint
 * @param snapshotOffsets of the producer snapshots
 * @param segments oldest first, those in use before those that are not
 */
public record PartitionView(
    Path directory,
    String topic,
    int partition,
    Kind kind,
    Optional<String> topicId,
    List<Epoch> epochs,
    List<Long> snapshotOffsets,
    List<SegmentView> segments) {

  /** What a partition directory is for. */
  public enum Kind {
    LOG,
    FUTURE,
    DELETED,
    STRAY
  }

  /** A leader epoch and where it began. */
  public record Epoch(int epoch, long startOffset) {}

  /** The segments that are in use, oldest first. */
  public List<SegmentView> inUse() {
    return segments.stream().filter(segment -> segment.state().isEmpty()).toList();
  }

  public long sizeBytes() {
    return segments.stream().mapToLong(SegmentView::sizeBytes).sum();
  }

  /** {@code topic-partition}. */
  public String name() {
    return topic + "-" + partition;
  }
}
