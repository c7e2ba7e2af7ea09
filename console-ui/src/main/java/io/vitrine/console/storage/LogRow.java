package io.vitrine.console.storage;

import io.vitrine.storage.inspect.DirectoryView;
import io.vitrine.storage.inspect.PartitionView;
import java.util.Map;

/**
 * A partition's directory as a line of the list.
 *
 * @param segments in use
 * @param leaving segments that are renamed and wait to be unlinked, or are left over
 * @param firstOffset base offset of the oldest segment in use, -1 none
 * @param highWatermark of the checkpoint, -1 none
 */
record LogRow(
    PartitionView partition,
    int segments,
    int leaving,
    long sizeBytes,
    long firstOffset,
    long highWatermark) {

  static LogRow of(DirectoryView directory, PartitionView partition) {
    int inUse = partition.inUse().size();
    return new LogRow(
        partition,
        inUse,
        partition.segments().size() - inUse,
        partition.sizeBytes(),
        inUse == 0 ? -1 : partition.inUse().get(0).baseOffset(),
        directory
            .checkpoints()
            .getOrDefault("replication-offset-checkpoint", Map.of())
            .getOrDefault(partition.name(), -1L));
  }

  String name() {
    return partition.directory().getFileName().toString();
  }
}
