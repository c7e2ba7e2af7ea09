package io.vitrine.protocol.server;

/**
 * One network thread at one moment.
 *
 * @param responseQueueLength answers given and not yet taken up by this thread
 */
public record NetworkThreadSample(int index, int connections, int responseQueueLength) {}
