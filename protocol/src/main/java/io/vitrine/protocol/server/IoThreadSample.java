package io.vitrine.protocol.server;

import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * One I/O thread at one moment.
 *
 * @param serving what it is at; empty when it waits for a request
 * @param clientId whose request it serves, empty when it serves none or the client told none
 * @param busyNanos for how long it has been at it
 */
public record IoThreadSample(
    int number, Optional<ApiKeys> serving, String clientId, long busyNanos) {}
