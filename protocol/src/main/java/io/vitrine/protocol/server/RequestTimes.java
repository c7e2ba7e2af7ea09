package io.vitrine.protocol.server;

import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Where the time of one request went, in Kafka's own stages (kafka.network RequestMetrics). The
 * stages but throttling follow one another without a gap: their sum is the total.
 *
 * @param queueNanos from the whole frame's arrival until an I/O thread took it
 * @param localNanos in the handler
 * @param remoteNanos waiting for something else, from the handler's end (or {@link Request#parked})
 *     to the answer
 * @param throttleNanos for how long the client is held back by a quota; no part of the total, as
 *     the answer does not wait for it
 * @param responseQueueNanos from the answer until the network thread took it up
 * @param sendNanos until the last byte was handed to the socket; 0 without an answer
 * @param networkNanos the network thread's own time for this request: reading it apart and handing
 *     its answer to the socket
 * @param requestBytes the request's frame, without its size field
 * @param responseBytes the answer's frame with its size field; 0 without an answer
 * @param zeroCopyBytes those of them that went from file to socket
 */
public record RequestTimes(
    ApiKeys api,
    short version,
    long queueNanos,
    long localNanos,
    long remoteNanos,
    long throttleNanos,
    long responseQueueNanos,
    long sendNanos,
    long totalNanos,
    long networkNanos,
    int requestBytes,
    long responseBytes,
    long zeroCopyBytes) {}
