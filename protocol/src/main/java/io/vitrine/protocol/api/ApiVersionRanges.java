package io.vitrine.protocol.api;

import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Which APIs, in which versions, a listener speaks. What lies outside closes the connection without
 * an answer; only ApiVersions is answered in any version, because it is how a client finds out.
 *
 * <p>Asked on network threads for every request: must be fast, free of locks and safe for
 * concurrent use.
 */
@FunctionalInterface
public interface ApiVersionRanges {

  /** Whether a request of this API in this version (any short, also a negative one) is served. */
  boolean supports(ApiKeys api, short version);
}
