package io.vitrine.cluster.event;

/**
 * An event with its place in the stream.
 *
 * @param sequence 1, 2, 3 … without gaps, in the order the journal took the events
 * @param nanos monotonic time of the journal's clock; only differences mean anything
 * @param wallMs wall-clock time in milliseconds since the epoch, for showing
 * @param brokerId the broker that reported it, or {@link EventSink#NO_BROKER}
 * @param event what happened
 */
public record StampedEvent(
    long sequence, long nanos, long wallMs, int brokerId, ClusterEvent event) {}
