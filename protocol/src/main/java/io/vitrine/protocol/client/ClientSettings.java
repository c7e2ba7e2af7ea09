package io.vitrine.protocol.client;

/**
 * What all connections of one broker to others have in common.
 *
 * @param clientId client id in every request header
 * @param requestTimeoutMs from send to response, including the time to connect
 * @param maxResponseBytes a response frame above it closes the connection
 */
public record ClientSettings(
    String clientId, int connectTimeoutMs, int requestTimeoutMs, int maxResponseBytes) {}
