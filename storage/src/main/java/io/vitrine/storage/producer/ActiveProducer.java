package io.vitrine.storage.producer;

/**
 * A producer a log knows.
 *
 * @param lastSequence -1 when there was only a marker
 * @param coordinatorEpoch of its last marker, -1 before the first
 * @param transactionStartOffset of its open transaction, -1 when none is
 */
public record ActiveProducer(
    long producerId,
    short epoch,
    int lastSequence,
    long lastTimestampMs,
    int coordinatorEpoch,
    long transactionStartOffset) {}
