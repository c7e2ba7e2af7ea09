package io.vitrine.protocol.security;

/**
 * Goes up a client's pipeline: the other side accepts requests on this connection only for so long.
 *
 * @param lifetimeMs from now, above 0
 */
public record SessionEnds(long lifetimeMs) {}
