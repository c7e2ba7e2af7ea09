package io.vitrine.storage.index;

/**
 * A transaction that was aborted, as far as one partition is concerned.
 *
 * @param firstOffset of its first record here
 * @param lastOffset of its abort marker
 * @param lastStableOffset below which no other transaction was open when it ended
 */
public record AbortedTransaction(
    long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
