package io.vitrine.protocol.gate;

/**
 * Where the time of one request went, in Kafka's stages and in nanoseconds.
 *
 * @param queueNanos until an I/O thread took it
 * @param localNanos in its handler
 * @param remoteNanos waiting for something else, in a purgatory
 * @param throttleNanos for how long its client is held back; no part of the total
 * @param responseQueueNanos until the network thread took up the answer
 * @param sendNanos until the last byte was handed to the socket
 * @param totalNanos from the whole frame's arrival on
 */
public record StageTimes(
    long queueNanos,
    long localNanos,
    long remoteNanos,
    long throttleNanos,
    long responseQueueNanos,
    long sendNanos,
    long totalNanos) {}
