package io.vitrine.protocol.gate;

import org.apache.kafka.common.requests.RequestHeader;

/**
 * A request as it came in.
 *
 * @param connectionId Kafka's form: local host:port-remote host:port-index
 * @param client its address
 * @param principal who it is to the broker
 * @param software name and version of the client's library, as it told them
 * @param sizeBytes of the frame, without its size field
 * @param head the frame's first bytes, without its size field; not to be changed by anybody
 */
public record ReceivedFrame(
    RequestHeader header,
    String connectionId,
    String listenerName,
    String client,
    String principal,
    String software,
    int sizeBytes,
    byte[] head) {}
