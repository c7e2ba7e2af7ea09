package io.vitrine.storage.log;

/**
 * A segment as seen from outside.
 *
 * @param nextOffset base of the next segment, or the log end offset for the active one
 * @param largestTimestampMs the largest record timestamp, or the file's time when it has none
 */
public record SegmentInfo(
    long baseOffset,
    long nextOffset,
    long sizeBytes,
    long largestTimestampMs,
    long offsetIndexBytes,
    long timeIndexBytes,
    boolean active) {}
