package io.vitrine.protocol.server;

/**
 * Sums of {@link RequestTimes} over all requests of one API since the server was made; two samples
 * give rates and means. Taken without a lock: the sums may be some requests apart.
 */
public record StageTotals(
    long count,
    long queueNanos,
    long localNanos,
    long remoteNanos,
    long throttleNanos,
    long responseQueueNanos,
    long sendNanos,
    long totalNanos) {}
