package io.vitrine.protocol.server;

/**
 * One network thread at one moment.
 *
 * @param responseQueueLength answers given and not yet taken up by this thread
 * @param cpuNanos the processor's time it has used so far; 0 where that cannot be told
 */
public record NetworkThreadSample(
    int index, int connections, int responseQueueLength, long cpuNanos) {}
