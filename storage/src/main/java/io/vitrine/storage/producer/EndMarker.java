package io.vitrine.storage.producer;

/** The control record that ends a transaction in a partition. */
public record EndMarker(
    long producerId,
    short epoch,
    int coordinatorEpoch,
    long offset,
    long timestampMs,
    boolean aborts) {}
