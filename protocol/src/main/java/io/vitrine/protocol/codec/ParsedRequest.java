package io.vitrine.protocol.codec;

import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * A request taken out of its frame.
 *
 * @param viewsFrame whether the body still reads from the frame's bytes (records, opaque bytes):
 *     then the frame must outlive the body
 */
public record ParsedRequest(RequestHeader header, AbstractRequest body, boolean viewsFrame) {}
