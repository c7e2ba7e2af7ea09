package io.vitrine.protocol.server;

import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Where the time of one request went, in Kafka's own stages (kafka.network RequestMetrics). The
 * stages follow one another without a gap: their sum is the total.
 *
 * @param queueNanos from the whole frame's arrival until an I/O thread took it
 * @param localNanos in the handler
 * @param remoteNanos waiting for something else, from the handler's end (or {@link Request#parked})
 *     to the answer
 * @param throttleNanos held back by a quota; 0, as quotas hold nothing back here
 * @param responseQueueNanos from the answer until the network thread took it up
 * @param sendNanos until the last byte was handed to the socket; 0 without an answer
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
    int requestBytes,
    long responseBytes,
    long zeroCopyBytes) {}
