package io.vitrine.storage.producer;

/**
 * A transaction whose end marker was appended.
 *
 * @param firstOffset of its first record in this partition
 * @param lastOffset of the marker
 */
public record CompletedTransaction(
    long producerId, long firstOffset, long lastOffset, boolean aborted) {}
