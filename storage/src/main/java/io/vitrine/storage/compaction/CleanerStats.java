package io.vitrine.storage.compaction;

/**
 * What one pass over a log did.
 *
 * @param mapUtilization how full the offset map was, between 0 and 1
 * @param recordsWithoutKey dropped, since nobody can tell what they are versions of
 */
public record CleanerStats(
    long mapBytesRead,
    long mapRecordsRead,
    double mapUtilization,
    long bytesRead,
    long recordsRead,
    long bytesKept,
    long recordsKept,
    long recordsWithoutKey,
    long mapMs,
    long totalMs) {}
