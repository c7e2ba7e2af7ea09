package io.vitrine.storage.inspect;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A log directory as a whole.
 *
 * @param properties of meta.properties
 * @param stoppedCleanly the marker of a clean stop is there
 * @param checkpoints by file name, then by {@code topic-partition}
 * @param problems what could not be read, in words
 */
public record DirectoryView(
    Path path,
    Map<String, String> properties,
    boolean stoppedCleanly,
    Map<String, Map<String, Long>> checkpoints,
    List<PartitionView> partitions,
    List<String> problems) {}
