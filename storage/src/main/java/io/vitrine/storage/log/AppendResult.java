package io.vitrine.storage.log;

/**
 * What became of an append.
 *
 * @param logAppendTimeMs the broker's time stamped on the records, -1 when the producer's was kept
 * @param duplicate the batch had been appended before; the offsets are those of then
 */
public record AppendResult(
    long firstOffset,
    long lastOffset,
    long logAppendTimeMs,
    long logStartOffset,
    int sizeBytes,
    boolean duplicate,
    int leaderEpoch) {}
