package io.vitrine.storage.log;

import io.vitrine.storage.index.AbortedTransaction;
import java.util.List;

/**
 * The bytes found for a fetch; closing {@link #records()} is the caller's duty.
 *
 * @param segmentBaseOffset base of the segment the bytes lie in
 * @param positionInSegment where they begin
 * @param firstBatchIncomplete the limits cut the first batch short
 * @param abortedTransactions those a reader of committed records has to leave out of these bytes
 */
public record LogRead(
    LogSlice records,
    long fetchOffset,
    long segmentBaseOffset,
    int positionInSegment,
    boolean firstBatchIncomplete,
    List<AbortedTransaction> abortedTransactions,
    long highWatermark,
    long logStartOffset,
    long logEndOffset,
    long lastStableOffset) {}
