package io.vitrine.storage.log;

/**
 * The bytes found for a fetch; closing {@link #records()} is the caller's duty.
 *
 * @param segmentBaseOffset base of the segment the bytes lie in
 * @param positionInSegment where they begin
 * @param firstBatchIncomplete the limits cut the first batch short
 */
public record LogRead(
    LogSlice records,
    long fetchOffset,
    long segmentBaseOffset,
    int positionInSegment,
    boolean firstBatchIncomplete,
    long highWatermark,
    long logStartOffset,
    long logEndOffset,
    long lastStableOffset) {}
